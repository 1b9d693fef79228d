import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'cborg';
import { Fault } from '../../main/contract/fault.ts';
import type { Batch, PacketKind } from '../../main/contract/packet.ts';
import { packet } from '../store/disk.ts';
import { layField, ship } from './field.ts';
import { Line, nearCentral, VirtualClock } from './line.ts';
import { alarmRecord, crossingRecord, statisticsRecord, uuidv7 } from './records.ts';

/** How many counts wait; LIMEN_QUEUED=100000 takes a minute to store them. */
const queued = Number(process.env['LIMEN_QUEUED'] ?? 5000);

/** A line that tells what was sent on it, with requests that hang until they are broken off. */
class Told extends Line {
  readonly kinds: PacketKind[][] = [];
  readonly brokenOff: number[] = [];
  /** Whether the request of that number gets an answer. */
  answers: (request: number) => boolean = () => true;
  open = true;

  override async post(path: string, body: Uint8Array, signal: AbortSignal) {
    const { packets } = decode(body) as Batch;
    const number = this.kinds.push(packets.map(({ packet }) => (packet as { kind: PacketKind }).kind)) - 1;
    if (this.answers(number)) return super.post(path, body, signal);
    const broken = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => broken.reject(new Fault('uplink.offline')));
    return broken.promise.finally(() => void this.brokenOff.push(number));
  }

  override reaches(): Promise<boolean> {
    return Promise.resolve(this.open);
  }
}

async function told() {
  const field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Told(() => central);
  const run = (holds: () => boolean) => clock.runUntil(holds, () => line.busy > 0);
  const start = () => ship(field, { url: '', clock, transport: line, random: () => 0 }).uplink;
  return { field, clock, central, line, run, start };
}

test('a hit is in the next request, behind thousands of counts and a request of records that is under way', async () => {
  const { field, central, line, run, start } = await told();
  await field.keep(crossingRecord('gate-1'));
  for (let i = 0; i < queued; i += 5000)
    field.store.enqueue(Array.from({ length: 5000 }, () => packet(64, { kind: 'statistics' })));
  line.answers = (request) => request > 0;
  const uplink = start();
  await run(() => line.kinds.length === 1);
  assert.equal(line.kinds[0]![0], 'crossing');
  await field.keep(alarmRecord('gate-1'));
  await run(() => line.kinds.length === 2);
  assert.deepEqual([line.brokenOff, line.kinds[1]![0]], [[0], 'alarm']);
  await run(() => field.store.outbox.stats().delivered > 1);
  assert.equal(uplink.lastFault() === 'uplink.offline', false, 'giving way is no failure');
  await uplink.stop();
  await central.close();
  await field[Symbol.asyncDispose]();
});

test('a request without a hit that has once given way goes to its end: what waits goes on however many hits come', async () => {
  const { field, central, line, run, start } = await told();
  field.store.enqueue(Array.from({ length: 12 }, () => packet(100_000, { kind: 'statistics' })));
  // Each request of counts hangs as long as it may; hits are answered.
  line.answers = (request) => line.kinds[request]![0] === 'alarm';
  const uplink = start();
  for (const requests of [1, 3]) {
    await run(() => line.kinds.length === requests);
    await field.keep(alarmRecord('gate-1'));
  }
  await run(() => uplink.lastFault() === 'uplink.offline');
  assert.deepEqual(
    line.kinds.slice(0, 3).map(([first]) => first),
    ['statistics', 'alarm', 'statistics'],
  );
  assert.ok(line.kinds[2]!.length < line.kinds[0]!.length, 'and it is smaller');
  assert.deepEqual(line.brokenOff, [0, 2]);
  await uplink.stop();
  await central.close();
  await field[Symbol.asyncDispose]();
});

test('a hit is not held up by the bulk that could go with it, nor does it hold that up twice', async () => {
  const { field, central, line, run, start } = await told();
  for (let i = 0; i < 4; i++)
    field.store.enqueue([packet(60_000, { kind: 'statistics', keyId: field.credentials.centralKey.id })]);
  for (let i = 0; i < 2; i++) await field.keep(alarmRecord('gate-1'));
  const uplink = start();
  await run(() => line.kinds.length > 1);
  assert.deepEqual(line.kinds[0], ['alarm', 'alarm']);
  assert.equal(line.kinds[1]![0], 'statistics');
  await uplink.stop();
  // Bulk that is small goes along.
  const small = await told();
  await small.field.keep(statisticsRecord('gate-1'));
  await small.field.keep(alarmRecord('gate-1'));
  const other = small.start();
  await small.run(() => small.line.kinds.length > 0);
  assert.deepEqual(small.line.kinds[0], ['alarm', 'statistics']);
  await other.stop();
  for (const one of [central, small.central]) await one.close();
  for (const one of [field, small.field]) await one[Symbol.asyncDispose]();
});

test('a hit that is under way when the line falls silent is sent anew within a second of its return', async () => {
  const { field, clock, central, line, run, start } = await told();
  field.store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [packet(64, { kind: 'statistics' })]);
  await field.keep(alarmRecord('gate-1'));
  line.answers = (request) => request > 0;
  const uplink = start();
  await run(() => line.kinds.length === 1);
  const startMs = clock.now();
  await run(() => clock.now() >= startMs + 3000);
  assert.equal(line.kinds.length, 1, 'a slow central is left in peace');
  line.open = false;
  await run(() => clock.now() >= startMs + 8000);
  assert.equal(line.kinds.length, 1);
  line.open = true;
  const backMs = clock.now();
  await run(() => line.kinds.length === 2);
  assert.ok(clock.now() - backMs < 1000, `${clock.now() - backMs} ms of the clock that is not real`);
  assert.equal(line.kinds[1]![0], 'alarm');
  await uplink.stop();
  await central.close();
  await field[Symbol.asyncDispose]();
});
