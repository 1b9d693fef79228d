import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactSign } from 'jose';
import { readPublishedKeys, signKeyDocument } from '../../central/key-document.ts';
import { Fault } from '../../main/contract/fault.ts';
import { type KeyDocument, newestValid, type PublishedKey } from '../../main/contract/keys.ts';
import { readKeyDocument, readVerifyingKey } from '../../main/uplink/key-document.ts';
import { createKeyAuthority, instant, newPair } from '../sim/pki/key-authority.ts';

const authority = createKeyAuthority();
const believed = readVerifyingKey(authority.publicKey);
const [opening, receipt] = [await newPair('x25519'), await newPair('ed25519')];
const good: KeyDocument = {
  format: 'limen-keys',
  version: 1,
  number: 7,
  issuedAt: instant(0),
  expiresAt: instant(86_400_000),
  sealing: [opening.published],
  receipts: [receipt.published],
  revokedCertificates: ['01AB'],
};

function sign(
  payload: unknown,
  { key = authority.privateKey, typ = 'limen-keys' }: { key?: KeyObject; typ?: string } = {},
) {
  const bytes = payload instanceof Uint8Array ? payload : new TextEncoder().encode(JSON.stringify(payload));
  return new CompactSign(bytes).setProtectedHeader({ alg: 'EdDSA', typ }).sign(key);
}

test('what the authority signed is what kiosk and central read', async () => {
  const jws = await signKeyDocument(good, authority.privateKey);
  assert.deepEqual(await readKeyDocument(jws, believed), good);
  assert.deepEqual(await readPublishedKeys(jws, authority.publicKey), { jws, document: good });
});

test('a document that is forged, malformed or names a key by another id is not believed', async () => {
  const { published } = opening;
  const other = (await newPair('x25519')).published;
  const lies: Record<string, Promise<string> | string> = {
    'signed by another': sign(good, { key: generateKeyPairSync('ed25519').privateKey }),
    'signed by a receipt key': sign(good, { key: receipt.privateKey }),
    'signed for another purpose': sign(good, { typ: 'limen-receipt' }),
    'not signed': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good)).toString('base64url')}.`,
    'of a later version': sign({ ...good, version: 2 }),
    'with more than it should have': sign({ ...good, note: 'x' }),
    'numbered zero': sign({ ...good, number: 0 }),
    'numbered beyond whole numbers': sign({ ...good, number: 2 ** 60 }),
    'with no key to seal to': sign({ ...good, sealing: [] }),
    'with one key twice': sign({ ...good, sealing: [published, published] }),
    'with a key named by the id of another': sign({ ...good, sealing: [{ ...published, x: other.x }] }),
    'with a receipt key among those to seal to': sign({ ...good, sealing: [receipt.published] }),
    'with a key that ends before it begins': sign({
      ...good,
      sealing: [{ ...published, notBefore: published.notAfter, notAfter: published.notBefore }],
    }),
    'with a serial number that is none': sign({ ...good, revokedCertificates: ['x'] }),
    'not JSON': sign(new Uint8Array([0xff])),
    'without end': sign({ ...good, revokedCertificates: Array.from({ length: 3000 }, () => 'A'.repeat(40)) }),
    'nothing at all': '',
  };
  for (const [name, jws] of Object.entries(lies))
    await assert.rejects(readKeyDocument(await jws, believed), { name: 'Fault', code: 'keys.refused' }, name);
});

test('a document cut short or altered is not believed, or says the same', async () => {
  const jws = await sign(good);
  const change = fc.record({ at: fc.nat(jws.length - 1), put: fc.string({ maxLength: 2 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, put, cut }) => {
      const altered = cut ? jws.slice(0, at) : jws.slice(0, at) + put + jws.slice(at + 1);
      try {
        assert.deepEqual(await readKeyDocument(altered, believed), good);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'keys.refused');
      }
    }),
    { numRuns: 500 },
  );
});

test('anything that the authority signs is read whole or refused', async () => {
  const key = fc.record({
    id: fc.oneof(fc.constant(opening.published.id), fc.string()),
    x: fc.oneof(fc.constant(opening.published.x), fc.string()),
    notBefore: fc.oneof(fc.constant(opening.published.notBefore), fc.string()),
    notAfter: fc.oneof(fc.constant(opening.published.notAfter), fc.string()),
    status: fc.oneof(fc.constantFrom('valid', 'revoked'), fc.string()),
  });
  const document = fc.record(
    {
      format: fc.constant('limen-keys'),
      version: fc.constantFrom(1, 2, '1'),
      number: fc.oneof(fc.integer(), fc.double(), fc.string()),
      issuedAt: fc.oneof(fc.constant(good.issuedAt), fc.string(), fc.integer()),
      expiresAt: fc.oneof(fc.constant(good.expiresAt), fc.string()),
      sealing: fc.oneof(fc.array(key), fc.anything()),
      receipts: fc.oneof(fc.constant(good.receipts), fc.anything()),
      revokedCertificates: fc.oneof(fc.array(fc.string()), fc.anything()),
    },
    { requiredKeys: ['format'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), document), async (payload) => {
      // Some values have no JSON.
      const jws = await sign(new TextEncoder().encode(jsonOf(payload)));
      try {
        const read = await readKeyDocument(jws, believed);
        assert.deepEqual(read, payload);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'keys.refused');
      }
    }),
    { numRuns: 500 },
  );
});

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

test('the newest key that may be used is chosen, and never one that is revoked, over or to come', () => {
  const key = (id: string, from: number, to: number, status: PublishedKey['status'] = 'valid') => ({
    ...opening.published,
    id,
    notBefore: instant(from),
    notAfter: instant(to),
    status,
  });
  const keys = [
    key('old', -5000, 50_000),
    key('now', -3000, 50_000),
    key('revoked', -1000, 50_000, 'revoked'),
    key('over', -2000, -1000),
    key('to come', 20_000, 50_000),
  ];
  const now = Date.now();
  assert.equal(newestValid(keys, now)?.id, 'now');
  assert.equal(newestValid(keys.toReversed(), now)?.id, 'now');
  assert.equal(newestValid(keys, now + 30_000)?.id, 'to come');
  assert.equal(newestValid(keys, now + 60_000), undefined);
  fc.assert(
    fc.property(fc.shuffledSubarray(keys), fc.integer({ min: -10_000, max: 70_000 }), (some, ms) => {
      const chosen = newestValid(some, now + ms);
      const usable = some.filter(
        ({ status, notBefore, notAfter }) =>
          status === 'valid' && Date.parse(notBefore) <= now + ms && now + ms < Date.parse(notAfter),
      );
      assert.equal(chosen === undefined, usable.length === 0);
      if (chosen) assert.ok(usable.every(({ notBefore }) => notBefore <= chosen.notBefore));
    }),
  );
});

test('a document that no kiosk would take is not signed, nor handed out', async () => {
  for (const bad of [
    { ...good, sealing: [] },
    { ...good, sealing: [{ ...opening.published, x: receipt.published.x }] },
  ])
    await assert.rejects(signKeyDocument(bad, authority.privateKey), { code: 'config.invalid' });
  const stranger = createPublicKey(generateKeyPairSync('ed25519').privateKey).export({ format: 'pem', type: 'spki' });
  await assert.rejects(readPublishedKeys(await sign(good), stranger.toString()), { code: 'config.invalid' });
});

test('an authority key of another kind is refused at the start', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ format: 'pem', type: 'spki' })
    .toString();
  for (const pem of [other, '', 'no key'])
    assert.throws(() => readVerifyingKey(pem), { name: 'Fault', code: 'config.invalid' });
});
