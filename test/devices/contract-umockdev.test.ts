import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { contracts } from './contract/contracts.ts';
import { innerTests, runInner } from './contract/inner-tests.ts';

// Debian's Python: another one that comes first in the path has no bindings for GLib.
const python = '/usr/bin/python3';
const bindings = "import gi; gi.require_version('UMockdev', '1.0'); from gi.repository import UMockdev";
const missing =
  spawnSync(python, ['-c', bindings]).status !== 0 || spawnSync('umockdev-wrapper', ['true']).status !== 0;
const notice = 'NOT RUN: needs umockdev, gir1.2-umockdev-1.0 and python3-gi (npm run setup installs them)';

const bridge = join(import.meta.dirname, '../sim/umockdev/bridge.py');

const hidraw = [...Object.keys(contracts), 'lateNodes'].map((device) => [device, 'hidraw'] as const);

// Most of their time they wait; but each is three programs, and all ten at once are a load on the machine that no device would have.
describe('through the real bindings, on faked nodes', { concurrency: 4 }, () => {
  for (const [device, backend] of [...hidraw, ['imager', 'libusb']] as const) {
    test(`the contract of ${device} is kept with ${backend}`, async (t) => {
      if (missing) {
        assert.ok(!process.env['CI'], notice);
        return t.skip(notice);
      }
      const folder = mkdtempSync(join(tmpdir(), 'limen-umockdev-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const socket = join(folder, 'bridge');
      const inner = [process.execPath, ...innerTests('umockdev-inner.ts', socket, device, backend)];
      await runInner(t, 'umockdev-wrapper', [python, bridge, socket, ...inner]);
    });
  }
});
