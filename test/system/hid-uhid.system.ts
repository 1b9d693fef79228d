import { after } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { imagerFigures } from './figures.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('hidraw', 'uhid');
after(() => rung.close());
contracts.imager(() => rung);
imagerFigures(() => rung);
