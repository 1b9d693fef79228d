import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { laneOf, lanes, type PacketKind } from '../../main/contract/packet.ts';
import { choose, patience, type Waiting } from '../../main/store/choice.ts';
import { migrate } from '../../main/store/migration.ts';
import { uuidv7 } from '../uplink/records.ts';
import { newDisk, packet } from './disk.ts';

const kinds = Object.keys(laneOf) as PacketKind[];
const limits = { maxRows: 8, maxBytes: 2000, partBytes: 500 };
const lane = (kind: PacketKind) => lanes.indexOf(laneOf[kind]);

test('a hit goes with the next request, whatever waits and however long it has waited', () => {
  const arrivals = fc.array(fc.array(fc.constantFrom(...kinds.filter((kind) => kind !== 'alarm')), { maxLength: 12 }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(arrivals, (turns) => {
      using disk = newDisk();
      const store = disk.open();
      for (const turn of turns) {
        store.enqueue(turn.map((kind) => packet(700, { kind })));
        store.outbox.acknowledge(store.outbox.next(limits).flatMap(({ packet, part }) => (part ? [] : [packet.id])));
        const hit = packet(300, { kind: 'alarm' });
        store.enqueue([hit]);
        assert.equal(store.outbox.next(limits)[0]?.packet.id, hit.id);
        store.outbox.acknowledge([hit.id]);
      }
      store.close();
    }),
    { numRuns: 25 },
  );
});

test('whatever arrives, no lane waits longer than its patience and a turn for each other lane, and each keeps its order', () => {
  const flood = fc.array(fc.array(fc.constantFrom(...kinds), { maxLength: 20 }), { minLength: 40, maxLength: 60 });
  const sizes = fc.infiniteStream(fc.constantFrom(60, 400, 1300));
  fc.assert(
    fc.property(flood, fc.noShrink(sizes), (turns, size) => {
      using disk = newDisk();
      let store = disk.open();
      const waited = new Map<number, number>();
      const last = new Map<number, number>();
      for (const [index, turn] of turns.entries()) {
        // A core that starts again forgets nobody's wait.
        if (index % 20 === 19) {
          store.close();
          store = disk.open();
        }
        const { value } = size.next() as { value: number };
        store.enqueue([...turn, 'alarm' as const].map((kind) => packet(kind === 'alarm' ? 60 : value, { kind })));
        const before = new Set(
          store.outbox.next({ maxRows: 10_000, maxBytes: Infinity }).map((row) => lane(row.packet.kind)),
        );
        const rows = store.outbox.next(limits);
        const served = new Set(rows.map((row) => lane(row.packet.kind)));
        for (const each of before) waited.set(each, served.has(each) ? 0 : (waited.get(each) ?? 0) + 1);
        for (const [each, turns] of waited)
          assert.ok(turns <= (each === 0 ? 0 : patience[each]!) + lanes.length - 1, `${lanes[each]} waited ${turns}`);
        for (const { packet, sequence, part } of rows) {
          assert.ok(sequence >= (last.get(lane(packet.kind)) ?? 0));
          last.set(lane(packet.kind), part ? sequence : sequence + 1);
        }
        store.outbox.settle({
          stored: rows
            .filter((row) => !row.part || row.part.offset + row.packet.sealed.length === row.part.totalBytes)
            .map((row) => row.packet.id),
          partial: rows.flatMap(({ packet, part }) =>
            part ? [{ id: packet.id, bytes: part.offset + packet.sealed.length }] : [],
          ),
        });
      }
      store.close();
    }),
    { numRuns: 8 },
  );
});

test('a request keeps to its rows and bytes, but for one packet whose turn it is', () => {
  const waiting = fc.array(
    fc.record({
      passedOver: fc.nat(30),
      packets: fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 600 }), partly: fc.boolean() }), {
        maxLength: 40,
      }),
    }),
    { minLength: 5, maxLength: 5 },
  );
  fc.assert(
    fc.property(waiting, (drawn) => {
      let sequence = 0;
      const all = drawn.map(({ passedOver, packets }, lane) => ({
        lane,
        passedOver,
        packets: packets.map((one): Waiting => ({ ...one, lane, sequence: ++sequence })),
      }));
      const full = all.filter(({ packets }) => packets.length > 0);
      const chosen = choose(full, { maxRows: 8, maxBytes: 1000 });
      const bytes = chosen.reduce((sum, each) => sum + each.bytes, 0);
      assert.ok(chosen.length <= 8 && bytes <= 1600);
      assert.equal(chosen.length === 0, full.length === 0);
      // Of each lane its first ones, and none after a part.
      for (const { lane, packets } of full) {
        const own = chosen.filter((each) => each.lane === lane);
        assert.deepEqual(own, packets.slice(0, own.length));
        assert.ok(own.slice(0, -1).every(({ partly }) => !partly));
      }
    }),
  );
});

test('what goes next is found by the index, whatever waits behind', () => {
  const database = new Database(':memory:');
  migrate(database);
  for (const where of [
    'fault IS NULL AND lane = 1 ORDER BY sequence LIMIT 32',
    'fault IS NOT NULL ORDER BY sequence LIMIT 50',
    'crossing_id = 1',
    `id = 'a'`,
  ]) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE ${where}`).all() as {
      detail: string;
    }[];
    assert.match(plan.map(({ detail }) => detail).join(), /USING (COVERING )?INDEX/);
    assert.doesNotMatch(plan.map(({ detail }) => detail).join(), /TEMP B-TREE/);
  }
});

test('a lane counts what it holds: added, delivered, parked, tried again', () => {
  using disk = newDisk();
  const store = disk.open();
  const counts = Array.from({ length: 6 }, () => packet(100, { kind: 'statistics' }));
  store.enqueue(counts);
  store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [packet()]);
  assert.equal(store.outbox.bytes('statistics'), 600);
  const [first, second, third] = counts.map(({ id }) => id);
  store.outbox.settle({ stored: [first!], refused: [{ id: second!, refusal: 'record-malformed' }] });
  store.outbox.park(third!, 'store.corrupt');
  assert.equal(store.outbox.bytes('statistics'), 300);
  assert.deepEqual(
    store.outbox.parked(9).map(({ id, kind, fault, refusal, bytes }) => ({ id, kind, fault, refusal, bytes })),
    [
      { id: second, kind: 'statistics', fault: 'uplink.refused', refusal: 'record-malformed', bytes: 100 },
      { id: third, kind: 'statistics', fault: 'store.corrupt', refusal: null, bytes: 100 },
    ],
  );
  assert.deepEqual(
    [store.outbox.unpark(second), store.outbox.unpark(second), store.outbox.parked(9).length],
    [1, 0, 1],
  );
  assert.equal(store.outbox.bytes('statistics'), 400);
  store.outbox.acknowledge([third!]);
  assert.deepEqual([store.outbox.bytes('statistics'), store.outbox.stats().parked], [400, 0]);
  store.close();
});
