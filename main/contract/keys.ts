import * as z from 'zod';

/** A public key's 32 bytes, or its RFC 7638 thumbprint, in base64url. */
const Word = z.string().regex(/^[\w-]{43}$/);
const Instant = z.iso.datetime({ precision: 3 });

/** The serial number of a certificate, in hexadecimal, as OpenSSL writes it. */
export const SerialNumber = z.string().regex(/^[0-9A-F]{1,40}$/);

/** One of central's public keys (RFC 8037), and when it may be used. A revoked one never may. */
export const PublishedKey = z
  .strictObject({
    /** RFC 7638 thumbprint. */
    id: Word,
    x: Word,
    notBefore: Instant,
    notAfter: Instant,
    status: z.enum(['valid', 'revoked']),
  })
  .refine(({ notBefore, notAfter }) => notBefore < notAfter, 'never valid');
export type PublishedKey = z.infer<typeof PublishedKey>;

const Keys = z
  .array(PublishedKey)
  .min(1)
  .max(16)
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'one id twice');

/**
 * What kiosks are to seal to and whose receipts they may believe. Signed (Ed25519 JWS, RFC 7515, typ `limen-keys`) by the key
 * authority, whose private key never is at central.
 */
export const KeyDocument = z.strictObject({
  format: z.literal('limen-keys'),
  version: z.literal(1),
  /** Goes up with each document: a kiosk never goes back to a lower one. */
  number: z.int().min(1),
  issuedAt: Instant,
  /** A document is not taken up after that; one that was taken up before stays. */
  expiresAt: Instant,
  /** X25519. */
  sealing: Keys,
  /** Ed25519. */
  receipts: Keys,
  /** Of either side. */
  revokedCertificates: z.array(SerialNumber).max(1000),
});
export type KeyDocument = z.infer<typeof KeyDocument>;

/** The HPKE `info` of a store's key that is wrapped for the office which recovers keys. */
export const recoveryInfo = new TextEncoder().encode('limen-store-key/1');

/** Bytes of a signed key document, at most. */
export const maxKeyDocumentBytes = 64 * 1024;

/** Whether a key may be used at that time, in milliseconds since 1970. */
export function validAt({ status, notBefore, notAfter }: PublishedKey, nowMs: number): boolean {
  return status === 'valid' && Date.parse(notBefore) <= nowMs && nowMs < Date.parse(notAfter);
}

/** The key that came last of those that may be used at that time; of two that came at once, the one that lasts longer. */
export function newestValid(keys: readonly PublishedKey[], nowMs: number): PublishedKey | undefined {
  const rank = ({ notBefore, notAfter }: PublishedKey) => `${notBefore} ${notAfter}`;
  return keys
    .filter((key) => validAt(key, nowMs))
    .toSorted((one, other) => (rank(one) < rank(other) ? 1 : -1))
    .at(0);
}
