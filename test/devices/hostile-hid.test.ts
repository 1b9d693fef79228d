import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HIDAsync } from 'node-hid';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { type Clock, systemClock } from '../../main/devices/clock.ts';
import { isDisguised } from '../../main/devices/disguise.ts';
import { FingerImager } from '../../main/devices/finger-imager.ts';
import { seal } from '../../main/devices/finger-imager-protocol.ts';
import { nodeHidBus, type NodeHidOptions } from '../../main/devices/hid-node.ts';
import { isForbidden } from '../../main/devices/open-listed.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { FingerImagerModel } from '../sim/devices/finger-imager-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const image = { widthPx: 40, heightPx: 30, dpi: 500, pixels: new Uint8Array(1200).fill(9) };
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

/** node-hid with one device that says what it is told to. */
class FakeHid extends EventEmitter {
  closed = 0;
  async close(): Promise<void> {
    this.closed++;
  }
}

function fakeBus(clock: VirtualClock, device: FakeHid, open = async () => device as unknown as HIDAsync) {
  const known = { path: '/dev/hidraw9', vendorId: 0x1209, productId: 1, release: 0, interface: 0, usagePage: 0xff46 };
  const library = {
    setDriverType: () => {},
    devicesAsync: async () => [{ ...known, usage: 1 }],
    HIDAsync: { open },
  };
  return nodeHidBus({ clock, library: async () => library } as unknown as NodeHidOptions);
}

test('a device that floods at any speed above the bus is closed, and what it still says is not heard', async () => {
  const clock = new VirtualClock();
  const device = new FakeHid();
  const port = await fakeBus(clock, device).open('/dev/hidraw9');
  let heard = 0;
  port.onReport(() => heard++);
  for (let at = 0; at < 1_000_000; at++) device.emit('data', Buffer.alloc(64));
  assert.equal(heard, 8_192);
  assert.equal(device.closed, 1);
  const why = Promise.withResolvers<Fault>();
  port.onClosed(why.resolve);
  assert.equal((await why.promise).code, 'device.hostile');
});

test('a device that is as fast as the bus for as long as it likes is not taken for a flood by its port', async () => {
  const clock = new VirtualClock();
  const device = new FakeHid();
  const port = await fakeBus(clock, device).open('/dev/hidraw9');
  let heard = 0;
  port.onReport(() => heard++);
  for (let second = 0; second < 20; second++) {
    for (let at = 0; at < 8_000; at++) device.emit('data', Buffer.alloc(64));
    await clock.pass(1_000);
  }
  assert.equal(heard, 160_000);
  assert.equal(device.closed, 0);
});

test('reports of no length, of any length and of ids that are not declared are dropped and counted', async () => {
  const clock = new VirtualClock();
  const bus = new SimHidBus(clock);
  const model = new FingerImagerModel({ clock, image: () => image });
  const device = await clock.run(FingerImager.open(await bus.open(bus.plug(model)), { clock }));
  for (const bytes of [0, 1, 2, 63, 65, 1_023, 1_025, 65_536])
    for (const id of [0x00, 0x20, 0x21, 0x22, 0xff]) model.onInput(new Uint8Array(bytes).fill(id));
  await clock.pass(10);
  assert.equal(device.counters.damaged, 40);
  // What it does to a device that is otherwise sound: nothing.
  clock.after(100, () => model.finger(true));
  const seen: string[] = [];
  const capture = async (): Promise<void> => {
    for await (const { type } of device.capture({ signal: never })) seen.push(type);
  };
  await clock.run(capture());
  assert.deepEqual(seen, ['finger', 'image']);
});

test('a descriptor that promises other reports than the device sends changes nothing: only bytes are believed', async () => {
  const clock = new VirtualClock();
  const bus = new SimHidBus(clock);
  // The capabilities say 1024 bytes a fragment, and the device sends 64.
  const model = new FingerImagerModel({ clock, image: () => image, fragmentReportBytes: 1_024 });
  const device = await clock.run(FingerImager.open(await bus.open(bus.plug(model)), { clock }));
  const send = model.onInput;
  model.onInput = (report) => send(report[0] === 0x21 ? report.subarray(0, 64) : report);
  clock.after(100, () => model.finger(true));
  const capture = async (): Promise<void> => {
    for await (const { type } of device.capture({ signal: never })) assert.notEqual(type, 'image');
  };
  await assert.rejects(clock.run(capture()), withCode('device.timeout'));
});

