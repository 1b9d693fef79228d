import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { DeviceView } from '../../main/contract/technician.ts';
import type { DeviceRoles } from '../../main/devices/device-roles.ts';
import { type Devices, openDevices } from '../../main/devices/registry.ts';
import type { ScanEvent } from '../../main/devices/finger-scanner.ts';
import { DocumentReaderModel } from '../sim/devices/document-reader-model.ts';
import { FingerImagerModel } from '../sim/devices/finger-imager-model.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const image = { widthPx: 64, heightPx: 64, dpi: 500, pixels: new Uint8Array(4096).fill(7) };
const roles: DeviceRoles = {
  fingerScanner: {},
  documentReader: { vendorId: 0x1209, productId: 2 },
  gate: { vendorId: 0x1209, productId: 3 },
};

function benchOf(given: DeviceRoles = roles) {
  const clock = new VirtualClock();
  const hid = new SimHidBus(clock);
  const bytes = new SimByteBus(clock);
  const imager = new FingerImagerModel({ clock, image: () => image, fragmentIntervalUs: 1_000 });
  const reader = new DocumentReaderModel({ clock });
  const gate = new GateModel({ clock });
  const plugAll = () => ({
    imager: hid.plug(imager),
    reader: bytes.plug(reader, { productId: 2 }),
    gate: bytes.plug(gate, { productId: 3 }),
  });
  const devices = openDevices({ roles: given, hid, bytes, clock, random: () => 0.5 });
  return { clock, hid, bytes, imager, reader, gate, plugAll, devices };
}

const states = (devices: Devices): string[] => devices.view().map(({ role, state }) => `${role} ${state}`);
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

