import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { listGaps, listRecords } from '../../central/report.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { openStore } from '../../main/store/store.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { startUplink } from '../../main/uplink/uplink.ts';
import { renew, runs } from '../central/place.ts';
import { type Field, keep, layField } from './field.ts';
import { Line, type Mishap, nearCentral, VirtualClock } from './line.ts';
import { alarmRecord, biometricsRecord, crossingRecord, guardRecord, statisticsRecord } from './records.ts';

const mishap = fc.constantFrom<Mishap>(
  'none',
  'request lost',
  'reply lost',
  'sent twice',
  'stuck',
  'reply garbled',
  'an earlier reply',
);
const deed = fc.constantFrom(
  'crossing',
  'captured',
  'alarm',
  'counts',
  'guard',
  'repeat',
  'kiosk restarts',
  'central restarts',
  'time passes',
);

/** The records that deeds make. */
const makers: Readonly<Record<string, (kioskId: string) => LimenRecord>> = {
  captured: biometricsRecord,
  alarm: alarmRecord,
  counts: statisticsRecord,
  guard: guardRecord,
};

const ids = (records: readonly { id: string }[]) => new Set(records.map(({ id }) => id));

let field: Field;
before(async () => void (field = await layField()));
after(() => field[Symbol.asyncDispose]());

test('each record has its effect at central exactly once, whatever is lost, doubled, stuck or restarted', async () => {
  let [requests, deliveries] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 12 }),
      fc.array(mishap, { maxLength: 15 }),
      fc.noShrink(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))),
      async (deeds, mishaps, randoms) => {
        const clock = new VirtualClock();
        const file = join(field.directory, 'simulated.db');
        for (const suffix of ['', '-wal', '.reserve']) rmSync(file + suffix, { force: true });
        await renew(join(field.pki.central, 'central.db'));
        let central = await nearCentral(field, clock);
        const line = new Line(() => central, mishaps);
        const { kioskId, tls, receiptKey, centralKey } = field.credentials;
        const random = () => randoms.next().value as number;
        const start = () => {
          const store = openStore({
            file,
            key: new Uint8Array(32),
            uptime: { bootId: '', ms: () => clock.now() },
            reserveBytes: 4096,
          });
          const { outbox } = store;
          const uplink = startUplink({ outbox, url: '', tls, receiptKey, kioskId, clock, random, transport: line });
          return { store, uplink };
        };
        let kiosk = start();
        const records: LimenRecord[] = [];
        for (const deed of deeds) {
          if (deed === 'time passes') {
            const seen = line.requests;
            await clock.runUntil(
              () => line.requests > seen,
              () => line.busy > 0,
            );
          } else if (deed === 'kiosk restarts') {
            await kiosk.uplink.stop();
            kiosk.store.close();
            kiosk = start();
          } else if (deed === 'central restarts') {
            await clock.runUntil(
              () => line.busy === 0,
              () => true,
            );
            await central.close();
            central = await nearCentral(field, clock);
          } else {
            const made = (makers[deed] ?? crossingRecord)(kioskId);
            const record = deed === 'repeat' ? (records.at(-1) ?? made) : made;
            // Sealed anew: a repeat has the same id and other bytes.
            keep(kiosk.store, record, await sealRecord(record, centralKey));
            if (record === made) records.push(record);
            kiosk.uplink.nudge();
          }
        }
        await clock.runUntil(
          () => kiosk.store.outbox.stats().ready === 0,
          () => line.busy > 0,
        );
        await kiosk.uplink.stop();
        const arrived = await listRecords(central.database);
        assert.deepEqual([arrived.length, ids(arrived)], [records.length, ids(records)]);
        assert.deepEqual(await listGaps(central.database), []);
        const { oldestSeconds: _, ...stats } = kiosk.store.outbox.stats();
        assert.deepEqual(stats, { ready: 0, parked: 0, bytes: 0, delivered: records.length });
        requests += line.requests;
        deliveries += records.length;
        kiosk.store.close();
        await central.close();
      },
    ),
    { numRuns: Number(process.env['LIMEN_SIMULATED_RUNS'] ?? runs(25)) },
  );
  console.log(`${deliveries} records, ${requests} requests`);
});
