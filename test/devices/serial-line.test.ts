import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { systemClock as clock } from '../../main/devices/clock.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { FramedDocumentReader } from '../../main/devices/framed-document-reader.ts';
import { DocumentReaderModel } from '../sim/devices/document-reader-model.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import type { ByteModel } from '../sim/devices/sim-byte-bus.ts';

// The real serialport binding on a pseudo-terminal. Node cannot open one by itself; Python can.
const bridge = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
sys.stderr.write(os.ttyname(slave) + "\\n"); sys.stderr.flush()
while True:
    for end in select.select([0, master], [], [])[0]:
        data = os.read(end, 4096)
        if not data: sys.exit()
        os.write(1 if end == master else master, data)
`;
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const options = { skip: hasPython ? false : 'NOT RUN: python3 is needed to open a pseudo-terminal' };

/** Puts a model behind a pseudo-terminal; gives the path to open. */
async function lineTo(t: TestContext, model: ByteModel): Promise<{ path: string; child: ChildProcess }> {
  const child = spawn('python3', ['-c', bridge], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill());
  child.stdout.on('data', (bytes: Buffer) => model.receive(bytes));
  model.onInput = (bytes) => void child.stdin.write(bytes);
  child.stdin.on('error', () => {});
  const [name] = (await once(child.stderr, 'data')) as [Buffer];
  return { path: name.toString().trim(), child };
}

test('a gate on a real serial line opens, closes, and is lost with its line', options, async (t) => {
  const model = new GateModel({ clock, travelMs: 20 });
  const { path, child } = await lineTo(t, model);
  const gate = await GateBoard.open(await serialBus().open(path, 115_200));
  await gate.open({ signal: AbortSignal.timeout(5_000) });
  assert.deepEqual([gate.state, model.light], ['open', 'GREEN']);
  await gate.close();
  assert.equal(model.door, 'CLOSED');
  child.kill();
  assert.equal((await gate.lost).code, 'device.absent');
  await gate.closePort();
});

test('a portrait comes whole over a real serial line', options, async (t) => {
  const model = new DocumentReaderModel({ clock, opticalMs: 1, chipMs: 1 });
  const { path } = await lineTo(t, model);
  const reader = await FramedDocumentReader.open(await serialBus().open(path, 115_200));
  const portrait = Uint8Array.from({ length: 60_000 }, (_, at) => (at * 31) & 255);
  model.place({ lines: ['A'.repeat(44), 'B'.repeat(44)], portrait });
  for await (const event of reader.read({ signal: AbortSignal.timeout(20_000) })) {
    if (event.type !== 'portrait') continue;
    assert.deepEqual(Buffer.from(event.bytes), Buffer.from(portrait));
    break;
  }
  assert.equal(reader.counters.damaged, 0);
  await reader.close();
});
