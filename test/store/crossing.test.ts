import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { laneOf, lanes, type PacketKind } from '../../main/contract/packet.ts';
import { uuidv7 } from '../uplink/records.ts';
import { contents, newDisk, packet } from './disk.ts';

const kinds = Object.keys(laneOf) as PacketKind[];
const startedAt = '2026-11-24T04:10:00.000Z';

test('a crossing a dead core left behind is found once, with its start, and ends when it is concluded', () => {
  using disk = newDisk();
  const [left, kept, done] = [uuidv7(), uuidv7(), uuidv7()];
  let store = disk.open();
  for (const crossingId of [left, kept, done]) store.begin({ crossingId, startedAt });
  store.begin({ crossingId: kept, startedAt: 'later' });
  store.abandon(left);
  store.conclude({ crossingId: done, outcome: 'clear' }, [packet()]);
  store.close();
  store = disk.open();
  assert.deepEqual(store.interrupted(), [{ crossingId: kept, startedAt }]);
  store.conclude({ crossingId: kept, outcome: 'refer' }, [packet()]);
  assert.deepEqual(store.interrupted(), []);
  store.abandon(done);
  assert.equal(contents(store).length, 2);
  store.close();
});

test('a conclusion repeated changes nothing, before delivery and after it', () => {
  using disk = newDisk();
  const store = disk.open();
  const [crossingId, first] = [uuidv7(), packet()];
  store.begin({ crossingId, startedAt });
  for (let i = 0; i < 2; i++) store.conclude({ crossingId, outcome: 'clear' }, [first]);
  assert.deepEqual(contents(store), [first]);
  store.outbox.acknowledge([first.id, first.id]);
  store.conclude({ crossingId, outcome: 'clear' }, [first]);
  store.outbox.acknowledge([first.id]);
  assert.deepEqual([contents(store), store.interrupted(), store.outbox.stats().delivered], [[], [], 1]);
  store.close();
});

test('what is stored is as full as it was, numbered without gaps, the most urgent first, whatever the order of events', () => {
  const event = fc.oneof(
    fc.record({
      do: fc.constant('conclude' as const),
      kind: fc.constantFrom(...kinds),
    }),
    fc.record({ do: fc.constant('overflow' as const) }),
    fc.record({ do: fc.constant('acknowledge' as const), rows: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('park' as const) }),
    fc.record({ do: fc.constant('unpark' as const) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), (events) => {
      using disk = newDisk();
      let store = disk.open({ maxBytes: 100_000 });
      let sequence = 0;
      let ready: { sequence: number; packet: ReturnType<typeof packet> }[] = [];
      let parked: typeof ready = [];
      for (const event of events) {
        if (event.do === 'conclude') {
          const next = packet(300, { kind: event.kind });
          store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [next]);
          ready.push({ sequence: ++sequence, packet: next });
        } else if (event.do === 'overflow') {
          const both = [packet(), packet(100_000)];
          assert.throws(() => store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, both), { code: 'store.full' });
        } else if (event.do === 'acknowledge') {
          const ids = store.outbox.next({ maxRows: event.rows, maxBytes: 1000 }).map(({ packet }) => packet.id);
          store.outbox.acknowledge(ids);
          store.outbox.purge();
          ready = ready.filter(({ packet }) => !ids.includes(packet.id));
        } else if (event.do === 'park') {
          const [row] = store.outbox.next({ maxRows: 1, maxBytes: 1 });
          if (!row) continue;
          store.outbox.park(row.packet.id, 'uplink.refused');
          ready = ready.filter(({ packet }) => packet.id !== row.packet.id);
          parked.push(row);
        } else if (event.do === 'unpark') {
          assert.equal(store.outbox.unpark(), parked.length);
          ready.push(...parked);
          parked = [];
        } else {
          store.close();
          store = disk.open({ maxBytes: 100_000 });
        }
        const lane = (row: (typeof ready)[number]) => lanes.indexOf(laneOf[row.packet.kind]);
        ready.sort((a, b) => lane(a) - lane(b) || a.sequence - b.sequence);
        assert.deepEqual(store.outbox.next({ maxRows: 100, maxBytes: 100_000 }), ready);
        const { oldestSeconds: _, ...stats } = store.outbox.stats();
        assert.deepEqual(stats, {
          ready: ready.length,
          parked: parked.length,
          bytes: [...ready, ...parked].reduce((sum, { packet }) => sum + packet.sealed.length, 0),
          delivered: sequence - ready.length - parked.length,
        });
      }
      store.close();
    }),
    { numRuns: 25 },
  );
});

test('a batch keeps to its bytes, and a packet larger than that travels alone', () => {
  using disk = newDisk();
  const store = disk.open();
  const sizes = [600, 300, 5000, 100];
  store.conclude(
    { crossingId: uuidv7(), outcome: 'clear' },
    sizes.map((bytes) => packet(bytes)),
  );
  const taken: number[][] = [];
  for (;;) {
    const rows = store.outbox.next({ maxRows: 10, maxBytes: 1000 });
    if (rows.length === 0) break;
    taken.push(rows.map(({ packet }) => packet.sealed.length));
    store.outbox.acknowledge(rows.map(({ packet }) => packet.id));
  }
  assert.deepEqual(taken, [[600, 300], [5000], [100]]);
  store.close();
});
