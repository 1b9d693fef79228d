import { after } from 'node:test';
import { everyContract } from './contract/contracts.ts';
import { unitRung } from './contract/unit-rung.ts';

const rung = unitRung();
after(() => rung.close());
everyContract(() => rung);