test('a preview that lies about itself is refused, one that is never whole is no fault', async () => {
  for (const [spoil, expected] of [
    [(report: Uint8Array) => report.fill(0xff, 8, 10), 'device.protocol'],
    [(report: Uint8Array) => report.fill(0xff, 22, 26), 'image'],
  ] as const) {
    const clock = new VirtualClock();
    const bus = new SimHidBus(clock);
    const model = new FingerImagerModel({ clock, image: () => image, exposureMs: 3_000 });
    const device = await clock.run(FingerImager.open(await bus.open(bus.plug(model)), { clock }));
    const send = model.onInput;
    model.onInput = (report) => {
      const copy = report.slice();
      if (copy[0] === 0x20 && copy[1] === 5) {
        spoil(copy);
        send(seal(copy));
      } else send(copy);
    };
    clock.after(100, () => model.finger(true));
    const capture = async (): Promise<string> => {
      let last = '';
      for await (const { type } of device.capture({ signal: never, previews: true })) last = type;
      return last;
    };
    const outcome = await clock.run(capture()).catch((error: unknown) => Fault.from(error).code);
    assert.equal(outcome, expected);
    if (expected === 'image') assert.equal(device.counters.previewsLost, 5);
  }
});

test('a scanner that also claims to be a keyboard or a mouse is not opened, and the technician is told', async () => {
  const identity = { serial: 'FI-0001', usagePage: 0xff46, usage: 1 };
  for (const also of [
    { ...identity, usagePage: 1, usage: 6 },
    { ...identity, usagePage: 1, usage: 2 },
    { ...identity, usagePage: 7, usage: 0 },
  ]) {
    const clock = new VirtualClock();
    const hid = new SimHidBus(clock);
    const model = new FingerImagerModel({ clock, image: () => image });
    let opened = 0;
    const open = hid.open.bind(hid);
    hid.open = (path) => {
      opened++;
      return open(path);
    };
    hid.plug(model, identity);
    const keys = hid.plug(model, also);
    const rest = { hid, bytes: new SimByteBus(clock), clock };
    const devices = openDevices({ roles: { fingerScanner: {} }, ...rest });
    await clock.pass(1_000);
    const [view] = devices.view();
    assert.deepEqual([view?.state, view?.health?.lastFault, opened], ['out', 'device.hostile', 0]);
    await clock.run(devices.close());
    const allowed = openDevices({ roles: { fingerScanner: { alsoTypes: true } }, ...rest });
    await clock.pass(1_000);
    assert.equal(allowed.view()[0]?.state, 'ready');
    assert.equal(hid.portOf(keys), undefined);
    await clock.run(allowed.close());
  }
});

test('another device that types is no reason to distrust the scanner', () => {
  const scanner = { path: 'a', vendorId: 1, productId: 2, serial: 'S', product: '', usagePage: 0xff46, usage: 1 };
  const keyboard = { path: 'b', vendorId: 9, productId: 9, serial: '', product: '', usagePage: 1, usage: 6 };
  assert.equal(isDisguised(scanner, [scanner, keyboard]), false);
  assert.equal(isDisguised(scanner, [scanner, { ...keyboard, path: 'a' }]), true);
});

test('a node that the kiosk may not open is a fault of its own, after the two seconds that udev may need', async () => {
  const clock = new VirtualClock();
  const words =
    "cannot open device with path /dev/hidraw9: Failed to open a device with path '/dev/hidraw9': Permission denied";
  const bus = fakeBus(clock, new FakeHid(), () => Promise.reject(new Error(words)));
  await assert.rejects(clock.run(bus.open('/dev/hidraw9')), withCode('device.forbidden'));
  assert.equal(clock.nowMs(), 2_000);
  for (const error of [Object.assign(new Error('x'), { code: 'EACCES' }), new Error('LIBUSB_ERROR_ACCESS')])
    assert.equal(isForbidden(error), true);
  assert.equal(isForbidden(new Error('No such file or directory')), false);
});

test('the real serial library is understood when it may not open a port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limen-'));
  const path = join(folder, 'port');
  writeFileSync(path, '');
  chmodSync(folder, 0o755);
  chmodSync(path, 0);
  // Twenty times as fast as the true one: the two seconds are of real work that no virtual time can wait for.
  const clock: Clock = {
    nowMs: () => systemClock.nowMs() * 20,
    after: (delayMs, run) => systemClock.after(delayMs / 20, run),
  };
  const root = process.getuid?.() === 0;
  const bus = serialBus(clock);
  await bus.list();
  if (root) process.seteuid!(65_534);
  try {
    await assert.rejects(bus.open(path, 115_200), withCode('device.forbidden'));
  } finally {
    if (root) process.seteuid!(0);
    rmSync(folder, { recursive: true });
  }
});
