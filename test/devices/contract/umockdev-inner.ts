import { after } from 'node:test';
import { everyContract } from './contracts.ts';
import { umockdevRung } from './umockdev-rung.ts';

const rung = await umockdevRung(process.argv[2] ?? '');
after(() => rung.close());
everyContract(() => rung);
