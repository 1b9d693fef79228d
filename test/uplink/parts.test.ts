import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encode } from 'cborg';
import fc from 'fast-check';
import { listRecords } from '../../central/report.ts';
import { decodeCbor } from '../../central/cbor.ts';
import { type Batch, maxSealedBytes, partBytes, Receipt, type SealedPacket } from '../../main/contract/packet.ts';
import { openStore } from '../../main/store/store.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { renew, runs } from '../central/place.ts';
import { packet, sha256 } from '../store/disk.ts';
import { type Field, keep, layField, ship } from './field.ts';
import { Line, type Mishap, type NearCentral, nearCentral, VirtualClock } from './line.ts';
import { alarmRecord, biometricsRecord, crossingRecord } from './records.ts';

let field: Field;
before(async () => void (field = await layField()));
after(() => field[Symbol.asyncDispose]());

const large = () => biometricsRecord('gate-1', '', { bytes: 4 * partBytes });
const partsAt = async ({ database }: NearCentral) =>
  (await database.get<{ n: number }>('SELECT count(*) AS n FROM part'))!.n;

/** A line that tells what each request carried: kinds, and where a part began. */
class WatchedLine extends Line {
  readonly carried: string[][] = [];
  onRequest: (count: number) => void = () => {};

  override post(...asked: Parameters<Line['post']>): ReturnType<Line['post']> {
    const sent = (decodeCbor(asked[1], 1000) as Batch).packets as { packet: SealedPacket; part?: { offset: number } }[];
    this.carried.push(sent.map(({ packet, part }) => packet.kind + (part ? `@${part.offset}` : '')));
    this.onRequest(this.carried.length);
    return super.post(...asked);
  }
}

test('a large packet goes in parts, a hit and a record in between, and has its effect once with no byte of it left over', async () => {
  await using field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new WatchedLine(() => central);
  const record = large();
  await field.keep(record);
  // Stored while the second part is on its way.
  const later = [alarmRecord('gate-1'), crossingRecord('gate-1')];
  const sealed = await Promise.all(later.map((each) => sealRecord(each, field.credentials.centralKey)));
  line.onRequest = (count) => {
    if (count === 2) for (const [index, each] of later.entries()) keep(field.store, each, sealed[index]!);
  };
  const { uplink } = ship(field, { url: '', clock, transport: line });
  await clock.runUntil(
    () => field.store.outbox.stats().ready === 0,
    () => line.busy > 0,
  );
  await uplink.stop();
  assert.deepEqual(line.carried.slice(2, 4), [
    // A part by its side would hold it up.
    ['alarm'],
    ['crossing', `biometrics@${2 * partBytes}`],
  ]);
  const offsets = line.carried.flat().filter((kind) => kind.startsWith('biometrics@'));
  assert.deepEqual(offsets, [...new Set(offsets)], 'no part went twice');
  const records = await listRecords(central.database);
  assert.equal(records.filter(({ id }) => id === record.id).length, 1);
  const found = records.find(({ id }) => id === record.id);
  assert.equal(found?.kind === 'biometrics' && found.portrait?.sha256, sha256(record.portrait!));
  assert.equal(await partsAt(central), 0);
  await central.close();
});

test('killed and started again on either side, and whatever the line does, a part that central has is not asked for again', async () => {
  const mishap = fc.constantFrom<Mishap>(
    'none',
    'request lost',
    'reply lost',
    'sent twice',
    'reply garbled',
    'an earlier reply',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(mishap, { maxLength: 8 }),
      fc.array(fc.constantFrom('kiosk restarts', 'central restarts', 'time passes'), { maxLength: 6 }),
      async (mishaps, deeds) => {
        const clock = new VirtualClock();
        const file = join(field.directory, 'parts.db');
        for (const suffix of ['', '-wal', '.reserve']) rmSync(file + suffix, { force: true });
        await renew(join(field.pki.central, 'central.db'));
        let central = await nearCentral(field, clock);
        let most = 0;
        const line = new WatchedLine(() => central, mishaps);
        const { kioskId, tls } = field.credentials;
        const start = () => {
          const store = openStore({ file, key: new Uint8Array(32), reserveBytes: 4096 });
          return {
            store,
            ...ship({ ...field, store }, { url: '', kioskId, tls, clock, transport: line, random: () => 0.5 }),
          };
        };
        const busy = () => line.busy > 0;
        let kiosk = start();
        const record = large();
        keep(kiosk.store, record, await sealRecord(record, field.credentials.centralKey));
        kiosk.uplink.nudge();
        for (const deed of deeds) {
          if (deed === 'time passes') {
            const seen = line.requests;
            await clock.runUntil(() => line.requests > seen, busy);
          } else if (deed === 'kiosk restarts') {
            await kiosk.uplink.stop();
            kiosk.store.close();
            kiosk = start();
          } else {
            await clock.runUntil(
              () => line.busy === 0,
              () => true,
            );
            await central.close();
            central = await nearCentral(field, clock);
          }
        }
        await clock.runUntil(() => kiosk.store.outbox.stats().ready === 0, busy);
        await kiosk.uplink.stop();
        const records = await listRecords(central.database);
        assert.deepEqual(
          records.map(({ id }) => id),
          [record.id],
        );
        assert.equal(await partsAt(central), 0);
        // A part goes again only after an answer that was lost or no answer: never more often than there were mishaps.
        const offsets = line.carried.flat();
        most = Math.max(...offsets.map((one) => offsets.filter((other) => other === one).length));
        assert.ok(most <= 1 + mishaps.length + deeds.length);
        const first = offsets.filter((one) => one === 'biometrics@0').length;
        assert.ok(
          offsets.length - new Set(offsets).size <= mishaps.length + deeds.length,
          `${first} from the first byte`,
        );
        kiosk.store.close();
        await central.close();
      },
    ),
    { numRuns: Number(process.env['LIMEN_SIMULATED_RUNS'] ?? runs(12)) },
  );
});

