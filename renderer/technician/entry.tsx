// First of all: the page forbids zod to make code before any schema is made.
import { openPage } from '../parts/page.tsx';
import { technicianEn } from '../words/technician-en.ts';
import { TechnicianScreen } from './screen.tsx';

openPage(
  (bridge) => <TechnicianScreen bridge={bridge} />,
  <main className="notice" role="alert">
    <h1>{technicianEn.away.title}</h1>
    <p>{technicianEn.away.text}</p>
  </main>,
);
