import { createPublicKey, type KeyObject } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import { type KeyDocument, newestValid, type PublishedKey, validAt } from '../contract/keys.ts';
import type { KeyDocumentTable } from '../store/key-document.ts';
import { type KeyChange, keyChanges } from './key-events.ts';
import { readKeyDocument } from './key-document.ts';
import type { ReceiptKeys } from './receipt.ts';
import type { CentralKey } from './seal.ts';

/** What a ring is made of: who may sign documents, the one the kiosk came with, and where later ones are kept. */
export interface KeyRingOptions {
  readonly authority: KeyObject;
  /** Compact JWS. */
  readonly provisioned: string;
  readonly kept: KeyDocumentTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A document older than this is stale: a newer one may be kept from the kiosk. */
  readonly maxAgeMs: number;
  /** Hears what a document that was taken up has changed, and which key is sealed to from now on. */
  readonly onChanged?: (changes: readonly KeyChange[]) => void;
}

/** How the ring does, for the technician. Times are in milliseconds since 1970. */
export interface KeyRingView {
  readonly number: number;
  readonly issuedAtMs: number;
  /** When central last gave a document that was believed, in this run; 0 before. */
  readonly heardAtMs: number;
  /** When the key that is sealed to ends; 0 without one. */
  readonly sealingUntilMs: number;
  /** No key to seal to; or a document so old that a newer one may be kept from the kiosk. */
  readonly fault: 'keys.unusable' | 'keys.stale' | '';
}

/** Central's public keys as the kiosk knows them now. */
export interface KeyRing {
  /** The newest key that may be sealed to. Fault: `keys.unusable`. */
  sealingKey(): CentralKey;
  /** Whether there will still be one to seal to after so long. */
  lasts(ms: number): boolean;
  readonly receiptKey: ReceiptKeys;
  /** Whether a certificate of that serial number has been revoked. */
  revoked(serialNumber: string): boolean;
  /** Takes up a newer document, for good. Faults: `keys.refused` for all but a newer one or the same, and those of the store; the last good one stays. */
  offer(jws: string): Promise<void>;
  view(): KeyRingView;
}

/** Opens the ring on the highest document that the authority signed. Faults: `keys.refused`, and those of the store. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { authority, provisioned, kept, now, maxAgeMs, onChanged = () => {} } = options;
  let document = await readKeyDocument(provisioned, authority);
  const stored = kept.load();
  if (stored !== undefined) {
    // A kiosk that was given another authority starts anew: that is also how one recovers from a number that ran away.
    const last = await readKeyDocument(stored, authority).catch(() => undefined);
    if (last && last.number > document.number) document = last;
  }
  let heardAtMs = 0;
  let sealedTo = '';

  async function take(jws: string): Promise<void> {
    const next = await readKeyDocument(jws, authority);
    if (Date.parse(next.expiresAt) <= now()) throw new Fault('keys.refused', 'the document has expired');
    if (next.number < document.number) throw new Fault('keys.refused', 'an older document');
    if (next.number === document.number) {
      if (JSON.stringify(next) !== JSON.stringify(document)) throw new Fault('keys.refused', 'two of one number');
      return;
    }
    // On the disk first: a kiosk that dies in between must not go back.
    kept.replace(jws);
    const changes = keyChanges(document, next);
    document = next;
    onChanged(changes);
  }

  const fault = () => {
    if (!newestValid(document.sealing, now())) return 'keys.unusable';
    return now() - Date.parse(document.issuedAt) > maxAgeMs || now() >= Date.parse(document.expiresAt)
      ? 'keys.stale'
      : '';
  };

  return {
    sealingKey() {
      const key = newestValid(document.sealing, now());
      if (!key) throw new Fault('keys.unusable', 'no key of central may be sealed to now');
      if (sealedTo !== key.id) onChanged([{ use: 'sealing-used', keyId: key.id }]);
      sealedTo = key.id;
      return { id: key.id, publicKey: new Uint8Array(Buffer.from(key.x, 'base64url')) };
    },
    lasts: (ms) => newestValid(document.sealing, now() + ms) !== undefined,
    receiptKey: (id) => publicKeyOf(document.receipts.find((key) => key.id === id && validAt(key, now()))),
    revoked: (serialNumber) => isRevoked(document, serialNumber),
    async offer(jws) {
      await take(jws);
      heardAtMs = now();
    },
    view: () => ({
      number: document.number,
      issuedAtMs: Date.parse(document.issuedAt),
      heardAtMs,
      sealingUntilMs: Math.max(0, ...document.sealing.filter((key) => validAt(key, now())).map(endOf)),
      fault: fault(),
    }),
  };
}

const endOf = ({ notAfter }: PublishedKey) => Date.parse(notAfter);

function publicKeyOf(key: PublishedKey | undefined): KeyObject | undefined {
  return key && createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.x }, format: 'jwk' });
}

function isRevoked({ revokedCertificates }: KeyDocument, serialNumber: string): boolean {
  return revokedCertificates.includes(serialNumber.toUpperCase());
}
