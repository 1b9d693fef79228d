import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { test } from 'node:test';
import { pause } from '../../../main/devices/wait.ts';
import { plugIn } from './bench.ts';
import type { Rung } from './rung.ts';

/** What the buses make of a device that is listed before it can be opened. Only where nodes can be made to be late. */
export function lateNodes(rung: () => Rung): void {
  for (const kind of ['finger-imager', 'gate'] as const) {
    test(`a ${kind} that is listed before its node can be opened is opened as soon as it can be`, async (t) => {
      const on = rung();
      const bus = kind === 'gate' ? on.bytes : on.hid;
      assert.ok(bus);
      const { device, listed } = await plugIn(t, on, kind, bus, { late: true });
      const { path } = await listed();
      assert.throws(() => openSync(path, 'r+'), { code: 'ENOENT' });
      const opening = bus === on.hid ? on.hid.open(path) : on.bytes!.open(path, 115_200);
      await pause(on.clock, 200);
      if (kind === 'finger-imager') {
        // As when udev has yet to set the permissions, of which root takes no notice.
        await device.verb('appear', { mode: 0o000 });
        if (process.getuid?.() !== 0) assert.throws(() => openSync(path, 'r+'), { code: 'EACCES' });
        await pause(on.clock, 200);
      }
      await device.verb('appear', { mode: 0o600 });
      await (await opening).close();
    });
  }
}
