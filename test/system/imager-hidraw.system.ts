import { after } from 'node:test';
import { imagerContract } from '../devices/contract/imager-contract.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('hidraw', 'usb');
after(() => rung.close());
imagerContract(() => rung);
