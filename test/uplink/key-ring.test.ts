import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditEvent } from '../../main/contract/audit.ts';
import type { KeyDocument } from '../../main/contract/keys.ts';
import { readVerifyingKey } from '../../main/uplink/key-document.ts';
import type { KeyChange } from '../../main/uplink/key-events.ts';
import { openKeyRing } from '../../main/uplink/key-ring.ts';
import { createKeyAuthority, instant, newPair } from '../sim/pki/key-authority.ts';
import { type Disk, newDisk } from '../store/disk.ts';

const dayMs = 86_400_000;
const authority = createKeyAuthority();
const [first, second] = [await newPair('x25519'), await newPair('x25519', { notBefore: instant(-30_000) })];
const [receipt, nextReceipt] = [await newPair('ed25519'), await newPair('ed25519')];
const keys = { sealing: [first.published], receipts: [receipt.published] };
const provisioned = await authority.sign(keys);

/** A ring on the store of a disk, as a kiosk opens it at its start. */
async function ringOn(disk: Disk, { clockMs = 0, by = authority, given = provisioned, told = [] as KeyChange[] } = {}) {
  const store = disk.open();
  const ring = await openKeyRing({
    authority: readVerifyingKey(by.publicKey),
    provisioned: given,
    kept: store.keyDocument,
    now: () => Date.now() + clockMs,
    maxAgeMs: 10 * dayMs,
    onChanged: (changes) => void told.push(...changes),
  });
  return Object.assign(ring, { [Symbol.dispose]: () => store.close() });
}

const sign = (number: number, more: Partial<KeyDocument> = {}) => authority.sign({ ...keys, number, ...more });

test('a newer document is taken up at once and for good', async () => {
  using disk = newDisk();
  {
    using ring = await ringOn(disk);
    assert.equal(ring.sealingKey().id, first.published.id);
    await ring.offer(await sign(2, { sealing: [first.published, second.published] }));
    assert.equal(ring.sealingKey().id, second.published.id);
  }
  using ring = await ringOn(disk);
  assert.deepEqual([ring.sealingKey().id, ring.view().number], [second.published.id, 2]);
});

test('what changes is told once: the document, keys that come, go or are revoked, certificates, and the key that is sealed to', async () => {
  using disk = newDisk();
  const told: KeyChange[] = [];
  using ring = await ringOn(disk, { told });
  for (let i = 0; i < 2; i++) ring.sealingKey();
  const news = await sign(2, {
    sealing: [{ ...first.published, status: 'revoked' }, second.published],
    receipts: [nextReceipt.published],
    revokedCertificates: ['AB12'],
  });
  for (let i = 0; i < 2; i++) await ring.offer(news);
  await assert.rejects(ring.offer(await sign(1)));
  ring.sealingKey();
  assert.deepEqual(
    told.map(({ use, keyId }) => [use, keyId]),
    [
      ['sealing-used', first.published.id],
      ['key-document', '2'],
      ['sealing-revoked', first.published.id],
      ['sealing-added', second.published.id],
      ['receipts-added', nextReceipt.published.id],
      ['receipts-removed', receipt.published.id],
      ['certificate-revoked', 'AB12'],
      ['sealing-used', second.published.id],
    ],
  );
  for (const change of told) AuditEvent.parse({ event: 'key-changed', ...change });
});

test('a document that is older, expired, foreign, without end, or another of the same number is refused, and the last good one stays', async () => {
  using disk = newDisk();
  using ring = await ringOn(disk);
  const good = await sign(5, { sealing: [second.published] });
  await ring.offer(good);
  const heard = ring.view().heardAtMs;
  const lies = {
    older: sign(4),
    replayed: provisioned,
    expired: sign(6, { issuedAt: instant(-2 * dayMs), expiresAt: instant(-1) }),
    foreign: createKeyAuthority().sign({ ...keys, number: 6 }),
    'another of the same number': sign(5),
    'without end': 'A'.repeat(10_000_000),
    'nothing at all': '',
  };
  for (const [name, jws] of Object.entries(lies)) {
    await assert.rejects(ring.offer(await jws), { name: 'Fault', code: 'keys.refused' }, name);
    assert.deepEqual(
      [ring.sealingKey().id, ring.view().number, ring.view().heardAtMs],
      [second.published.id, 5, heard],
    );
  }
  await ring.offer(good);
  assert.equal(ring.view().fault, '');
});

test('a revoked key is not sealed to, and a receipt by a revoked key, one not yet valid or one nobody named is not believed', async () => {
  using disk = newDisk();
  using ring = await ringOn(disk);
  assert.ok(ring.receiptKey(receipt.published.id));
  assert.equal(ring.receiptKey(nextReceipt.published.id), undefined);
  await ring.offer(
    await sign(2, {
      sealing: [first.published, { ...second.published, status: 'revoked' }],
      receipts: [
        { ...receipt.published, status: 'revoked' },
        nextReceipt.published,
        (await newPair('ed25519', { notBefore: instant(dayMs) })).published,
      ],
    }),
  );
  assert.equal(ring.sealingKey().id, first.published.id);
  assert.equal(ring.receiptKey(receipt.published.id), undefined);
  assert.ok(ring.receiptKey(nextReceipt.published.id));
});

test('with no key that may be sealed to nothing is sealed, and that is known before a crossing starts', async () => {
  using disk = newDisk();
  using ring = await ringOn(disk);
  assert.deepEqual([ring.lasts(0), ring.lasts(31 * dayMs)], [true, false]);
  await ring.offer(await sign(2, { sealing: [{ ...first.published, status: 'revoked' }] }));
  assert.throws(() => ring.sealingKey(), { name: 'Fault', code: 'keys.unusable' });
  assert.deepEqual([ring.lasts(0), ring.view().fault, ring.view().sealingUntilMs], [false, 'keys.unusable', 0]);
});

test('a kiosk that is given the same document for too long says so, and goes on with its keys', async () => {
  using disk = newDisk();
  using young = await ringOn(disk);
  assert.equal(young.view().fault, '');
  using other = newDisk();
  using old = await ringOn(other, { clockMs: 11 * dayMs });
  await old.offer(provisioned);
  assert.deepEqual([old.view().fault, old.sealingKey().id], ['keys.stale', first.published.id]);
});

test('a kiosk that is given another authority starts anew, also from a number that ran away', async () => {
  using disk = newDisk();
  {
    using ring = await ringOn(disk);
    await ring.offer(await sign(Number.MAX_SAFE_INTEGER));
  }
  const next = createKeyAuthority();
  const given = await next.sign({ ...keys, number: 3 });
  using ring = await ringOn(disk, { by: next, given });
  assert.equal(ring.view().number, 3);
  await ring.offer(await next.sign({ ...keys, number: 4 }));
  assert.equal(ring.view().number, 4);
});

test('a kiosk that came with a newer document than the one it kept uses the newer', async () => {
  using disk = newDisk();
  {
    using ring = await ringOn(disk);
    await ring.offer(await sign(2));
  }
  using ring = await ringOn(disk, { given: await sign(9) });
  assert.equal(ring.view().number, 9);
});
