import { after } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { imagerFigures } from './figures.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('libusb', 'usb');
after(() => rung.close());
contracts.imager(() => rung);
imagerFigures(() => rung);
