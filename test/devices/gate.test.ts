import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { type FaultRates, seededRandom } from '../sim/devices/fault-line.ts';
import { GateModel, type GateModelOptions } from '../sim/devices/gate-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;

function benchOf(options: Partial<GateModelOptions> = {}) {
  const clock = new VirtualClock();
  const bus = new SimByteBus(clock);
  const model = new GateModel({ clock, ...options });
  const path = bus.plug(model);
  const open = async (): Promise<GateBoard> => GateBoard.open(await bus.open(path), { clock, random: () => 0.5 });
  return { clock, bus, model, path, open };
}

const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

test('the gate opens, lets one through and closes', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  assert.equal(gate.info.protocol, 'gate/1.0');
  assert.equal(gate.state, 'closed');
  const states: string[] = [];
  let passages = 0;
  gate.onChange((state) => states.push(state));
  gate.onPassage(() => passages++);
  await clock.run(gate.open({ signal: never }));
  assert.deepEqual([gate.state, model.door, model.light], ['open', 'OPEN', 'GREEN']);
  model.passage();
  await clock.pass(1_000);
  assert.equal(passages, 1);
  await clock.run(gate.close());
  assert.deepEqual([gate.state, model.door, model.light], ['closed', 'CLOSED', 'RED']);
  assert.deepEqual(states, ['unknown', 'open', 'unknown', 'closed']);
  assert.equal(model.openings, 1);
});

test('an opening that is cancelled ends with a closed door', async () => {
  for (const delayMs of [0, 1, 200, 899, 5_000]) {
    const { clock, model, open } = benchOf({ travelMs: 3_000 });
    const gate = await clock.run(open());
    const cancel = new AbortController();
    clock.after(delayMs, () => cancel.abort());
    await clock.run(gate.open({ signal: cancel.signal })).then(
      () => assert.equal(delayMs, 5_000),
      (error: unknown) => assert.ok(withCode('capture.cancelled')(error)),
    );
    if (delayMs < 5_000) {
      await clock.pass(4_000);
      assert.equal(model.door, 'CLOSED');
    }
  }
});

test('the board closes by itself when the host falls silent', async () => {
  const { clock, bus, path, model, open } = benchOf();
  const gate = await clock.run(open());
  await clock.run(gate.open({ signal: never }));
  bus.portOf(path)!.toDevice.cut();
  await clock.pass(10_000);
  assert.deepEqual([model.door, model.light, model.failSafes], ['CLOSED', 'RED', 1]);
  assert.equal(gate.state, 'unknown');
  assert.equal((await clock.run(gate.lost)).code, 'device.timeout');
});

test('a door that is blocked is a fault, and is not left open', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  model.block(true);
  const opening = gate.open({ signal: never });
  await assert.rejects(clock.run(opening), withCode('device.broken'));
  model.block(false);
  await clock.pass(5_000);
  assert.equal(model.door, 'CLOSED');
});

test('a passage whose news was lost is told by the next heartbeat, once', async () => {
  const { clock, model, open } = benchOf();
  const gate = await clock.run(open());
  let passages = 0;
  gate.onPassage(() => passages++);
  await clock.run(gate.open({ signal: never }));
  const deliver = model.onInput;
  model.onInput = () => {};
  model.passage();
  model.onInput = deliver;
  await clock.pass(2_000);
  assert.equal(passages, 1);
});

const rates: Record<string, FaultRates> = {
  drop: { drop: 0.1 },
  duplicate: { duplicate: 0.3 },
  corrupt: { corrupt: 0.1 },
  split: { split: 0.7 },
  late: { late: 0.3 },
  stall: { stall: 0.03 },
  unplug: { unplug: 0.03 },
};

for (const [name, faults] of Object.entries(rates)) {
  test(`under ${name} an opening is one opening or a typed fault, and the door is never left open`, async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { clock, bus, model, path, open } = benchOf();
        bus.faults = { rates: faults, random: seededRandom(seed) };
        let passages = 0;
        let walked = 0;
        const work = async (): Promise<void> => {
          const gate = await open();
          gate.onPassage(() => passages++);
          await gate.open({ signal: never });
          assert.equal(model.openings, 1);
          assert.equal(model.door, 'OPEN');
          model.passage();
          walked = 1;
          await gate.close();
          opened++;
          assert.equal(model.door, 'CLOSED');
          assert.equal(passages, walked);
        };
        try {
          await clock.run(work(), 120_000);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          assert.match(error.code, /^device\.(protocol|timeout|absent)$/);
        }
        bus.unplug(path);
        // The longest stall of the cable and the board's own travel.
        await clock.pass(70_000);
        assert.equal(model.door, 'CLOSED');
        assert.ok(passages <= walked);
        assert.equal(clock.pending, 0);
      }),
      { numRuns: 60 },
    );
    assert.ok(opened > (/stall|unplug/.test(name) ? 0 : 30), `${opened} of 60 openings came through`);
  });
}
