import { after } from 'node:test';
import { contracts } from './contract/contracts.ts';
import { unitRung } from './contract/unit-rung.ts';

const rung = unitRung();
after(() => rung.close());
for (const contract of Object.values(contracts)) contract(() => rung);