/** Speaks to central as a kiosk of one's own making. */
async function bench() {
  const central = await nearCentral(field);
  const epoch = randomUUID();
  const send = async (
    sealed: SealedPacket,
    from: number,
    to: number,
    more: { sha256?: string; totalBytes?: number } = {},
  ) => {
    const part = { offset: from, totalBytes: sealed.sealed.length, sha256: sha256(sealed.sealed), ...more };
    const packets = [{ sequence: 1, packet: { ...sealed, sealed: sealed.sealed.slice(from, to) }, part }];
    const batch: Batch = {
      format: 'limen-batch',
      version: 1,
      kioskId: 'gate-1',
      epoch,
      nonce: 'N'.repeat(22),
      waiting: 0,
      packets,
    };
    const body = new Uint8Array(encode(batch));
    const response = await central.app.fetch(new Request('https://central/v1/packets', { method: 'POST', body }));
    assert.equal(response.status, 200);
    const { stored, refused, partial } = Receipt.parse(
      JSON.parse(Buffer.from((await response.text()).split('.')[1]!, 'base64url').toString()),
    );
    return stored.length > 0 ? 'stored' : (refused[0]?.refusal ?? partial[0]!.bytes);
  };
  return { central, send };
}

test('a part out of turn changes nothing and is told where to go on; one of another whole begins anew', async () => {
  const { central, send } = await bench();
  const sealed = await sealRecord(biometricsRecord('gate-1'), field.credentials.centralKey);
  const end = sealed.sealed.length;
  assert.equal(await send(sealed, 500, 1000), 0);
  assert.equal(await send(sealed, 0, 700), 700);
  assert.equal(await send(sealed, 0, 700), 700);
  assert.equal(await send(sealed, 600, 900), 700);
  assert.equal(await send(sealed, 700, end, { totalBytes: end - 1 }), 0);
  assert.equal(await partsAt(central), 0);
  assert.equal(await send(sealed, 0, 700), 700);
  assert.equal(await send(sealed, 700, end), 'stored');
  // Its receipt was lost: whatever is sent again, it is stored, once.
  assert.equal(await send(sealed, 700, end), 'stored');
  assert.equal(await send(sealed, 0, 700), 'stored');
  assert.equal(await partsAt(central), 0);
  await central.close();
});

test('a whole that is not what its parts were said to come to is refused, and its bytes go', async () => {
  const { central, send } = await bench();
  const sealed = await sealRecord(biometricsRecord('gate-1'), field.credentials.centralKey);
  const end = sealed.sealed.length;
  const lie = { sha256: '0'.repeat(64) };
  assert.equal(await send(sealed, 0, 700, lie), 700);
  assert.equal(await partsAt(central), 1);
  assert.equal(await send(sealed, 700, end, lie), 'parts-mismatch');
  assert.equal(await partsAt(central), 0);
  assert.equal(await send(sealed, 700, end, lie), 'parts-mismatch');
  const forged = packet(5000, { kind: 'biometrics', keyId: field.credentials.centralKey.id });
  assert.equal(await send(forged, 0, 2000), 2000);
  assert.equal(await send(forged, 2000, 5000), 'unsealing-failed');
  assert.equal(await partsAt(central), 0);
  // Tried again once it is mended, from the first byte on.
  assert.equal(await send(sealed, 0, 700), 700);
  assert.equal(await send(sealed, 700, end), 'stored');
  assert.equal(await send({ ...sealed, id: forged.id, kioskId: 'gate-2' }, 0, 700), 'kiosk-mismatch');
  await central.close();
});

test('a kiosk that begins packets and ends none cannot fill central: what lay longest goes', async () => {
  const { central, send } = await bench();
  const held = async () =>
    (await central.database.get<{ n: number }>('SELECT coalesce(sum(length(bytes)), 0) AS n FROM part'))!.n;
  const begun = packet(maxSealedBytes, { kind: 'biometrics' });
  const others = Array.from({ length: 3 }, () => ({
    ...begun,
    id: packet().id,
    sealed: new Uint8Array(randomBytes(maxSealedBytes)),
  }));
  let at = 0;
  for (const each of others)
    for (at = 0; at + partBytes < maxSealedBytes; at += partBytes) {
      assert.equal(await send(each, at, at + partBytes), at + partBytes);
      assert.ok((await held()) <= 2 * maxSealedBytes);
    }
  assert.ok((await held()) > maxSealedBytes);
  // The first was given up; the last goes on where it was.
  assert.equal(await send(others[0]!, at, at + partBytes - 1), 0);
  assert.equal(await send(others[2]!, at - partBytes, at), at);
  await central.close();
});
