import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ModbusGate, modbusTimes } from '../../../main/devices/modbus-gate.ts';
import type { ModbusDeviceOptions, ModbusState } from '../../sim/devices/modbus-board-device.ts';
import { fullMap as map } from '../../sim/devices/modbus-board-model.ts';
import { type AtWork, failureContract, never, plugIn, withCode } from './bench.ts';
import { eventually, patient, type Rung } from './rung.ts';

const holdMs = 2_000;
const baud = 9_600;

/** What the driver of relay boards (docs/gate.md, section 9) must do on every rung that has serial devices. */
export function modbusContract(rung: () => Rung): void {
  async function plugged(t: TestContext, options: ModbusDeviceOptions = {}) {
    const on = rung();
    const bus = on.bytes;
    assert.ok(bus, 'this rung has serial devices');
    const shared = { travelMs: 50, holdMs: holdMs * on.slowness };
    const bench = await plugIn(t, on, 'modbus-board', bus, { ...shared, ...options });
    const open = async (): Promise<ModbusGate> => {
      const port = await bus.open((await bench.listed()).path, baud);
      // Pulses and looks go on at their own pace, however slow the rung is.
      const { answerMs, moveMs } = patient(on, modbusTimes);
      const times = { answerMs, moveMs };
      const gate = await ModbusGate.open(port, { clock: on.clock, map, framing: 'rtu', unit: 1, times });
      t.after(() => gate.closePort());
      return gate;
    };
    return { on, ...bench, state: () => bench.device.verb<ModbusState>('state'), open };
  }

  test('relays open the gate, tell of who goes through, and close it', async (t) => {
    const { on, device, state, open } = await plugged(t);
    const gate = await open();
    let passages = 0;
    gate.onPassage(() => passages++);
    assert.equal(await gate.open({ signal: never }), 'opened');
    const { door, green, openings } = await state();
    assert.deepEqual([door, green, openings], ['OPEN', true, 1]);
    await device.verb('pass');
    await eventually(on, 'a passage', async () => (passages > 0 ? true : undefined));
    await gate.close();
    const after = await state();
    assert.deepEqual([gate.state, after.door, after.red, passages], ['closed', 'CLOSED', true, 1]);
  });

  test('someone who follows another through is told of, and the door is shut', async (t) => {
    const { on, device, until, open } = await plugged(t);
    const gate = await open();
    let followed = 0;
    gate.onTailgating(() => followed++);
    await gate.open({ signal: never });
    await device.verb('tailgate');
    await eventually(on, 'one who follows', async () => (followed > 0 ? true : undefined));
    await until('a closed door', ({ door }) => door === 'CLOSED');
  });

  test('pulled with its door open the board lets go of it, and works again wherever it is plugged in', async (t) => {
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

  const begin = async (t: TestContext): Promise<AtWork> => {
    const { device, soon, open } = await plugged(t);
    const driver = await open();
    // It is looked at all the time.
    const work = async (act: () => Promise<unknown>): Promise<never> => {
      await act();
      throw await soon(driver.lost, 'the loss');
    };
    return { device, driver, soon, work };
  };
  failureContract('a board that refuses or falls silent', begin, { broken: { code: 4 } });

  test('a board that refuses from the first is not opened', async (t) => {
    const { device, open } = await plugged(t);
    await device.verb('error', { code: 2 });
    await assert.rejects(open(), withCode('device.protocol'));
  });
}
