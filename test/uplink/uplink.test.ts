import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import { backoffMs, retryAfterMs } from '../../main/uplink/backoff.ts';
import type { Answer, Transport } from '../../main/uplink/transport.ts';
import { packet, fill } from '../store/disk.ts';
import { type Field, layField, ship } from './field.ts';
import { Line, nearCentral, VirtualClock } from './line.ts';
import { crossingRecord, guardRecord } from './records.ts';

let field: Field;
before(async () => void (field = await layField()));
after(() => field[Symbol.asyncDispose]());

/** A transport that gives what it is told to, with the number of packets it was given and when. */
function scripted(clock: VirtualClock, answer: (bytes: number) => Answer): Transport & { times: number[] } {
  const times: number[] = [];
  return {
    times,
    post: async (_, body) => {
      times.push(clock.now());
      return answer(body.length);
    },
    reaches: async () => true,
    close: async () => {},
  };
}

test('failures are spread over a bound that doubles up to a minute', () => {
  const bounds = [1, 2, 3, 8, 9, 10, 1000].map((failures) => backoffMs(failures, () => 1));
  assert.deepEqual(bounds, [250, 500, 1000, 32_000, 60_000, 60_000, 60_000]);
  assert.equal(
    backoffMs(5, () => 0),
    0,
  );
  assert.equal(
    backoffMs(3, () => 0.25),
    250,
  );
});

test('Retry-After is read in both its forms, and no answer can silence a kiosk for good', () => {
  const now = Date.parse('2026-11-24T04:10:00Z');
  const values = [
    '120',
    'Tue, 24 Nov 2026 04:10:30 GMT',
    'Mon, 23 Nov 2026 04:10:30 GMT',
    '-5',
    'soon',
    '',
    '999999999',
    undefined,
  ];
  assert.deepEqual(
    values.map((value) => retryAfterMs(value, now)),
    [120_000, 30_000, 0, 0, 0, 0, 3_600_000, 0],
  );
});

test('the quiet that central asks for is kept, nudged or not', async () => {
  const clock = new VirtualClock();
  const transport = scripted(clock, () => ({ status: 503, retryAfter: '300', body: '' }));
  const { uplink } = ship(field, { url: '', clock, transport, random: () => 0 });
  await clock.runUntil(
    () => transport.times.length === 1,
    () => false,
  );
  const nudging = () => {
    uplink.nudge();
    return transport.times.length === 2;
  };
  await clock.runUntil(nudging, () => false);
  assert.equal(transport.times[1]! - transport.times[0]!, 300_000);
  assert.deepEqual([uplink.status(), uplink.lastFault()], ['offline', 'uplink.offline']);
  await uplink.stop();
});

test('a request that gets no answer is given up, and a new record is tried at once', async () => {
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central, ['stuck', 'stuck']);
  const { uplink } = ship(field, { url: '', clock, transport: line, random: () => 0.999 });
  await clock.runUntil(
    () => uplink.lastFault() === 'uplink.offline',
    () => line.busy > 0,
  );
  assert.equal(clock.now() - Date.UTC(2026, 10, 24), 30_000);
  uplink.nudge();
  await clock.runUntil(
    () => line.requests === 2,
    () => true,
  );
  await clock.runUntil(
    () => uplink.status() === 'online',
    () => line.busy > 0,
  );
  await uplink.stop();
  await central.close();
});

test("a poison packet is parked by central's word, the lane goes on, and it may be tried again", async () => {
  await using field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  await field.keep(crossingRecord('gate-1'));
  const poison = packet(300, { keyId: field.credentials.centralKey.id });
  fill(field.store, [poison, packet(300, { keyId: 'forgotten' })]);
  await field.keep(crossingRecord('gate-1'));
  const { uplink } = ship(field, { url: '', clock, transport: line });
  await clock.runUntil(
    () => field.store.outbox.stats().ready === 0,
    () => line.busy > 0,
  );
  const { parked, delivered } = field.store.outbox.stats();
  assert.deepEqual(
    { parked, delivered, fault: uplink.lastFault() },
    { parked: 2, delivered: 2, fault: 'uplink.refused' },
  );
  assert.equal(field.store.outbox.unpark(), 2);
  uplink.nudge();
  await clock.runUntil(
    () => field.store.outbox.stats().parked === 2,
    () => line.busy > 0,
  );
  await uplink.stop();
  await central.close();
});

