import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { encodeGateLine } from '../../main/devices/gate-lines.ts';
import { type FaultRates, seededRandom } from '../sim/devices/fault-line.ts';
import { GateModel, type GateModelOptions } from '../sim/devices/gate-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const oneDoor = { features: 'BUZZER PRESENCE PEOPLE TAILGATING RELEASE' };
const mantrap = { features: 'BUZZER PRESENCE PEOPLE TAILGATING MANTRAP RELEASE' };
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

function benchOf(options: Partial<GateModelOptions>) {
  const clock = new VirtualClock();
  const bus = new SimByteBus(clock);
  const model = new GateModel({ clock, ...options });
  const path = bus.plug(model);
  const open = async (): Promise<GateBoard> => GateBoard.open(await bus.open(path), { clock, random: () => 0.5 });
  return { clock, bus, model, path, open };
}

test('a board of version 1.1 tells who stands where, once for each change', async () => {
  const { clock, model, open } = benchOf(oneDoor);
  const gate = await clock.run(open());
  assert.equal(gate.info.protocol, 'gate/1.1');
  assert.deepEqual(gate.sight, { mode: 'normal', before: false, inside: false, people: 0 });
  let told = 0;
  gate.onChange(() => told++);
  model.see({ before: true });
  await clock.pass(2_000);
  model.see({ inside: true, before: false, people: 2 });
  await clock.pass(2_000);
  assert.deepEqual(gate.sight, { mode: 'normal', before: false, inside: true, people: 2 });
  assert.equal(told, 2);
});

test('a board that cannot see says nothing of people, and one of version 1.0 neither', async () => {
  for (const options of [{}, { features: 'BUZZER' }]) {
    const { clock, model, open } = benchOf(options);
    const gate = await clock.run(open());
    assert.deepEqual([gate.sight, gate.seesTailgating], [{ mode: 'normal' }, false]);
    await clock.run(gate.buzz('alarm'));
    assert.equal(model.buzzer, 'features' in options ? 'ALARM' : 'OFF');
  }
});

test('the buzzer sounds as it is told, and an alarm ends by itself', async () => {
  const { clock, model, open } = benchOf(oneDoor);
  const gate = await clock.run(open());
  for (const pattern of ['once', 'twice', 'alarm', 'off', 'alarm'] as const) {
    await clock.run(gate.buzz(pattern));
    assert.equal(model.buzzer, pattern.toUpperCase());
  }
  await clock.pass(11_000);
  assert.equal(model.buzzer, 'OFF');
});

test('one who follows another is told of once, even when the news of it was lost, and the board has closed', async () => {
  for (const lost of [false, true]) {
    const { clock, model, open } = benchOf(oneDoor);
    const gate = await clock.run(open());
    let followed = 0;
    gate.onTailgating(() => followed++);
    assert.equal(await clock.run(gate.open({ signal: never })), 'opened');
    model.passage();
    const deliver = model.onInput;
    if (lost) model.onInput = () => {};
    model.tailgate();
    model.onInput = deliver;
    await clock.pass(3_000);
    assert.deepEqual([followed, gate.counters.tailgates, model.door, model.light], [1, 1, 'CLOSED', 'RED']);
  }
});

test('one who follows while the door opens shuts it again, and that is no fault', async () => {
  const { clock, model, open } = benchOf({ ...oneDoor, travelMs: 3_000 });
  const gate = await clock.run(open());
  clock.after(1_000, () => model.tailgate());
  assert.equal(await clock.run(gate.open({ signal: never })), 'not-alone');
  await clock.pass(5_000);
  assert.deepEqual([model.door, gate.state], ['CLOSED', 'closed']);
});

test('a mantrap opens its exit for exactly one person, behind a closed entry', async () => {
  for (const [people, outcome] of [
    [0, 'not-alone'],
    [1, 'opened'],
    [2, 'not-alone'],
  ] as const) {
    const { clock, model, open } = benchOf(mantrap);
    const gate = await clock.run(open());
    await clock.pass(3_000);
    assert.deepEqual([model.door, model.entry], ['CLOSED', 'OPEN']);
    model.see({ people, inside: people > 0 });
    assert.equal(await clock.run(gate.open({ signal: never })), outcome);
    assert.deepEqual([model.door, model.entry], [people === 1 ? 'OPEN' : 'CLOSED', 'CLOSED']);
    if (people === 1) {
      model.passage();
      await clock.run(gate.close());
    }
    await clock.pass(3_000);
    assert.deepEqual([model.door, model.entry, model.breaches], ['CLOSED', 'OPEN', 0]);
  }
});

