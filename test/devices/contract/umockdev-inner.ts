import { after } from 'node:test';
import { imagerContract } from './imager-contract.ts';
import { umockdevRung } from './umockdev-rung.ts';

const rung = await umockdevRung(process.argv[2] ?? '');
after(() => rung.close());
imagerContract(() => rung);