test('when a batch is refused whole, the packet to blame is found and parked, and no other', async () => {
  await using field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  // Larger than this central lets in.
  const narrow: Transport = {
    post: async (path, body, signal) =>
      body.length > 200_000 ? { status: 413, body: '' } : line.post(path, body, signal),
    reaches: () => line.reaches(),
    close: () => line.close(),
  };
  for (let i = 0; i < 9; i++) await field.keep(guardRecord('gate-1'));
  const large = packet(250_000, { kind: 'guard-decision' });
  fill(field.store, [large]);
  for (let i = 0; i < 9; i++) await field.keep(guardRecord('gate-1'));
  const { uplink } = ship(field, { url: '', clock, transport: narrow, random: () => 0 });
  await clock.runUntil(
    () => field.store.outbox.stats().ready === 0,
    () => line.busy > 0,
  );
  const { parked, delivered, bytes } = field.store.outbox.stats();
  assert.deepEqual({ parked, delivered, bytes }, { parked: 1, delivered: 18, bytes: 250_000 });
  await uplink.stop();
  await central.close();
});

test("statuses that blame nobody's packet delete nothing and park nothing", async () => {
  await using field = await layField();
  await field.keep(guardRecord('gate-1'));
  for (const status of [400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504, 100, 999]) {
    const clock = new VirtualClock();
    const transport = scripted(clock, () => ({ status, body: 'eyJ' }));
    const { uplink } = ship(field, { url: '', clock, transport, random: () => 0.5 });
    await clock.runUntil(
      () => transport.times.length === 3,
      () => false,
    );
    await uplink.stop();
    const { ready, parked, delivered } = field.store.outbox.stats();
    assert.deepEqual({ ready, parked, delivered }, { ready: 1, parked: 0, delivered: 0 }, String(status));
  }
});

test('central is spoken to by https or not at all', () => {
  for (const url of ['http://central', 'central', '', 'ftp://central'])
    assert.throws(() => ship(field, { url }), { name: 'Fault', code: 'config.invalid' }, url);
});

test('a good receipt under any status but 200 deletes nothing', async () => {
  await using field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  await field.keep(guardRecord('gate-1'));
  let answers = 0;
  const transport: Transport = {
    post: async (path, body, signal) => {
      const answer = await line.post(path, body, signal);
      answers++;
      return { ...answer, status: 202 };
    },
    reaches: () => line.reaches(),
    close: () => line.close(),
  };
  const { uplink } = ship(field, { url: '', clock, transport, random: () => 0 });
  await clock.runUntil(
    () => answers === 3,
    () => line.busy > 0,
  );
  await uplink.stop();
  assert.deepEqual([field.store.outbox.stats().ready, uplink.status()], [1, 'offline']);
  await central.close();
});

test('a store that fails is reported, and the uplink lives on', async () => {
  const clock = new VirtualClock();
  let failures = 2;
  const { store } = field;
  const outbox = new Proxy(store.outbox, {
    get: (target, name) => {
      if (name === 'next' && failures-- > 0) throw new Fault('store.failed');
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  const faults = new Set<string>();
  const { uplink, until } = ship(field, { outbox, url: '', clock, transport: line });
  void until((uplink) => {
    faults.add(uplink.lastFault());
    return false;
  });
  await clock.runUntil(
    () => uplink.status() === 'online',
    () => line.busy > 0,
  );
  assert.ok(faults.has('store.failed'));
  await uplink.stop();
  await central.close();
});

test('a mended line is used within a second, however long it was down; a central that only fails is left in peace', async () => {
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  const start = clock.now();
  const mendedAt = start + 3_600_000;
  const attempts: number[] = [];
  const transport: Transport = {
    post: async (path, body, signal) => {
      attempts.push(clock.now());
      if (clock.now() < mendedAt) throw new Fault('uplink.offline');
      return line.post(path, body, signal);
    },
    reaches: async () => clock.now() >= mendedAt,
    close: () => line.close(),
  };
  const { uplink } = ship(field, { url: '', clock, transport, random: () => 0.999 });
  await clock.runUntil(
    () => uplink.status() === 'online',
    () => line.busy > 0,
  );
  const first = attempts.find((at) => at >= mendedAt) ?? Infinity;
  assert.ok(first - mendedAt < 1000, `${first - mendedAt} ms`);
  // About one a minute, however often the port was looked at.
  assert.ok(attempts.length < 80, `${attempts.length} attempts`);
  await uplink.stop();
  await central.close();
});
