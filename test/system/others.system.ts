import { after } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { systemRung } from './system-rung.ts';

/** Those that other files of this folder hold a rung to; whatever else there is comes here, so that nothing is left out. */
const elsewhere: ReadonlySet<string> = new Set(['imager', 'slap', 'uareu', 'reader', 'hidReader', 'gate']);

const rung = await systemRung('hidraw', 'usb');
after(() => rung.close());
for (const [name, contract] of Object.entries(contracts)) if (!elsewhere.has(name)) contract(() => rung);
