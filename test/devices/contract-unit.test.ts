import { after } from 'node:test';
import { contracts } from './contract/contracts.ts';
import { slapContract } from './contract/slap-contract.ts';
import { unitRung } from './contract/unit-rung.ts';

const rung = unitRung();
after(() => rung.close());
for (const contract of Object.values(contracts)) contract(() => rung);
// Only rungs with USB can keep it.
slapContract(() => rung);
