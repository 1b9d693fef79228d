// First of all: the page forbids zod to make code before any schema is made.
import { openPage } from '../parts/page.tsx';
import { WindowAway } from '../parts/staff-window.tsx';
import { guardWords } from '../words/staff-languages.ts';
import { GuardScreen } from './screen.tsx';

openPage((bridge) => <GuardScreen bridge={bridge} />, <WindowAway words={guardWords} />);
