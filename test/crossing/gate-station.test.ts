import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letThrough, openForPassage } from '../../main/crossing/gate-station.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const watching = 'BUZZER PRESENCE PEOPLE TAILGATING RELEASE';

function gateOf(features?: string) {
  const clock = new VirtualClock();
  const [hid, bytes] = [new SimHidBus(clock), new SimByteBus(clock)];
  const model = new GateModel({ clock, ...(features !== undefined && { features }) });
  bytes.plug(model, { serial: 'GB-0001' });
  const devices = openDevices({ roles: { gate: { serial: 'GB-0001' } }, hid, bytes, clock });
  return { clock, model, devices };
}

test('a passage through a board of version 1.0 ends with it, the door still open for the caller to close', async () => {
  const { clock, model, devices } = gateOf();
  clock.after(5_000, () => model.passage());
  assert.equal(await clock.run(openForPassage(devices, never)), 'ended');
  assert.equal(model.door, 'OPEN');
  await clock.run(devices.close());
});

test('a gate that sees who follows is shut behind the traveller before the passage has ended', async () => {
  const { clock, model, devices } = gateOf(watching);
  clock.after(5_000, () => model.passage());
  assert.equal(await clock.run(openForPassage(devices, never)), 'ended');
  assert.deepEqual([model.door, model.buzzer], ['CLOSED', 'ONCE']);
  await clock.run(devices.close());
});

test('one who follows, before or after the traveller has passed, ends the passage as one that was not alone', async () => {
  for (const [passedMs, followedMs] of [
    [Infinity, 5_000],
    [5_000, 5_000],
    [5_000, 5_400],
  ] as const) {
    const { clock, model, devices } = gateOf(watching);
    if (passedMs < Infinity) clock.after(passedMs, () => model.passage());
    clock.after(followedMs, () => model.tailgate());
    assert.equal(await clock.run(openForPassage(devices, never)), 'not-alone');
    await clock.pass(3_000);
    assert.deepEqual([model.door, model.light, model.buzzer], ['CLOSED', 'RED', 'ALARM']);
    await clock.run(devices.close());
  }
});

test('beams that flicker before the door is open end nothing', async () => {
  const { clock, model, devices } = gateOf(watching);
  clock.after(700, () => model.see({ before: true }));
  clock.after(800, () => model.see({ before: false, inside: true }));
  clock.after(9_000, () => model.passage());
  const passing = openForPassage(devices, never);
  await clock.pass(8_000);
  assert.equal(model.door, 'OPEN');
  assert.equal(await clock.run(passing), 'ended');
  await clock.run(devices.close());
});

test('a mantrap with two people in it stays shut, for a traveller who was cleared and for one whom the guard admits', async () => {
  const { clock, model, devices } = gateOf(`${watching} MANTRAP`);
  model.see({ people: 2 });
  assert.equal(await clock.run(openForPassage(devices, never)), 'not-alone');
  assert.equal(await clock.run(letThrough(devices, 60_000)), 'not-alone');
  assert.equal(devices.sight()?.people, 2);
  assert.deepEqual([model.door, model.openings], ['CLOSED', 0]);
  await clock.run(devices.close());
});
