import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagerReportDescriptor } from '../sim/devices/finger-imager-device.ts';
import { readerReportDescriptor } from '../sim/devices/hid-reader-device.ts';
import { readPage } from './transcript.ts';

/** The bytes of the report descriptor that a page in docs/ shows. */
function shownOn(page: string): string {
  const [, block = ''] = /Report descriptor;[^`]*```\n([^`]*)```/.exec(readPage(page)) ?? [];
  const bytes = block.split('\n').flatMap((line) => /^(?:[0-9A-F]{2} ?)*/.exec(line)![0].split(' ').filter(Boolean));
  return bytes.join('');
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

test('the simulated imager declares the report descriptor of docs/hid-finger-imager.md', () => {
  assert.equal(hex(imagerReportDescriptor(64)), shownOn('hid-finger-imager.md'));
});

test('the simulated reader declares the report descriptor of docs/document-reader.md', () => {
  assert.equal(hex(readerReportDescriptor(64)), shownOn('document-reader.md'));
});
