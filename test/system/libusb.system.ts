import { after } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { imagerFigures } from './figures.ts';
import { systemRungs } from './system-rung.ts';

const { wired, close } = await systemRungs('libusb');
after(close);
contracts.imager(() => wired);
imagerFigures(() => wired);
