import { createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { Fault } from '../contract/fault.ts';
import { type Pace, Receipt, type Refusal } from '../contract/packet.ts';

/** What a receipt is held against: the request it answers. */
export interface Sent {
  readonly kioskId: string;
  readonly nonce: string;
  /** SHA-256 of each packet's sealed bytes by its id, in hexadecimal. */
  readonly digests: ReadonlyMap<string, string>;
}

/** What a verified receipt says of the packets sent; those in neither list stay queued. */
export interface Verdict {
  readonly stored: readonly string[];
  readonly refused: readonly { readonly id: string; readonly refusal: Refusal }[];
  /** How many of a packet's bytes central has. */
  readonly partial: readonly { readonly id: string; readonly bytes: number }[];
  /** Central's clock, in milliseconds since 1970. */
  readonly centralMs: number;
  readonly pace?: Pace;
}

/** Central's receipt key out of its PEM (Ed25519, RFC 8410). Fault: `config.invalid`. */
export function readReceiptKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new Fault('config.invalid', 'the receipt key cannot be read', { cause });
  }
  throw new Fault('config.invalid', 'the receipt key is not an Ed25519 key');
}

/**
 * Believes a receipt only if central signed it, for this kiosk and this very request, over packets that were sent, bit for
 * bit, each of them once. Fault: `uplink.receipt` for all else.
 */
export async function verifyReceipt(jws: string, key: KeyObject, { kioskId, nonce, digests }: Sent): Promise<Verdict> {
  const receipt = await open(jws, key);
  if (receipt.kioskId !== kioskId || receipt.nonce !== nonce) throw new Fault('uplink.receipt', 'of another request');
  const { stored, refused, partial, issuedAt, pace } = receipt;
  const left = new Map(digests);
  for (const { id, sha256 } of [...stored, ...refused, ...partial]) {
    if (left.get(id) !== sha256) throw new Fault('uplink.receipt', 'not what was sent');
    left.delete(id);
  }
  return {
    stored: stored.map(({ id }) => id),
    refused,
    partial,
    centralMs: Date.parse(issuedAt),
    ...(pace && { pace }),
  };
}

async function open(jws: string, key: KeyObject): Promise<Receipt> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'limen-receipt') throw new Fault('uplink.receipt', 'not a receipt');
    return Receipt.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch (cause) {
    throw new Fault('uplink.receipt', 'not a receipt of central', { cause });
  }
}
