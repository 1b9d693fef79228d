import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { encode } from 'cborg';
import fc from 'fast-check';
import { listGaps, listRecords } from '../../central/report.ts';
import {
  type Batch,
  maxSealedBytes,
  packetContext,
  packetInfo,
  Receipt,
  type SealedPacket,
} from '../../main/contract/packet.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { packet } from '../store/disk.ts';
import { type Field, layField } from '../uplink/field.ts';
import { type NearCentral, nearCentral } from '../uplink/line.ts';
import { biometricsRecord, crossingRecord, everyRecord, guardRecord } from '../uplink/records.ts';
import { runs } from './place.ts';

let field: Field;
let central: NearCentral;
before(async () => {
  field = await layField();
  central = await nearCentral(field);
});
after(async () => {
  await central.close();
  await field[Symbol.asyncDispose]();
});

const nonce = 'N'.repeat(22);
const epoch = randomUUID();

function batchOf(packets: readonly unknown[], more: Partial<Batch> = {}): Batch {
  const numbered = packets.map((packet, i) => ({ sequence: i + 1, packet }));
  return { format: 'limen-batch', version: 1, kioskId: 'gate-1', epoch, nonce, waiting: 0, packets: numbered, ...more };
}

async function post(body: Uint8Array): Promise<Response> {
  return central.app.fetch(new Request('https://central/v1/packets', { method: 'POST', body: new Uint8Array(body) }));
}

/** What central's receipt says; its signature is the uplink's business. */
async function receiptOf(batch: Batch): Promise<Receipt> {
  const response = await post(encode(batch));
  assert.equal(response.status, 200);
  const [, payload = ''] = (await response.text()).split('.');
  return Receipt.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
}

const seal = (record: Parameters<typeof sealRecord>[0]) => sealRecord(record, field.credentials.centralKey);
const stored = async () => (await listRecords(central.database, 0, 1000)).length;

test('each packet is answered for itself: the good ones are stored, the bad ones refused by name', async () => {
  const before = await stored();
  const good = await seal(crossingRecord('gate-1'));
  const { centralKey } = field.credentials;
  const cases: [SealedPacket | Record<string, unknown>, string][] = [
    [packet(300, { keyId: centralKey.id }), 'unsealing-failed'],
    [await seal(crossingRecord('gate-2')), 'kiosk-mismatch'],
    [{ ...(await seal(guardRecord('gate-1'))), keyId: 'forgotten' }, 'key-unknown'],
    [{ ...(await seal(guardRecord('gate-1'))), extra: 1 }, 'packet-malformed'],
    [{ ...packet(), kind: 'bribe' }, 'packet-malformed'],
    [{ ...packet(), sealed: new Uint8Array(3) }, 'packet-malformed'],
  ];
  const receipt = await receiptOf(batchOf([good, ...cases.map(([packet]) => packet)]));
  assert.deepEqual(
    receipt.stored.map(({ id }) => id),
    [good.id],
  );
  assert.deepEqual(
    receipt.refused.map(({ refusal }) => refusal),
    cases.map(([, refusal]) => refusal),
  );
  assert.equal(await stored(), before + 1);
});

test('every kind of record is stored, those of no crossing too', async () => {
  const before = await stored();
  const records = everyRecord('gate-1');
  const receipt = await receiptOf(batchOf(await Promise.all(records.map(seal))));
  assert.deepEqual(
    receipt.stored.map(({ id }) => id),
    records.map(({ id }) => id),
  );
  const kinds = (await listRecords(central.database, 0, 1000)).slice(before);
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    records.map(({ kind }) => kind),
  );
});

test('a record again is stored once and receipted again; another record of the same id is refused', async () => {
  const record = crossingRecord('gate-1');
  const before = await stored();
  for (let i = 0; i < 3; i++) {
    const packet = await seal(record);
    assert.deepEqual(
      (await receiptOf(batchOf([packet]))).stored.map(({ id }) => id),
      [record.id],
    );
  }
  assert.equal(await stored(), before + 1);
  const other = await seal({ ...record, outcome: 'refer' });
  assert.deepEqual(
    (await receiptOf(batchOf([other]))).refused.map(({ refusal }) => refusal),
    ['conflict'],
  );
  assert.equal(await stored(), before + 1);
});

test('missing numbers are reported by kiosk and epoch, and no longer when they arrive, taken or refused', async () => {
  const own = randomUUID();
  const gaps = async () => (await listGaps(central.database)).filter((gap) => gap.epoch === own);
  const send = async (sequence: number, packet: SealedPacket) =>
    receiptOf(batchOf([], { epoch: own, packets: [{ sequence, packet }] }));
  await send(3, await seal(guardRecord('gate-1')));
  await send(7, await seal(guardRecord('gate-1')));
  const gap = { kioskId: 'gate-1', epoch: own };
  assert.deepEqual(await gaps(), [
    { ...gap, first: 1, last: 2 },
    { ...gap, first: 4, last: 6 },
  ]);
  for (const sequence of [1, 2, 4, 6]) await send(sequence, await seal(guardRecord('gate-1')));
  assert.deepEqual(await gaps(), [{ ...gap, first: 5, last: 5 }]);
  await send(5, packet());
  assert.deepEqual(await gaps(), []);
});

