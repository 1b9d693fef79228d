import { after, describe } from 'node:test';
import { contracts } from '../devices/contract/contracts.ts';
import { imagerFigures } from './figures.ts';
import { systemRungs } from './system-rung.ts';

const { wired, wireless, close } = await systemRungs('hidraw');
after(close);

const { imager, hidReader, slap, uareu, ...others } = contracts;

/*
 * Every contract in one program, as its start is the dearest part on an emulated processor, and in lanes, as most of what they do
 * is waiting. Serial lines are in one lane: the kernel has eight.
 */
const lanes = {
  'HID over USB'() {
    imager(() => wired);
    imagerFigures(() => wired);
  },
  'HID over no bus'() {
    imager(() => wireless);
    imagerFigures(() => wireless);
    hidReader(() => wired);
  },
  USB() {
    slap(() => wired);
    uareu(() => wired);
  },
  lines() {
    for (const contract of Object.values(others)) contract(() => wired);
  },
};

describe('through hidraw, usb and serialport', { concurrency: true }, () => {
  for (const [name, lane] of Object.entries(lanes)) describe(name, { concurrency: 1 }, lane);
});
