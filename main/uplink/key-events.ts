import type { KeyDocument, PublishedKey } from '../contract/keys.ts';

/** A change of what the kiosk trusts: what it is for and what became of it, and which key or certificate, by id. */
export interface KeyChange {
  readonly use: string;
  readonly keyId: string;
}

/** What one key document changes in the one before it: its own number, keys that came, went or were revoked, and certificates. */
export function keyChanges(before: KeyDocument, next: KeyDocument): KeyChange[] {
  const revoked = next.revokedCertificates.filter((serial) => !before.revokedCertificates.includes(serial));
  return [
    { use: 'key-document', keyId: String(next.number) },
    ...changesOf('sealing', before.sealing, next.sealing),
    ...changesOf('receipts', before.receipts, next.receipts),
    ...revoked.map((keyId) => ({ use: 'certificate-revoked', keyId })),
  ];
}

function changesOf(use: string, before: readonly PublishedKey[], next: readonly PublishedKey[]): KeyChange[] {
  const known = new Map(before.map((key) => [key.id, key]));
  const there = new Set(next.map(({ id }) => id));
  return [
    ...next.flatMap(({ id, status }) => {
      const was = known.get(id);
      if (!was) return [{ use: `${use}-added`, keyId: id }];
      return status === 'revoked' && was.status !== 'revoked' ? [{ use: `${use}-revoked`, keyId: id }] : [];
    }),
    ...before.filter(({ id }) => !there.has(id)).map(({ id }) => ({ use: `${use}-removed`, keyId: id })),
  ];
}
