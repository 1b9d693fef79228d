import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { encode } from 'cborg';
import fc from 'fast-check';
import { openRecord, readOpeningKey } from '../../central/opening.ts';
import { packetContext, packetInfo, type SealedPacket, sealedStepBytes } from '../../main/contract/packet.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { biometricsRecord, crossingRecord, everyRecord, guardRecord } from './records.ts';

const pair = generateKeyPairSync('x25519');
const { x } = pair.publicKey.export({ format: 'jwk' });
const centralKey = { id: 'key-1', publicKey: new Uint8Array(Buffer.from(x!, 'base64url')) };
const keys = new Map([await readOpeningKey({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'key-1' })]);

test('central opens what a kiosk sealed, and gets the same record', async () => {
  for (const record of everyRecord('gate-1')) {
    const opened = await openRecord(await sealRecord(record, centralKey), keys);
    assert.deepEqual('record' in opened && opened.record, record);
  }
});

test('the same record is sealed to the same plain bytes, and never to the same sealed ones', async () => {
  const record = crossingRecord('gate-1');
  const shuffled = Object.fromEntries(Object.entries(record).toReversed()) as LimenRecord;
  const [one, other] = [await sealRecord(record, centralKey), await sealRecord(shuffled, centralKey)];
  assert.notDeepEqual(one.sealed, other.sealed);
  const [opened, again] = [await openRecord(one, keys), await openRecord(other, keys)];
  assert.ok('plain' in opened && 'plain' in again);
  assert.deepEqual(opened.plain, again.plain);
  assert.deepEqual(opened.plain, encode(record));
});

test('the length of a cleared crossing tells nothing of silent hits: up to sixteen, or none', async () => {
  const notice = {
    code: 'watchlist-document',
    alert: 'A'.repeat(64),
    listVersion: '1',
    score: 1,
    threshold: 0.9,
  } as const;
  const record = { ...crossingRecord('gate-1'), outcome: 'clear' as const, reasons: [], policyVersion: '7' };
  const lengthWith = async (count: number) =>
    (await sealRecord({ ...record, notices: Array.from({ length: count }, () => notice) }, centralKey)).sealed.length;
  const plain = (await sealRecord(record, centralKey)).sealed.length;
  assert.equal(plain, sealedStepBytes);
  for (const count of [1, 2, 8, 16]) assert.equal(await lengthWith(count), plain);
  // So it is for any record: lengths come in steps.
  for (const other of everyRecord('gate-1')) {
    assert.equal((await sealRecord(other, centralKey)).sealed.length % sealedStepBytes, 0);
  }
  assert.ok((await lengthWith(64)) > plain);
});

test('what comes after a record in its packet is zeros, or the packet is refused', async () => {
  const record = crossingRecord('gate-1');
  const { id, kioskId, kind } = record;
  const header = { id, kioskId, kind, keyId: 'key-1' };
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const sealWith = async (after: number[]) => {
    const recipientPublicKey = await suite.kem.deserializePublicKey(centralKey.publicKey);
    const context = await suite.createSenderContext({ recipientPublicKey, info: packetInfo });
    const plain = Buffer.concat([encode(record), Uint8Array.from(after)]);
    const ciphertext = await context.seal(new Uint8Array(plain), packetContext(header));
    const sealed = new Uint8Array(Buffer.concat([new Uint8Array(context.enc), new Uint8Array(ciphertext)]));
    return openRecord({ ...header, sealed }, keys);
  };
  for (const good of [[], [0], [0, 0, 0]]) assert.ok('record' in (await sealWith(good)));
  for (const bad of [[1], [0, 1], [0xa0]]) assert.deepEqual(await sealWith(bad), { refusal: 'record-malformed' });
});

test('a sealed packet shows nothing of its record', async () => {
  const record = guardRecord('gate-1', 'PLANTED-MARKER');
  const packet = await sealRecord(record, centralKey);
  assert.deepEqual(Object.keys(packet).toSorted(), ['id', 'keyId', 'kind', 'kioskId', 'sealed']);
  assert.ok(!Buffer.from(packet.sealed).includes('PLANTED'));
});

test('a packet with any bit or word of it changed does not open', async () => {
  const packet = await sealRecord(crossingRecord('gate-1'), centralKey);
  const change = fc.oneof(
    fc.tuple(fc.nat(packet.sealed.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => ({
      sealed: packet.sealed.map((byte, i) => (i === at ? byte ^ flip : byte)),
    })),
    fc.nat(packet.sealed.length - 1).map((at) => ({ sealed: packet.sealed.slice(0, at) })),
    fc.constantFrom<Partial<SealedPacket>>(
      { kioskId: 'gate-2' },
      { kind: 'guard-decision' },
      { id: guardRecord('x').id },
    ),
  );
  await fc.assert(
    fc.asyncProperty(change, async (change) => {
      assert.deepEqual(await openRecord({ ...packet, ...change }, keys), { refusal: 'unsealing-failed' });
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(await openRecord({ ...packet, keyId: 'key-2' }, keys), { refusal: 'key-unknown' });
});

test('what is no record, or a key that is none, is not sealed, and the fault does not quote it', async () => {
  const marker = 'PLANTED-MARKER';
  const bad = { ...crossingRecord('gate-1'), occurredAt: marker };
  await assert.rejects(sealRecord(bad, centralKey), (error: Error & { code: string }) => {
    assert.equal(error.code, 'seal.failed');
    assert.ok(!JSON.stringify([error.message, String(error.cause), error.stack]).includes(marker));
    return true;
  });
  for (const publicKey of [new Uint8Array(31), new Uint8Array(0), new Uint8Array(32)])
    await assert.rejects(sealRecord(guardRecord('gate-1'), { id: 'k', publicKey }), { code: 'seal.failed' });
  const huge = biometricsRecord('gate-1', '', { portrait: new Uint8Array(17 * 1024 * 1024) });
  await assert.rejects(sealRecord(huge, centralKey), { code: 'seal.failed' });
});
