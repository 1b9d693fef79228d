import { after } from 'node:test';
import { imagerContract } from './contract/imager-contract.ts';
import { unitRung } from './contract/unit-rung.ts';

const rung = unitRung();
after(() => rung.close());
imagerContract(() => rung);
