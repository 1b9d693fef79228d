import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceRoles } from '../../main/devices/device-roles.ts';
import type { ReaderEvent } from '../../main/devices/document-reader.ts';
import { readerUsage } from '../../main/devices/hid-frames.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { DocumentReaderModel } from '../sim/devices/document-reader-model.ts';
import { HidReaderModel } from '../sim/devices/hid-reader-model.ts';
import { fullMap, ModbusBoardModel } from '../sim/devices/modbus-board-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const lines = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'];

function kioskOf(roles: DeviceRoles) {
  const clock = new VirtualClock();
  const [hid, bytes] = [new SimHidBus(clock), new SimByteBus(clock)];
  const opened: unknown[][] = [];
  const open = bytes.open.bind(bytes);
  bytes.open = (...given: [string]) => {
    opened.push(given);
    return open(...given);
  };
  const devices = openDevices({ roles, hid, bytes, clock, random: () => 0.5 });
  /** The first lines that the reader in its role reads. */
  const read = async (place: () => void): Promise<ReaderEvent | undefined> => {
    const reader = await devices.reader(never);
    clock.after(100, place);
    for await (const event of reader.read({ signal: never })) if (event.type === 'lines') return event;
    return undefined;
  };
  return { clock, hid, bytes, devices, opened, read };
}

test('a document reader on HID fills its role by what it declares, without a path, wherever it is plugged in', async () => {
  const { clock, hid, devices, read } = kioskOf({ documentReader: { bus: 'hid' } });
  const model = new HidReaderModel({ clock });
  // A scanner of fingers is none, and nor is anything else.
  hid.plug(new HidReaderModel({ clock, model: 'Other' }), { usagePage: 0x8c, usage: 2 });
  const path = hid.plug(model, readerUsage);
  const place = () => model.reader.place({ lines });
  assert.deepEqual(await clock.run(read(place)), { type: 'lines', lines });
  hid.unplug(path);
  await clock.pass(1_000);
  assert.equal(devices.view()[0]!.state, 'absent');
  model.powerOff();
  hid.plug(model, readerUsage);
  assert.deepEqual(await clock.run(read(place)), { type: 'lines', lines });
  await clock.run(devices.close());
});

test('a swipe reader on HID fills its role by its ids; one that would also type does only where that is allowed', async () => {
  const ids = { vendorId: 0x0c2e, productId: 0x0b6a };
  const text = { usagePage: 0x8c, usage: 2 };
  for (const [types, alsoTypes, state] of [
    [false, false, 'ready'],
    [true, false, 'out'],
    [true, true, 'ready'],
  ] as const) {
    const { clock, hid, devices, read } = kioskOf({
      documentReader: { bus: 'hid', protocol: 'ocr', ...ids, textAt: 2, lengthAt: 1, model: 'Swipe', alsoTypes },
    });
    const model = new HidReaderModel({ clock, protocol: 'ocr', frames: 'line', textAt: 2, lengthAt: 1 });
    const keyboard = new HidReaderModel({ clock });
    hid.plug(new HidReaderModel({ clock }), { ...ids, productId: 1, ...text });
    await clock.pass(20_000);
    assert.equal(devices.view()[0]!.state, 'absent');
    if (types) hid.plug(keyboard, { ...ids, serial: 'S', usagePage: 1, usage: 6 });
    hid.plug(model, { ...ids, serial: 'S', ...text });
    await clock.pass(5_000);
    const view = devices.view()[0]!;
    assert.deepEqual([view.state, view.model], [state, state === 'ready' ? 'Swipe' : '']);
    if (state === 'ready')
      assert.deepEqual(await clock.run(read(() => model.reader.place({ lines }))), { type: 'lines', lines });
    await clock.run(devices.close());
  }
});

test('a plain reader and relays on serial lines fill their roles at their own speeds', async () => {
  const { deadMan: _, ...outputs } = fullMap.outputs;
  const map = { outputs, inputs: fullMap.inputs };
  const { clock, bytes, devices, opened, read } = kioskOf({
    documentReader: { protocol: 'ocr', serial: 'OCR-1', baud: 9_600, prefix: 'MRZ' },
    gate: {
      serial: 'RL-1',
      baud: 19_200,
      parity: 'even',
      protocol: 'modbus',
      modbus: { ...map, unit: 7, boardWatchdog: true },
    },
  });
  const model = new DocumentReaderModel({ clock, protocol: 'ocr', prefix: 'MRZ' });
  const board = new ModbusBoardModel({ clock, map, unit: 7 });
  const reader = bytes.plug(model, { serial: 'OCR-1' });
  const relays = bytes.plug(board, { serial: 'RL-1' });
  assert.deepEqual(await clock.run(read(() => model.place({ lines }))), { type: 'lines', lines });
  const gate = await clock.run(devices.gate(never));
  assert.equal(await clock.run(gate.open({ signal: never })), 'opened');
  assert.equal(board.door, 'OPEN');
  assert.deepEqual(devices.sight()?.mode, 'normal');
  assert.deepEqual(
    new Map(opened.map(([path, ...how]) => [path, how])),
    new Map([
      [reader, [9_600, undefined]],
      [relays, [19_200, 'even']],
    ]),
  );
  for (const role of ['document-reader', 'gate']) {
    // The door stands open, and that is no failure.
    assert.equal((await clock.run(devices.selfTest(role, never))).passed, true);
  }
  await clock.run(devices.close());
  await clock.pass(5_000);
  assert.equal(board.door, 'CLOSED');
  assert.equal(clock.pending, 0);
});
