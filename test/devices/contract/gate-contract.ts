import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault } from '../../../main/contract/fault.ts';
import { GateBoard, gateTimes } from '../../../main/devices/gate-board.ts';
import type { GateDeviceOptions, GateState } from '../../sim/devices/gate-device.ts';
import { never, plugIn, withCode } from './bench.ts';
import { eventually, patient, type Rung } from './rung.ts';

const failSafeMs = 2_000;
const baud = 115_200;

/** What the driver of the gate board (docs/gate.md) must do on every rung that has serial devices. */
export function gateContract(rung: () => Rung): void {
  async function plugged(t: TestContext, options: GateDeviceOptions = {}) {
    const on = rung();
    const bus = on.bytes;
    assert.ok(bus, 'this rung has serial devices');
    const shared = { travelMs: 50, failSafeMs: failSafeMs * on.slowness };
    const bench = await plugIn(t, on, 'gate', bus, { ...shared, ...options });
    const open = async (): Promise<GateBoard> => {
      const port = await bus.open((await bench.listed()).path, baud);
      const gate = await GateBoard.open(port, { clock: on.clock, times: patient(on, gateTimes) });
      t.after(() => gate.closePort());
      return gate;
    };
    return { on, bus, ...bench, state: () => bench.device.verb<GateState>('state'), open };
  }

  test('a gate board is listed with its numbers, and says who it is when it is open', async (t) => {
    const { serial, listed, open } = await plugged(t, { model: 'Contract gate', firmware: '1.2.3' });
    const { vendorId, productId } = await listed();
    assert.deepEqual([vendorId, productId], [0x1209, 2]);
    const gate = await open();
    assert.deepEqual(gate.info, { model: 'Contract gate', serial, firmware: '1.2.3', protocol: 'gate/1.0' });
    assert.equal(gate.state, 'closed');
  });

  test('the gate opens, tells of who goes through, and closes', async (t) => {
    const { on, device, state, open } = await plugged(t);
    const gate = await open();
    let passages = 0;
    gate.onPassage(() => passages++);
    assert.equal(await gate.open({ signal: never }), 'opened');
    assert.equal(gate.state, 'open');
    const { door, light, openings } = await state();
    assert.deepEqual([door, light, openings], ['OPEN', 'GREEN', 1]);
    await device.verb('pass');
    await eventually(on, 'a passage', async () => (passages > 0 ? true : undefined));
    await gate.close();
    const after = await state();
    assert.deepEqual([gate.state, after.door, after.light, passages], ['closed', 'CLOSED', 'RED', 1]);
  });

  test('someone who follows another through is told of, and the door is shut', async (t) => {
    const { on, device, until, open } = await plugged(t, { features: 'BUZZER TAILGATING' });
    const gate = await open();
    let followed = 0;
    gate.onTailgating(() => followed++);
    await gate.open({ signal: never });
    await device.verb('tailgate');
    await eventually(on, 'one who follows', async () => (followed > 0 ? true : undefined));
    await until('a closed door', ({ door }) => door === 'CLOSED');
    await gate.buzz('alarm');
    await until('an alarm', ({ buzzer }) => buzzer === 'ALARM');
  });

  test('the board closes by itself when nobody speaks to it', async (t) => {
    const { until, open } = await plugged(t);
    const gate = await open();
    await gate.open({ signal: never });
    await gate.closePort();
    await until('a door that closed by itself', ({ door, failSafes }) => door === 'CLOSED' && failSafes === 1);
  });

  test('a door that is blocked is a fault, and is not left open', async (t) => {
    const { device, until, open } = await plugged(t);
    const gate = await open();
    await device.verb('block', { blocked: true });
    await assert.rejects(gate.open({ signal: never }), withCode('device.broken'));
    await device.verb('block', { blocked: false });
    await until('a closed door', ({ door }) => door === 'CLOSED');
  });

  test('a board that falls silent is a typed fault', async (t) => {
    const { device, soon, open } = await plugged(t);
    const gate = await open();
    await device.verb('sleep', { delayMs: 3_600_000 });
    assert.equal((await soon(gate.lost, 'the loss')).code, 'device.timeout');
  });

  test('pulled with its door open the board closes it, and works again wherever it is plugged in', async (t) => {
    const { device, gone, soon, until, open } = await plugged(t);
    const gate = await open();
    await gate.open({ signal: never });
    await device.unplug();
    assert.equal((await soon(gate.lost, 'the loss')).code, 'device.absent');
    await gone();
    await until('a closed door', ({ door }) => door === 'CLOSED');
    await device.replug();
    const again = await open();
    assert.equal(await again.open({ signal: never }), 'opened');
    await again.close();
  });

  test('on a bad cable an opening is one opening, or the fault is typed, and the door does not stay open', async (t) => {
    const outcomes: string[] = [];
    for (const seed of [1, 2, 3]) {
      const { device, state, until, open } = await plugged(t);
      const gate = await open();
      await device.verb('faults', { seed, rates: { drop: 0.05, duplicate: 0.2, corrupt: 0.05, split: 0.5 } });
      try {
        await gate.open({ signal: never });
        assert.equal((await state()).openings, 1);
        await gate.close();
        outcomes.push('opened');
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        assert.match(error.code, /^device\.(protocol|timeout)$/);
        outcomes.push(error.code);
      }
      await gate.closePort();
      await until('a closed door', ({ door }) => door === 'CLOSED');
    }
    assert.ok(outcomes.includes('opened'), outcomes.join(' '));
  });
}