test('an operator reads what was decided, and of what is biometric only its size and digest', async () => {
  const [crossing, captured] = [crossingRecord('gate-1'), biometricsRecord('gate-1', 'PLANTED-MARKER')];
  await receiptOf(batchOf([await seal(crossing), await seal(captured)]));
  const views = await listRecords(central.database, 0, 1000);
  const decided = views.find(({ id }) => id === crossing.id);
  assert.equal(decided?.kind === 'crossing' && decided.document?.number, 'L898902C3');
  const view = views.find(({ id }) => id === captured.id);
  assert.ok(view?.kind === 'biometrics');
  assert.deepEqual(Object.keys(view.finger?.image ?? {}), ['bytes', 'sha256']);
  assert.equal(view.portrait?.bytes, captured.portrait?.length);
  assert.ok(!JSON.stringify(view).includes('PLANTED'));
});

test('bodies of every bad kind are answered with a bare status and change nothing', async () => {
  const before = await stored();
  const good = batchOf([await seal(guardRecord('gate-1'))]);
  const twin = await seal(guardRecord('gate-1'));
  const bodies: [Uint8Array, number][] = [
    [new Uint8Array(0), 422],
    [randomBytes(1000), 422],
    [encode('batch'), 422],
    [Buffer.concat([encode(good), encode(1)]), 422],
    [encode({ ...good, version: 2 }), 422],
    [encode({ ...good, nonce: 'short' }), 422],
    [encode({ ...good, kioskId: 'gate-2' }), 403],
    [encode({ ...good, packets: Array.from({ length: 33 }, () => good.packets[0]) }), 422],
    [encode(batchOf([{}, null])), 422],
    [encode(batchOf([twin, twin])), 422],
    [encode({ ...good, packets: [{ sequence: 0, packet: twin }] }), 422],
    // Nested beyond any stack, millions of parts in few bytes, and lengths that are not there.
    [new Uint8Array(100_000).fill(0x81), 422],
    [Buffer.concat([Buffer.from('9a004c4b40', 'hex'), Buffer.alloc(5_000_000, 0xa0)]), 422],
    [Buffer.from('5affffffff', 'hex'), 422],
    [Buffer.from('9f01ff', 'hex'), 422],
    [new Uint8Array(maxSealedBytes + 2 * 1024 * 1024), 413],
  ];
  for (const [i, [body, status]] of bodies.entries()) {
    const response = await post(body);
    assert.deepEqual([i, response.status, await response.text()], [i, status, '']);
  }
  assert.equal(await stored(), before);
});

test('a batch with any byte changed is answered, and never stored as something else', async () => {
  const record = crossingRecord('gate-1');
  const body = encode(batchOf([await seal(record)]));
  const before = await stored();
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const response = await post(body.map((byte, i) => (i === at ? byte ^ flip : byte)));
      assert.ok([200, 403, 422].includes(response.status), String(response.status));
      const others = (await listRecords(central.database, 0, 1000)).slice(before);
      assert.ok(others.every(({ id }) => id === record.id));
    }),
    { numRuns: runs(150) },
  );
});

test('a record inside a sealed packet is checked like anything else', async () => {
  const { centralKey } = field.credentials;
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(centralKey.publicKey);
  const sealPlain = async (plain: Uint8Array): Promise<SealedPacket> => {
    const header = { ...packet(), keyId: centralKey.id };
    const context = await suite.createSenderContext({ recipientPublicKey, info: packetInfo });
    const ciphertext = await context.seal(new Uint8Array(plain), packetContext(header));
    return {
      ...header,
      sealed: new Uint8Array(Buffer.concat([new Uint8Array(context.enc), new Uint8Array(ciphertext)])),
    };
  };
  const record = crossingRecord('gate-1');
  const cases: [Uint8Array, string][] = [
    [encode(record), 'header-mismatch'],
    [encode({ ...record, alertText: 'x' }), 'record-malformed'],
    [randomBytes(500), 'record-malformed'],
    [new Uint8Array(50_000).fill(0x81), 'record-malformed'],
    [Buffer.concat([Buffer.from('9a004c4b40', 'hex'), Buffer.alloc(5_000_000, 0xa0)]), 'record-malformed'],
  ];
  for (const [plain, refusal] of cases) {
    const receipt = await receiptOf(batchOf([await sealPlain(plain)]));
    assert.deepEqual(
      receipt.refused.map((each) => each.refusal),
      [refusal],
    );
  }
});
