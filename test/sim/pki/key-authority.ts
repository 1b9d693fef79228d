import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { signKeyDocument } from '../../../central/key-document.ts';
import type { KeyDocument, PublishedKey } from '../../../main/contract/keys.ts';

const dayMs = 86_400_000;

/** One of central's key pairs: what is published, and what stays there. */
export interface CentralPair {
  readonly published: PublishedKey;
  readonly privateKey: KeyObject;
  /** With `kid`, for central's opening*.jwk. */
  readonly jwk: JsonWebKey & { kid: string };
  /** For central's receipt.key. */
  readonly pem: string;
}

/** Makes a key of central that holds from a minute ago for 30 days, or as is said. */
export async function newPair(curve: 'x25519' | 'ed25519', more: Partial<PublishedKey> = {}): Promise<CentralPair> {
  const { privateKey } = curve === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const id = await calculateJwkThumbprint({ kty: 'OKP', crv: curve === 'x25519' ? 'X25519' : 'Ed25519', x });
  const term = { notBefore: instant(-60_000), notAfter: instant(30 * dayMs) };
  return {
    published: { id, x, ...term, status: 'valid', ...more },
    privateKey,
    jwk: { ...privateKey.export({ format: 'jwk' }), kid: id },
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** A time so many milliseconds from now, as documents write it. */
export const instant = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Signs key documents, and is nowhere online. */
export interface KeyAuthority {
  /** PEM. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  /** Signs a document of these keys: number 1, issued now, good for 30 days, or as is said. */
  sign(keys: Pick<KeyDocument, 'sealing' | 'receipts'> & Partial<KeyDocument>): Promise<string>;
}

/** Makes a key authority for development. */
export function createKeyAuthority(): KeyAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (keys) =>
      signKeyDocument(
        {
          format: 'limen-keys',
          version: 1,
          number: 1,
          issuedAt: instant(0),
          expiresAt: instant(30 * dayMs),
          revokedCertificates: [],
          ...keys,
        },
        privateKey,
      ),
  };
}
