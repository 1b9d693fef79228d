// First of all: the page forbids zod to make code before any schema is made.
import { openPage } from '../parts/page.tsx';
import { CounterDrawing } from './drawings.tsx';
import { NoticeStage } from './notice-stage.tsx';
import { TravellerScreen } from './screen.tsx';

openPage(
  (bridge) => <TravellerScreen bridge={bridge} />,
  <div className="kiosk" data-stage="out-of-service">
    <header className="top" />
    <NoticeStage language={null} notice={(words) => words.unavailable} drawing={<CounterDrawing />} />
  </div>,
);
