import { hash } from 'node:crypto';
import { encode, rfc8949EncodeOptions } from 'cborg';
import type { Alert } from './contract/watchlist.ts';

// What a list's root is, central and kiosks have to agree on to the bit. A tree of three levels: alerts, buckets, the root. An
// alert's bucket follows from its reference alone, so that a change of one alert touches one bucket, of 15 alerts in a million.

/** Buckets of every list, however long it is. */
export const listBuckets = 65_536;

/** The one form an alert has in bytes (deterministic CBOR, RFC 8949 section 4.2.1): of it the root is made, and it is what is stored. */
export function alertBytes(alert: Alert): Uint8Array {
  return encode(alert, { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true });
}

/** The bucket an alert is in: the first 16 bits of the SHA-256 of its reference in UTF-8. */
export function bucketOf(reference: string): number {
  return hash('sha256', reference, 'buffer').readUInt16BE();
}

/** The leaf of an alert, from its bytes (32 bytes). */
export function alertLeaf(bytes: Uint8Array): Buffer {
  return digest(0, [bytes]);
}

/** The hash of a bucket, from its leaves, in any order (32 bytes). */
export function bucketHash(leaves: readonly Buffer[]): Buffer {
  return digest(
    1,
    leaves.toSorted((one, other) => one.compare(other)),
  );
}

/** The root of a list, from the hashes of its buckets; one that is empty may be left out (32 bytes). */
export function listRoot(buckets: Iterable<readonly [bucket: number, hash: Uint8Array]>): Buffer {
  const whole = Buffer.alloc(listBuckets * 32);
  for (const [bucket, hash] of buckets) whole.set(hash, bucket * 32);
  return digest(2, [whole]);
}

/** The root of a whole list, in any order; no two alerts have one reference (32 bytes). */
export function rootOfAlerts(alerts: Iterable<Alert>): Buffer {
  const buckets = new Map<number, Buffer[]>();
  for (const alert of alerts) {
    const bucket = bucketOf(alert.reference);
    const leaf = alertLeaf(alertBytes(alert));
    const leaves = buckets.get(bucket);
    if (leaves) leaves.push(leaf);
    else buckets.set(bucket, [leaf]);
  }
  return listRoot([...buckets].map(([bucket, leaves]) => [bucket, bucketHash(leaves)] as const));
}

/** A byte that tells the levels apart goes before: what is of one level never stands for another's. */
function digest(level: number, parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(level), ...parts]), 'buffer');
}
