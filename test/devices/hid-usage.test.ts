import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstUsage } from '../../main/devices/hid-usage.ts';
import { imagerReportDescriptor } from '../sim/devices/finger-imager-device.ts';

test('what a device declares to be is read off its report descriptor', () => {
  assert.deepEqual(firstUsage(imagerReportDescriptor(64)), { usagePage: 0xff46, usage: 1 });
  const keyboard = Buffer.from('05010906a101050719e029e7c0', 'hex');
  assert.deepEqual(firstUsage(keyboard), { usagePage: 1, usage: 6 });
  // A usage of four bytes carries its page; a long item is passed over.
  assert.deepEqual(firstUsage(Buffer.from('fe0210aabb0501 0b070046ffa101c0'.replace(' ', ''), 'hex')), {
    usagePage: 0xff46,
    usage: 7,
  });
});

test('bytes of any kind have a usage or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
      const found = firstUsage(bytes);
      if (found) assert.ok([found.usagePage, found.usage].every((value) => value >= 0 && value <= 0xffff));
    }),
  );
});
