import type { KeyObject } from 'node:crypto';
import { compactVerify, type JWSHeaderParameters } from 'jose';
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
  /** See Receipt. */
  readonly eraseListThrough?: number;
}

/** Central's receipt key of that id (RFC 7638 thumbprint), if its receipts are to be believed now. */
export type ReceiptKeys = (id: string) => KeyObject | undefined;

/**
 * Believes a receipt only if central signed it with a key that holds, for this kiosk and this very request, over packets that were sent, bit for
 * bit, each of them once. Fault: `uplink.receipt` for all else.
 */
export async function verifyReceipt(
  jws: string,
  keys: ReceiptKeys,
  { kioskId, nonce, digests }: Sent,
): Promise<Verdict> {
  const receipt = await open(jws, keys);
  if (receipt.kioskId !== kioskId || receipt.nonce !== nonce) throw new Fault('uplink.receipt', 'of another request');
  const { stored, refused, partial, issuedAt, pace, eraseListThrough } = receipt;
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
    ...(eraseListThrough !== undefined && { eraseListThrough }),
  };
}

async function open(jws: string, keys: ReceiptKeys): Promise<Receipt> {
  const keyOf = ({ kid }: JWSHeaderParameters) => {
    const key = kid === undefined ? undefined : keys(kid);
    if (!key) throw new Fault('uplink.receipt', 'by no key that holds');
    return key;
  };
  try {
    const { payload, protectedHeader } = await compactVerify(jws, keyOf, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'limen-receipt') throw new Fault('uplink.receipt', 'not a receipt');
    return Receipt.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch (cause) {
    throw new Fault('uplink.receipt', 'not a receipt of central', { cause });
  }
}
