// First of all: the page forbids zod to make code before any schema is made.
import { openPage } from '../parts/page.tsx';
import { WindowAway } from '../parts/staff-window.tsx';
import { technicianWords } from '../words/staff-languages.ts';
import { TechnicianScreen } from './screen.tsx';

openPage((bridge) => <TechnicianScreen bridge={bridge} />, <WindowAway words={technicianWords} />);
