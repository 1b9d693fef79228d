import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutboxEvent } from '../../main/store/outbox.ts';
import { contents, fill, newDisk, packet } from './disk.ts';

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 10, 24, 12);

test('past its age nobody is let in, until what waited has left; counts and what is parked do not count', () => {
  using disk = newDisk();
  let uptime = 0;
  const store = disk.open({ uptime: { bootId: 'one', ms: () => uptime }, maxAgeMs: 3 * dayMs });
  store.enqueue([packet(200, { kind: 'statistics' })]);
  const [poison, record] = [packet(), packet()];
  fill(store, [poison]);
  store.outbox.park(poison.id, 'uplink.refused');
  uptime = 2 * dayMs;
  fill(store, [record]);
  uptime = 5 * dayMs;
  assert.equal(store.admission(), 'open');
  uptime += 1;
  assert.deepEqual([store.admission(), store.admits()], ['old', false]);
  store.outbox.acknowledge([record.id]);
  assert.equal(store.admission(), 'open');
  store.close();
});

test('the time a kiosk was switched off counts once central has said what time it is, and no clock of its own has a say', () => {
  using disk = newDisk();
  let uptime = 1000;
  const open = () => disk.open({ uptime: { bootId: 'one', ms: () => uptime }, maxAgeMs: 3 * dayMs });
  let store = open();
  store.outbox.settle({ centralMs: noon });
  fill(store, [packet()]);
  store.close();
  // Off for four days; its clock starts again from nothing.
  uptime = 0;
  store = open();
  assert.equal(store.admission(), 'open');
  store.outbox.settle({ centralMs: noon + 4 * dayMs });
  assert.equal(store.admission(), 'old');
  assert.equal(Math.round(store.outbox.stats().oldestSeconds), 4 * 86_400);
  // Central's clock, put right again, takes nothing back, and adds nothing twice.
  store.outbox.settle({ centralMs: noon });
  store.outbox.settle({ centralMs: noon + 1000 });
  assert.equal(Math.round(store.outbox.stats().oldestSeconds), 4 * 86_400);
  store.close();
});

test('the delays of the line do not add up to an age', () => {
  using disk = newDisk();
  let uptime = 0;
  const store = disk.open({ uptime: { bootId: 'one', ms: () => uptime } });
  fill(store, [packet()]);
  for (let heard = 0; heard < 1000; heard++) {
    uptime += 30_000;
    store.outbox.settle({ centralMs: noon + uptime + (heard % 2) * 20_000 });
  }
  assert.equal(store.outbox.stats().oldestSeconds, uptime / 1000);
  store.close();
});

test('counts are done without first, are never more than their share, and are not dropped in silence', () => {
  using disk = newDisk();
  const events: OutboxEvent[] = [];
  const store = disk.open({ maxBytes: 320_000, note: (event) => events.push(event) });
  const counts = Array.from({ length: 5 }, () => packet(8_000, { kind: 'statistics' }));
  store.enqueue(counts.slice(0, 2));
  store.enqueue([counts[2]!]);
  assert.deepEqual(events, [{ event: 'packet-dropped', packetId: counts[2]!.id, reason: 'no-room' }]);
  store.outbox.acknowledge([counts[0]!.id]);
  const records = Array.from({ length: 26 }, () => packet(10_000));
  fill(store, records);
  assert.equal(store.admission(), 'full');
  store.enqueue([counts[3]!]);
  assert.deepEqual(events.at(-1), { event: 'packet-dropped', packetId: counts[3]!.id, reason: 'no-room' });
  // A crossing that had begun is stored even so.
  fill(store, [packet(20_000)]);
  assert.equal(contents(store).length, 28);
  store.close();
});

test('what becomes of a packet is told in the transaction that does it: a log that cannot be written undoes it', () => {
  using disk = newDisk();
  let deaf = false;
  const events: OutboxEvent[] = [];
  const note = (event: OutboxEvent) => {
    if (deaf) throw new Error('the log is full');
    events.push(event);
  };
  const store = disk.open({ note });
  const [one, other] = [packet(), packet()];
  fill(store, [one, other]);
  deaf = true;
  assert.throws(() => store.outbox.settle({ stored: [one.id], refused: [{ id: other.id }] }), { code: 'store.failed' });
  assert.deepEqual(contents(store), [one, other]);
  deaf = false;
  store.outbox.settle({ stored: [one.id], refused: [{ id: other.id }] });
  store.outbox.unpark();
  assert.deepEqual(
    events.map(({ event }) => event),
    ['packet-acknowledged', 'packet-parked', 'packets-unparked'],
  );
  store.close();
});
