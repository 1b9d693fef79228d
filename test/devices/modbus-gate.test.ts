import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { crc16Modbus, encodeModbus, ModbusResponseReader, readInputs } from '../../main/devices/modbus-frames.ts';
import { ModbusGate, type ModbusMap } from '../../main/devices/modbus-gate.ts';
import { type FaultRates, seededRandom } from '../sim/devices/fault-line.ts';
import { fullMap, ModbusBoardModel, type ModbusBoardOptions } from '../sim/devices/modbus-board-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;
const framings = ['rtu', 'tcp'] as const;

function benchOf(options: Partial<ModbusBoardOptions> = {}) {
  const clock = new VirtualClock();
  const bus = new SimByteBus(clock);
  const { map = fullMap, framing = 'rtu', unit = 1 } = options;
  const model = new ModbusBoardModel({ clock, ...options });
  const path = bus.plug(model);
  const open = async (): Promise<ModbusGate> =>
    ModbusGate.open(await bus.open(path), { clock, map, framing, unit, model: 'Relays' });
  return { clock, bus, model, path, open };
}

test('the CRC is that of Modbus, and frames are those of its standard', () => {
  assert.equal(crc16Modbus(Buffer.from('123456789')), 0x4b37);
  const pdu = readInputs(196, 22);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  // The request of Modbus Application Protocol 1.1b3, section 6.2.
  assert.equal(hex(pdu), '0200c40016');
  assert.equal(hex(encodeModbus('tcp', { transaction: 1, unit: 17, pdu })), '000100000006110200c40016');
  assert.equal(hex(encodeModbus('rtu', { transaction: 0, unit: 17, pdu })), '110200c40016baa9');
});

for (const framing of framings) {
  test(`relays on ${framing} open the gate, let one through and close it`, async () => {
    const { clock, model, open } = benchOf({ framing });
    const gate = await clock.run(open());
    assert.deepEqual([gate.info.model, gate.info.protocol, gate.state], ['Relays', `modbus-${framing}`, 'closed']);
    assert.deepEqual(gate.sight, { mode: 'normal', before: false, inside: false });
    const states: string[] = [];
    let passages = 0;
    gate.onChange((state) => states.push(state));
    gate.onPassage(() => passages++);
    assert.equal(await clock.run(gate.open({ signal: never })), 'opened');
    assert.deepEqual([model.door, model.output('green'), model.output('red')], ['OPEN', true, false]);
    // Held for as long as it is wanted, far beyond what the pulse timer gives for one pulse.
    await clock.pass(20_000);
    assert.equal(model.door, 'OPEN');
    model.passage();
    await clock.pass(1_000);
    await clock.run(gate.close());
    assert.deepEqual([model.door, model.output('green'), model.output('red')], ['CLOSED', false, true]);
    assert.deepEqual([passages, model.openings], [1, 1]);
    assert.deepEqual([...new Set(states)], ['unknown', 'open', 'closed']);
    await clock.run(gate.closePort());
    await clock.pass(5_000);
    assert.equal(clock.pending, 0);
  });
}

test('the door closes when the kiosk falls silent, by the pulse timer or by the watchdog of the board', async () => {
  const { deadMan: _, ...outputs } = fullMap.outputs;
  for (const map of [fullMap, { ...fullMap, outputs }] satisfies ModbusMap[]) {
    const { clock, bus, path, model, open } = benchOf({ map });
    const gate = await clock.run(open());
    await clock.run(gate.open({ signal: never }));
    await clock.pass(10_000);
    assert.equal(model.door, 'OPEN');
    bus.portOf(path)!.toDevice.cut();
    await clock.pass(6_000);
    assert.deepEqual([model.door, gate.state], ['CLOSED', 'unknown']);
    assert.equal((await clock.run(gate.lost)).code, 'device.timeout');
  }
});

test('one who follows another shuts the door, once told', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  assert.equal(gate.seesTailgating, true);
  let followed = 0;
  gate.onTailgating(() => followed++);
  await clock.run(gate.open({ signal: never }));
  model.tailgate();
  await clock.pass(2_000);
  assert.deepEqual([followed, model.door, model.output('green')], [1, 'CLOSED', false]);
  clock.after(300, () => model.tailgate());
  assert.equal(await clock.run(gate.open({ signal: never })), 'not-alone');
  await clock.pass(2_000);
  assert.deepEqual([followed, model.door], [2, 'CLOSED']);
});

test('signals that are meant when they are off are understood so', async () => {
  const low = (address: number) => ({ address, activeLow: true });
  const map: ModbusMap = {
    outputs: { door: low(7), green: low(6) },
    inputs: { closed: low(20), passage: low(21) },
  };
  const { clock, model, open } = benchOf({ map });
  const gate = await clock.run(open());
  assert.equal(gate.state, 'closed');
  let passages = 0;
  gate.onPassage(() => passages++);
  await clock.run(gate.open({ signal: never }));
  assert.equal(gate.state, 'open');
  // Without a contact for the open door it is open once it has left its lock.
  await clock.pass(2_000);
  model.passage();
  await clock.pass(1_000);
  assert.equal(passages, 1);
  await clock.run(gate.close());
  assert.equal(model.door, 'CLOSED');
});

test('a released gate is shown, does not open and fails its self-test', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  assert.deepEqual(await gate.selfTest(), { passed: true, detail: 'door closed; inputs on: closed' });
  model.release(true);
  await clock.pass(1_000);
  assert.deepEqual([gate.sight.mode, gate.state], ['released', 'open']);
  assert.equal((await gate.selfTest()).passed, false);
  await assert.rejects(clock.run(gate.open({ signal: never })), withCode('device.broken'));
  model.release(false);
  await clock.pass(2_000);
  assert.deepEqual([gate.sight.mode, gate.state], ['normal', 'closed']);
});

