import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { BusWatch } from '../../main/devices/bus-watch.ts';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { watchDev } from '../../main/devices/dev-watch.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';
import { openListed } from '../../main/devices/open-listed.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

function watchBench() {
  const clock = new VirtualClock();
  const bench = { clock, paths: ['a'], lists: 0, told: 0, trigger: () => {}, triggerStopped: false };
  const list = async () => {
    bench.lists++;
    return bench.paths.map((path) => ({ path }));
  };
  const watch = new BusWatch(clock, list, (trigger) => {
    bench.trigger = trigger;
    return () => (bench.triggerStopped = true);
  });
  return Object.assign(bench, { stop: watch.onChange(() => bench.told++) });
}

test('the real HID bus lists and watches on any machine, with HID or without', async () => {
  const bus = nodeHidBus();
  assert.ok(Array.isArray(await bus.list()));
  bus.onChange(() => {})();
  await assert.rejects(bus.open('/dev/no-such-device'), withCode('device.absent'));
});

test('the real serial bus lists and watches on any machine, with ports or without', async () => {
  const bus = serialBus();
  assert.ok(Array.isArray(await bus.list()));
  bus.onChange(() => {})();
  await assert.rejects(bus.open('/dev/no-such-device', 115_200), withCode('device.absent'));
});

test('a machine without udev lists no serial port, and opens by path all the same', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    const bus = serialBus();
    assert.deepEqual(await bus.list(), []);
    await assert.rejects(bus.open('/dev/no-such-device', 115_200), withCode('device.absent'));
  } finally {
    process.env['PATH'] = path;
  }
});

test('the device folder can be watched and left', () => {
  watchDev(/^hidraw/, () => {})();
});

test('many triggers lead to one look, and only a change is told', async () => {
  const bench = watchBench();
  await bench.clock.pass(100);
  const before = bench.lists;
  for (let n = 0; n < 20; n++) bench.trigger();
  await bench.clock.pass(200);
  assert.deepEqual([bench.lists, bench.told], [before + 1, 0]);
  bench.paths.push('b');
  bench.trigger();
  await bench.clock.pass(200);
  assert.equal(bench.told, 1);
  bench.stop();
  assert.equal(bench.triggerStopped, true);
  await bench.clock.pass(60_000);
  assert.equal(bench.clock.pending, 0);
});

test('triggers without end do not put the look off', async () => {
  const bench = watchBench();
  await bench.clock.pass(100);
  bench.paths.push('b');
  for (let n = 0; n < 20; n++) {
    bench.trigger();
    await bench.clock.pass(50);
  }
  assert.equal(bench.told, 1);
  bench.stop();
});

test('a change without a trigger is found by the slow poll', async () => {
  const bench = watchBench();
  await bench.clock.pass(100);
  bench.paths.length = 0;
  await bench.clock.pass(6_000);
  assert.equal(bench.told, 1);
  bench.stop();
});

test('a device that is listed and does not open yet is tried again for two seconds', async () => {
  for (const [readyAtMs, listed] of [
    [1_500, true],
    [60_000, true],
    [60_000, false],
  ] as const) {
    const clock = new VirtualClock();
    const open = async (): Promise<number> => {
      if (clock.nowMs() < readyAtMs) throw new Error('no permission');
      return clock.nowMs();
    };
    const opening = clock.run(openListed(clock, 'a', async () => (listed ? [{ path: 'a' }] : []), open));
    if (readyAtMs < 2_000) assert.equal(await opening, 1_500);
    else await assert.rejects(opening, withCode('device.absent'));
    assert.equal(clock.nowMs(), listed ? Math.min(readyAtMs, 2_000) : 0);
  }
});
