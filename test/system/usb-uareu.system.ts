import { after } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('hidraw', 'usb');
after(() => rung.close());
contracts.uareu(() => rung);