async function lastOf(events: AsyncIterable<ScanEvent>): Promise<ScanEvent | undefined> {
  let last: ScanEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

test('devices become ready as they are plugged in', async () => {
  const { clock, devices, plugAll } = benchOf();
  await clock.pass(1_000);
  assert.deepEqual(states(devices), ['finger-scanner absent', 'document-reader absent', 'gate absent']);
  clock.after(60_000, plugAll);
  const [scanner] = await clock.run(Promise.all([devices.scanner(never), devices.reader(never), devices.gate(never)]));
  assert.equal(scanner.info.model, 'Reference imager');
  for (const view of devices.view()) {
    DeviceView.parse(view);
    assert.equal(view.state, 'ready');
  }
  assert.equal(devices.door(), 'closed');
  assert.deepEqual(await devices.selfTest('camera', never).catch((error: Fault) => error.code), 'contract.breach');
  for (const { role } of devices.view()) assert.equal((await clock.run(devices.selfTest(role, never))).passed, true);
  await clock.run(devices.close());
  await clock.pass(60_000);
  assert.equal(clock.pending, 0);
});

test('a wait for a device that does not come ends with its signal', async () => {
  const { clock, devices } = benchOf();
  const cancel = new AbortController();
  clock.after(5_000, () => cancel.abort());
  await assert.rejects(clock.run(devices.scanner(cancel.signal)), withCode('capture.cancelled'));
  await clock.run(devices.close());
  await assert.rejects(devices.scanner(never), withCode('capture.cancelled'));
});

test('a scanner unplugged in the middle of an image is found again and works', async () => {
  const { clock, hid, imager, devices, plugAll } = benchOf();
  const { imager: path } = plugAll();
  const first = await clock.run(devices.scanner(never));
  clock.after(100, () => imager.finger(true));
  clock.after(260, () => hid.unplug(path));
  await assert.rejects(clock.run(lastOf(first.capture({ signal: never }))), withCode('device.absent'));
  imager.finger(false);
  imager.reset();
  clock.after(3_000, () => hid.plug(imager));
  const second = await clock.run(devices.scanner(never));
  assert.notEqual(second, first);
  clock.after(100, () => imager.finger(true));
  const last = await clock.run(lastOf(second.capture({ signal: never })));
  assert.deepEqual(last, { type: 'image', image });
  await clock.run(devices.close());
});

test('of several that fit, the one that was there before is taken again, wherever it is plugged in', async () => {
  const { clock, hid, imager, devices } = benchOf({ fingerScanner: {} });
  const other = new FingerImagerModel({ clock, image: () => image, serial: 'OTHER' });
  const path = hid.plug(imager, { serial: 'FI-0001' });
  await clock.run(devices.scanner(never));
  hid.unplug(path);
  hid.plug(other, { serial: 'OTHER' });
  hid.plug(imager, { serial: 'FI-0001' });
  assert.equal((await clock.run(devices.scanner(never))).info.serial, 'FI-0001');
  await clock.run(devices.close());
});

test('one device at fault leaves the others ready, is tried ever more slowly, and then taken out', async () => {
  const { clock, hid, bytes, reader, gate, devices } = benchOf();
  let openings = 0;
  const noise = {
    onInput: (): void => {},
    output: () => {},
    getFeature: () => {
      openings++;
      return new Uint8Array(64);
    },
    setFeature: () => {},
  };
  hid.plug(noise);
  bytes.plug(reader, { productId: 2 });
  bytes.plug(gate, { productId: 3 });
  const others = ['ready ', 'ready '];
  const shown = () => devices.view().map(({ state, fault }) => `${state} ${fault}`);
  await clock.pass(10_000);
  assert.deepEqual(shown(), ['fault device.protocol', ...others]);
  // Twice a try: 0.25, 0.5, 1, 2, 4 and then 8 seconds apart, jittered; after the eighth it is out for 30, 60, 120 s.
  await clock.pass(50_000);
  assert.ok(openings >= 16 && openings <= 18, `${openings} readings in a minute`);
  assert.deepEqual(shown(), ['out device.quarantined', ...others]);
  assert.equal(devices.view()[0]?.health?.lastFault, 'device.protocol');
  for (let minutes = 0; minutes < 60; minutes += 5) await clock.pass(300_000);
  assert.ok(openings <= 36, `${openings} readings in an hour`);
  assert.deepEqual(shown(), ['out device.quarantined', ...others]);
  await clock.run(devices.close());
});

test('a device that hangs while nobody uses it is noticed, and is back when it answers again', async () => {
  const { clock, imager, reader, gate, plugAll, devices } = benchOf();
  plugAll();
  await clock.pass(5_000);
  for (const model of [imager, reader, gate]) model.sleep(30_000);
  await clock.pass(20_000);
  assert.deepEqual(
    devices.view().map(({ state, fault }) => `${state} ${fault}`),
    ['fault device.timeout', 'fault device.timeout', 'fault device.timeout'],
  );
  await clock.pass(30_000);
  assert.deepEqual(
    devices.view().map(({ state, counters }) => `${state} ${counters['lost']}`),
    ['ready 1', 'ready 1', 'ready 1'],
  );
  await clock.run(devices.close());
});

test('a role that is not configured is not shown, looks at no bus, and is waited for until the signal', async () => {
  const { clock, hid, bytes, devices, plugAll } = benchOf({ fingerScanner: { serial: 'FI-0001' } });
  bytes.list = () => Promise.reject(new Error('looked at'));
  plugAll();
  hid.plug(new FingerImagerModel({ clock, image: () => image }), { serial: 'FI-0001' });
  await clock.pass(30_000);
  assert.deepEqual(states(devices), ['finger-scanner ready']);
  const cancel = new AbortController();
  clock.after(1_000, () => cancel.abort());
  await assert.rejects(clock.run(devices.gate(cancel.signal)), withCode('capture.cancelled'));
  assert.equal(devices.door(), 'unknown');
  await clock.run(devices.close());
});

test('two roles that fit the same port do not both get it', async () => {
  const { clock, bytes, reader, devices } = benchOf({
    documentReader: { vendorId: 0x1209 },
    gate: { vendorId: 0x1209 },
  });
  bytes.plug(reader);
  await clock.pass(30_000);
  assert.deepEqual(states(devices)[0], 'document-reader ready');
  assert.notEqual(states(devices)[1], 'gate ready');
  await clock.run(devices.close());
});

test('a device in use is busy, and ready again after', async () => {
  const { clock, imager, devices, plugAll } = benchOf();
  plugAll();
  const seen: string[] = [];
  devices.onChange(() => seen.push(devices.view()[0]!.state));
  const scanner = await clock.run(devices.scanner(never));
  clock.after(500, () => imager.finger(true));
  await clock.run(lastOf(scanner.capture({ signal: never })));
  const own = seen.filter((state, at) => state !== seen[at - 1]);
  assert.deepEqual(own.slice(own.indexOf('opening')), ['opening', 'ready', 'busy', 'ready']);
  await clock.run(devices.close());
});

test('of two that fit, the one that misbehaves is taken out and the other takes its place', async () => {
  const { clock, hid, imager, devices } = benchOf({ fingerScanner: {} });
  const rogue = new FingerImagerModel({ clock, image: () => image, serial: 'ROGUE' });
  hid.plug(rogue, { serial: 'ROGUE' });
  hid.plug(imager, { serial: 'FI-0001' });
  const speak = async (): Promise<void> => {
    for (let minute = 0; minute < 60; minute++) {
      await clock.pass(1_000);
      // It is as good as another until it is open, and then says nothing but nonsense.
      for (let at = 0; at < 2_000; at++) rogue.onInput(new Uint8Array(64));
    }
  };
  await speak();
  await clock.pass(1_000);
  const view = devices.view()[0]!;
  assert.deepEqual([view.state, view.serial], ['ready', 'FI-0001']);
  // Sooner than after the eighth loss where it spoke nonsense while it was being opened.
  assert.ok(view.counters['lost']! <= 8);
  await clock.run(devices.close());
});

test('a device that was taken out is back when it is plugged in again, or when a technician tests it', async () => {
  for (const mend of ['replug', 'self-test'] as const) {
    const { clock, hid, imager, devices } = benchOf({ fingerScanner: {} });
    const state = () => devices.view()[0]?.state;
    const nonsense = {
      onInput: () => {},
      output: () => {},
      getFeature: () => new Uint8Array(64),
      setFeature: () => {},
    };
    const path = hid.plug(nonsense, { serial: 'FI-0001' });
    await clock.pass(60_000);
    assert.equal(state(), 'out');
    hid.unplug(path);
    if (mend === 'replug') await clock.pass(1_000);
    hid.plug(imager, { serial: 'FI-0001' });
    // Pulled and plugged faster than anyone looked, it is not known to be another.
    if (mend === 'replug') await clock.pass(1_000);
    else
      assert.deepEqual(await clock.run(devices.selfTest('finger-scanner', never)), { passed: true, detail: 'passed' });
    assert.equal(state(), 'ready');
    await clock.run(devices.close());
  }
});

test('a view tells since when, the last fault, latencies, and a calibration that is overdue', async () => {
  const clock = new VirtualClock();
  const hid = new SimHidBus(clock);
  const imager = new FingerImagerModel({ clock, image: () => image, fragmentIntervalUs: 1_000 });
  const wallMs = () => Date.UTC(2027, 3, 1) + clock.nowMs();
  const devices = openDevices({
    roles: { fingerScanner: { calibrationDays: 365 } },
    hid,
    bytes: new SimByteBus(clock),
    clock,
    wallMs,
  });
  clock.after(5_000, () => hid.plug(imager));
  const scanner = await clock.run(devices.scanner(never));
  clock.after(500, () => imager.finger(true));
  await clock.run(lastOf(scanner.capture({ signal: never })));
  clock.after(1_000, () => imager.sleep(10_000));
  await clock.pass(30_000);
  const view = DeviceView.parse(devices.view()[0]);
  const { lastFault, lastFaultAtMs = 0, sinceMs = 0, latencies, ...health } = view.health ?? {};
  assert.deepEqual(health, { calibratedOn: '2026-03-14', warnings: ['calibration-overdue'] });
  assert.deepEqual([view.state, lastFault], ['ready', 'device.timeout']);
  assert.ok(lastFaultAtMs > Date.UTC(2027, 3, 1) && sinceMs > lastFaultAtMs && sinceMs < wallMs());
  assert.equal(latencies?.['command']?.count, 1);
  assert.deepEqual([view.counters['opened'], view.counters['lost']], [2, 1]);
  await clock.run(devices.close());
});
