import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LimenRecord, StatisticsRecord } from '../../main/contract/record.ts';
import { cellsOf } from '../../main/keeping/cells.ts';
import { openRecordKeeper } from '../../main/keeping/record-keeper.ts';
import { openStatisticsKeeper } from '../../main/keeping/statistics-keeper.ts';
import type { Store } from '../../main/store/store.ts';
import { newDisk, packet } from '../store/disk.ts';
import { biometricsRecord, crossingRecord, guardRecord, uuidv7 } from '../uplink/records.ts';

const hourMs = 3_600_000;
const cell =
  /^(guard\/(admit|second-line)|(clear|refer)\/(nothing|[a-z+]+)\/(under-30s|under-60s|under-120s|over-120s|untold))$/;

/** The records of a crossing that took so long, and what of it was captured. */
function crossing(nowMs: number, { seconds, finger, refer }: { seconds: number; finger: boolean; refer: boolean }) {
  const crossingId = uuidv7(nowMs - seconds * 1000);
  const occurredAt = new Date(nowMs).toISOString();
  const record = crossingRecord('gate-1', '', { crossingId, occurredAt, outcome: refer ? 'refer' : 'clear' });
  const records: LimenRecord[] = [record];
  if (finger) records.push(biometricsRecord('gate-1', '', { crossingId, bytes: 40 }));
  if (refer) records.push({ ...guardRecord('gate-1'), crossingId });
  return { crossingId, records };
}

test('a crossing is counted by its outcome, by what it was compared by and by how long it took', () => {
  const nowMs = Date.UTC(2027, 0, 1, 12);
  const cells = (about: Parameters<typeof crossing>[1]) => cellsOf(crossing(nowMs, about).records);
  assert.deepEqual(cells({ seconds: 12, finger: true, refer: false }), ['clear/document+finger/under-30s']);
  assert.deepEqual(cells({ seconds: 59.9, finger: false, refer: false }), ['clear/document/under-60s']);
  assert.deepEqual(cells({ seconds: 119, finger: true, refer: true }), [
    'refer/document+finger/under-120s',
    'guard/admit',
  ]);
  assert.deepEqual(cells({ seconds: 600, finger: false, refer: false }), ['clear/document/over-120s']);
  assert.deepEqual(cells({ seconds: -1, finger: false, refer: false }), ['clear/document/untold']);
});

test('no count under the smallest leaves, none tells who or when within the hour, and every crossing is counted once', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ seconds: fc.integer({ min: -5, max: 300 }), finger: fc.boolean(), refer: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: -2 * hourMs, max: 3 * hourMs }) }) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  );
  let shipped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 80 }),
      fc.integer({ min: 2, max: 6 }),
      async (steps, smallestCount) => {
        using disk = newDisk();
        let nowMs = Date.UTC(2027, 0, 1, 12, 30);
        const records: StatisticsRecord[] = [];
        const ids = new Set<string>();
        const counted = new Map<string, number>();
        const open = () => {
          const store = disk.open({ clock: { now: () => nowMs } });
          const keeper = openStatisticsKeeper({
            store,
            kioskId: 'gate-1',
            smallestCount,
            seal: async (record) => {
              records.push(StatisticsRecord.parse(record));
              return packet(50, { id: record.id, kind: 'statistics' });
            },
            onShipped: () => {},
            now: () => nowMs,
          });
          const kept = openRecordKeeper({
            store,
            seal: async ({ id, kind }) => packet(50, { id, kind }),
            onStored: () => {},
          });
          return { store, keeper, kept };
        };
        let one = open();
        for (const what of steps) {
          if (what === 'restart') {
            one.store.close();
            one = open();
          } else if ('passMs' in what) nowMs += what.passMs;
          else {
            const { crossingId, records: made } = crossing(nowMs, what);
            ids.add(crossingId);
            for (const { id } of made) ids.add(id);
            for (const name of cellsOf(made)) counted.set(name, (counted.get(name) ?? 0) + 1);
            await one.kept.conclude(crossingId, what.refer ? 'refer' : 'clear', made);
            // A repeat is not counted again.
            await one.kept.conclude(crossingId, what.refer ? 'refer' : 'clear', made);
          }
          assert.equal(await one.keeper.beat(), undefined);
        }
        const left = leftIn(one.store, nowMs);
        one.store.close();
        shipped += records.length;
        const sums = new Map(left);
        for (const { from, to, occurredAt, counts } of records) {
          for (const [name, count] of Object.entries(counts)) {
            assert.match(name, cell);
            assert.ok(count >= smallestCount, `${count} under ${smallestCount}`);
            sums.set(name, (sums.get(name) ?? 0) + count);
          }
          for (const at of [from, to, occurredAt]) assert.equal(Date.parse(at) % hourMs, 0);
          assert.ok(from < to);
        }
        const text = JSON.stringify(records.map(({ id: _, ...record }) => record));
        for (const id of ids) assert.ok(!text.includes(id));
        assert.deepEqual(
          [...sums].toSorted(([a], [b]) => a.localeCompare(b)),
          [...counted].toSorted(([a], [b]) => a.localeCompare(b)),
        );
      },
    ),
    { numRuns: 25 },
  );
  assert.ok(shipped > 0, 'something was shipped at all');
});

/** What waits, whatever its size: asked of a time that is far away. */
function leftIn({ tally }: Store, nowMs: number): Map<string, number> {
  const left = new Map<string, number>();
  const farMs = nowMs + 1000 * hourMs;
  for (let ripe = tally.ripe(1, farMs); ripe; ripe = tally.ripe(1, farMs)) {
    for (const [name, count] of Object.entries(ripe.counts)) left.set(name, count);
    tally.take(ripe);
  }
  return left;
}

test('counts for which there is no room wait, and are not lost', async () => {
  using disk = newDisk();
  const nowMs = Date.UTC(2027, 0, 1, 12, 30);
  const store = disk.open({ maxBytes: 100_000 });
  store.conclude({ crossingId: uuidv7(nowMs), outcome: 'clear' }, [packet(90_000)], [], ['guard/admit']);
  store.conclude({ crossingId: uuidv7(nowMs), outcome: 'clear' }, [packet(50)], [], ['guard/admit']);
  const farMs = Date.now() + 2 * hourMs;
  const ripe = store.tally.ripe(2, farMs)!;
  assert.deepEqual(ripe.counts, { 'guard/admit': 2 });
  assert.equal(store.handOverCounts(ripe, packet(50, { kind: 'statistics' })), false);
  assert.deepEqual(store.tally.ripe(2, farMs), ripe);
  store.close();
});
