// First of all: the page forbids zod to make code before any schema is made.
import { openPage } from '../parts/page.tsx';
import { guardEn } from '../words/guard-en.ts';
import { GuardScreen } from './screen.tsx';

openPage(
  (bridge) => <GuardScreen bridge={bridge} />,
  <main className="notice" role="alert">
    <h1>{guardEn.away.title}</h1>
    <p>{guardEn.away.text}</p>
  </main>,
);
