import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagerReportDescriptor } from '../sim/devices/finger-imager-device.ts';
import { readPage } from './transcript.ts';

test('the simulated imager declares the report descriptor of docs/hid-finger-imager.md', () => {
  const [, block = ''] = /Report descriptor;[^`]*```\n([^`]*)```/.exec(readPage('hid-finger-imager.md')) ?? [];
  const bytes = block.split('\n').flatMap((line) => /^(?:[0-9A-F]{2} ?)*/.exec(line)![0].split(' ').filter(Boolean));
  const declared = Buffer.from(imagerReportDescriptor(64)).toString('hex').toUpperCase();
  assert.equal(declared, bytes.join(''));
});