test('a mantrap whose count changes while the entry closes does not open', async () => {
  const { clock, model, open } = benchOf(mantrap);
  const gate = await clock.run(open());
  await clock.pass(3_000);
  model.see({ people: 1 });
  clock.after(400, () => model.see({ people: 2 }));
  assert.equal(await clock.run(gate.open({ signal: never })), 'not-alone');
  assert.equal(model.openings, 0);
});

test('a mantrap on a silent line closes its exit, then opens its entry: nobody is locked in', async () => {
  const { clock, bus, path, model, open } = benchOf(mantrap);
  const gate = await clock.run(open());
  await clock.pass(3_000);
  model.see({ people: 1 });
  await clock.run(gate.open({ signal: never }));
  bus.portOf(path)!.toDevice.cut();
  await clock.pass(10_000);
  assert.deepEqual([model.door, model.entry, model.breaches, model.failSafes], ['CLOSED', 'OPEN', 0, 1]);
  assert.equal(gate.state, 'unknown');
  await clock.run(gate.lost);
  const again = await clock.run(open());
  assert.deepEqual([again.sight.mode, again.counters.failSafes], ['normal', 1]);
});

test('a board that says both doors of a mantrap are off their locks is not used', async () => {
  const { clock, model, open } = benchOf(mantrap);
  const gate = await clock.run(open());
  const fields = ['STATE', 'OPEN', 'RED', '--', '0000', 'CLOSING', '-', '1', '0000', 'NORMAL'];
  model.onInput(encodeGateLine({ mark: '!', sequence: 200, fields }));
  assert.equal((await clock.run(gate.lost)).code, 'device.broken');
});

test('a mantrap that does not count people is refused', async () => {
  const { clock, open } = benchOf({ features: 'MANTRAP' });
  await assert.rejects(clock.run(open()), withCode('device.protocol'));
});

test('a pulled emergency release is shown, keeps the gate from opening, and fails its self-test', async () => {
  for (const options of [oneDoor, mantrap]) {
    const { clock, model, open } = benchOf(options);
    const gate = await clock.run(open());
    await clock.pass(3_000);
    model.release(true);
    await clock.pass(1_000);
    assert.deepEqual([gate.sight.mode, gate.state], ['released', 'open']);
    assert.equal((await clock.run(gate.selfTest(never))).passed, false);
    await assert.rejects(clock.run(gate.open({ signal: never })), withCode('device.broken'));
    model.release(false);
    await clock.pass(5_000);
    const test = await clock.run(gate.selfTest(never));
    assert.equal(gate.sight.mode, 'normal');
    assert.match(test.detail, /^door closed, .*normal, buzzer/);
    assert.equal(test.passed, true);
  }
});

const rates: Record<string, FaultRates> = {
  drop: { drop: 0.1 },
  duplicate: { duplicate: 0.3 },
  corrupt: { corrupt: 0.1 },
  split: { split: 0.7 },
  late: { late: 0.3 },
  everything: { drop: 0.05, duplicate: 0.1, corrupt: 0.05, split: 0.3, late: 0.1, stall: 0.01, unplug: 0.01 },
};

for (const [name, faults] of Object.entries(rates)) {
  test(`under ${name} a mantrap lets one person through or nobody, and its doors are never both free`, async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(2), async (seed, people) => {
        const { clock, bus, model, path, open } = benchOf(mantrap);
        bus.faults = { rates: faults, random: seededRandom(seed) };
        model.see({ people });
        const work = async (): Promise<void> => {
          const gate = await open();
          if ((await gate.open({ signal: never })) === 'not-alone') return;
          assert.deepEqual([people, model.door, model.openings], [1, 'OPEN', 1]);
          model.passage();
          await gate.close();
          opened++;
        };
        try {
          await clock.run(work(), 200_000);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          assert.match(error.code, /^device\.(protocol|timeout|absent|broken)$/);
        }
        bus.unplug(path);
        await clock.pass(70_000);
        assert.deepEqual([model.door, model.breaches], ['CLOSED', 0]);
        assert.ok(people === 1 || model.openings === 0);
        assert.equal(clock.pending, 0);
      }),
      { numRuns: 60 },
    );
    assert.ok(opened > 0, 'none came through');
  });
}
