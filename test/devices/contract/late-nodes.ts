import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { test } from 'node:test';
import { plugIn } from './bench.ts';
import type { Rung } from './rung.ts';

const lateMs = 600;

/**
 * What the buses make of a device that is listed before it can be opened: its node comes after half the time, and without any
 * permission (of which root takes no notice) until the other half is over. Only where nodes can be made to be late.
 */
export function lateNodes(rung: () => Rung): void {
  for (const kind of ['finger-imager', 'gate'] as const) {
    test(`a ${kind} that is listed before its node can be opened is opened as soon as it can be`, async (t) => {
      const on = rung();
      const bus = kind === 'gate' ? on.bytes : on.hid;
      assert.ok(bus);
      const { listed } = await plugIn(t, on, kind, bus, { lateMs });
      const { path } = await listed();
      assert.throws(() => openSync(path, 'r+'), { code: 'ENOENT' });
      const port = await (bus === on.hid ? on.hid.open(path) : on.bytes!.open(path, 115_200));
      await port.close();
    });
  }
}
