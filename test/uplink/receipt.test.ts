import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactSign } from 'jose';
import { Fault } from '../../main/contract/fault.ts';
import type { Receipt } from '../../main/contract/packet.ts';
import { type ReceiptKeys, verifyReceipt } from '../../main/uplink/receipt.ts';
import { packet, sha256 } from '../store/disk.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const kid = 'k'.repeat(43);
const keys: ReceiptKeys = (id) => (id === kid ? publicKey : undefined);
const packets = [packet(), packet(), packet()];
const [first, second, third] = packets.map(({ id, sealed }) => ({ id, sha256: sha256(sealed) }));
const digests = new Map(packets.map(({ id, sealed }) => [id, sha256(sealed)]));
const sent = { kioskId: 'gate-1', nonce: 'A'.repeat(22), digests };
const good: Receipt = {
  format: 'limen-receipt',
  version: 1,
  kioskId: 'gate-1',
  nonce: sent.nonce,
  issuedAt: '2026-11-24T04:10:00.000Z',
  stored: [first!],
  refused: [{ ...second!, refusal: 'record-malformed' }],
  partial: [{ ...third!, bytes: 7 }],
  pace: { maxRows: 4, maxBytes: 262_144, waitMs: 500, turn: 'T'.repeat(22) },
};

function sign(payload: unknown, { key = privateKey, ...more }: { key?: KeyObject; typ?: string; kid?: string } = {}) {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return new CompactSign(bytes).setProtectedHeader({ alg: 'EdDSA', typ: 'limen-receipt', kid, ...more }).sign(key);
}

test('a receipt of central over what was sent is believed, for as much as it names', async () => {
  assert.deepEqual(await verifyReceipt(await sign(good), keys, sent), {
    stored: [first!.id],
    refused: [{ ...second!, refusal: 'record-malformed' }],
    partial: [{ ...third!, bytes: 7 }],
    centralMs: Date.UTC(2026, 10, 24, 4, 10),
    pace: good.pace,
  });
});

test('a receipt that is forged, of another request, or of other bytes is not believed', async () => {
  const stranger = packet();
  const lies: Record<string, Promise<string> | string> = {
    'signed by another': sign(good, { key: generateKeyPairSync('ed25519').privateKey }),
    'signed for another purpose': sign(good, { typ: 'limen-watchlist' }),
    'signed by a key that is not, or no longer, believed': sign(good, { kid: 'x'.repeat(43) }),
    'not signed': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good)).toString('base64url')}.`,
    'of another kiosk': sign({ ...good, kioskId: 'gate-2' }),
    'of an earlier request': sign({ ...good, nonce: 'B'.repeat(22) }),
    'of a packet not sent': sign({ ...good, stored: [{ id: stranger.id, sha256: sha256(stranger.sealed) }] }),
    'of other bytes': sign({ ...good, stored: [{ ...first!, sha256: second!.sha256 }] }),
    'of refused other bytes': sign({ ...good, refused: [{ ...good.refused[0]!, sha256: first!.sha256 }] }),
    'naming one twice': sign({ ...good, stored: [first!, first!] }),
    'of part of other bytes': sign({ ...good, partial: [{ ...first!, sha256: second!.sha256, bytes: 7 }] }),
    'of part of what is stored': sign({ ...good, partial: [{ ...first!, bytes: 7 }] }),
    'of less than nothing': sign({ ...good, partial: [{ ...third!, bytes: -1 }] }),
    'with a pace that is none': sign({ ...good, pace: { ...good.pace, maxRows: 0 } }),
    'both stored and refused': sign({ ...good, stored: [first!, second!] }),
    'of a later version': sign({ ...good, version: 2 }),
    'with more than it should have': sign({ ...good, note: 'x' }),
    'not JSON': new CompactSign(new Uint8Array([0xff]))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'limen-receipt', kid })
      .sign(privateKey),
    'nothing at all': '',
  };
  for (const [name, jws] of Object.entries(lies))
    await assert.rejects(verifyReceipt(await jws, keys, sent), { name: 'Fault', code: 'uplink.receipt' }, name);
});

test('a receipt cut short or altered is not believed, or says the same', async () => {
  const jws = await sign(good);
  const truth = await verifyReceipt(jws, keys, sent);
  const change = fc.record({ at: fc.nat(jws.length - 1), put: fc.string({ maxLength: 2 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, put, cut }) => {
      const altered = cut ? jws.slice(0, at) : jws.slice(0, at) + put + jws.slice(at + 1);
      try {
        assert.deepEqual(await verifyReceipt(altered, keys, sent), truth);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'uplink.receipt');
      }
    }),
    { numRuns: 300 },
  );
});