test('the buzzer sounds once, twice, or for ten seconds', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  for (const [pattern, onMs] of [
    ['once', 200],
    ['twice', 400],
    ['alarm', 10_000],
  ] as const) {
    let heardMs = 0;
    await clock.run(gate.buzz(pattern));
    for (let at = 0; at < 1_200; at++) {
      if (model.output('buzzer')) heardMs += 10;
      await clock.pass(10);
    }
    assert.ok(Math.abs(heardMs - onMs) <= 100, `${pattern}: ${heardMs} ms`);
  }
  await clock.run(gate.buzz('alarm'));
  await clock.run(gate.buzz('off'));
  assert.equal(model.output('buzzer'), false);
});

test('contacts that contradict one another, a board that refuses, and one that is busy are each what they are', async () => {
  const stuck = benchOf();
  const gate = await stuck.clock.run(stuck.open());
  stuck.model.stick(true);
  const opening = gate.open({ signal: never });
  await assert.rejects(stuck.clock.run(opening), withCode('device.broken'));
  for (const [exception, code] of [
    [1, 'device.protocol'],
    [2, 'device.protocol'],
    [4, 'device.broken'],
    [6, 'device.busy'],
  ] as const) {
    const { clock, model, open } = benchOf();
    model.refuse(exception);
    await assert.rejects(clock.run(open()), withCode(code));
  }
});

test('an opening that is cancelled ends with a closed door', async () => {
  for (const delayMs of [0, 1, 50, 400, 900]) {
    const { clock, model, open } = benchOf();
    const gate = await clock.run(open());
    const cancel = new AbortController();
    clock.after(delayMs, () => cancel.abort());
    await assert.rejects(clock.run(gate.open({ signal: cancel.signal })), withCode('capture.cancelled'));
    await clock.pass(4_000);
    assert.deepEqual([model.door, model.output('door')], ['CLOSED', false]);
  }
});

test('another unit on the line is not listened to', async () => {
  const { clock, open } = benchOf();
  const wrong = benchOf({ unit: 3 });
  await clock.run(open());
  const gate = ModbusGate.open(await wrong.bus.open(wrong.path), {
    clock: wrong.clock,
    map: fullMap,
    framing: 'rtu',
    unit: 4,
  });
  await assert.rejects(wrong.clock.run(gate), withCode('device.timeout'));
});

test('a board that floods, or whose header is no Modbus, is closed', async () => {
  for (const [framing, chunk] of [
    ['rtu', Buffer.alloc(4_096, 1)],
    ['tcp', Buffer.alloc(4_096, 0xff)],
    ['tcp', encodeModbus('tcp', { transaction: 7, unit: 1, pdu: new Uint8Array(253) })],
  ] as const) {
    const { clock, model, open } = benchOf({ framing });
    const gate = await clock.run(open());
    for (let at = 0; at < 1_000; at++) model.onInput(chunk);
    assert.equal((await clock.run(gate.lost)).code, 'device.protocol');
    assert.equal(gate.state, 'unknown');
  }
});

test('any bytes in any chunks give responses that were waited for, or a typed fault', () => {
  const bytes = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.constantFrom(...framings), fc.uint8Array({ maxLength: 60 }))
        .map(([framing, data]) => encodeModbus(framing, { transaction: 1, unit: 1, pdu: Uint8Array.of(2, ...data) })),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...framings), bytes, (framing, chunks) => {
      const reader = new ModbusResponseReader(framing);
      reader.expect(1, 2);
      try {
        for (const chunk of chunks) {
          for (const { unit, pdu } of reader.push(chunk)) {
            assert.ok(pdu.length >= 1 && pdu.length <= 257);
            if (framing === 'rtu') assert.deepEqual([unit, pdu[0]! & 0x7f], [1, 2]);
          }
        }
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'device.protocol' && framing === 'tcp');
      }
    }),
    { numRuns: 2_000 },
  );
});

const rates: Record<string, FaultRates> = {
  drop: { drop: 0.05 },
  duplicate: { duplicate: 0.2 },
  corrupt: { corrupt: 0.05 },
  split: { split: 0.7 },
  late: { late: 0.1 },
  everything: { drop: 0.02, duplicate: 0.05, corrupt: 0.02, split: 0.3, late: 0.02, unplug: 0.002 },
};

for (const [name, faults] of Object.entries(rates)) {
  test(`under ${name} relays open the door for the one who is let through, and never leave it open`, async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { clock, bus, model, path, open } = benchOf();
        bus.faults = { rates: faults, random: seededRandom(seed) };
        const work = async (): Promise<void> => {
          const gate = await open();
          await gate.open({ signal: never });
          // Pulses that were lost may have let go of it for a moment.
          assert.match(model.door, /^OPEN(ING)?$/);
          await gate.close();
          assert.equal(model.door, 'CLOSED');
          opened++;
        };
        try {
          await clock.run(work(), 120_000);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          assert.match(error.code, /^device\.(protocol|timeout|absent)$/);
        }
        bus.unplug(path);
        await clock.pass(10_000);
        assert.equal(model.door, 'CLOSED');
        assert.equal(clock.pending, 0);
      }),
      { numRuns: 40 },
    );
    assert.ok(opened > 5, `${opened} of 40 openings came through`);
  });
}
