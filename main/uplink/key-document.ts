import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { Fault } from '../contract/fault.ts';
import { KeyDocument, maxKeyDocumentBytes } from '../contract/keys.ts';

/** An Ed25519 public key out of its PEM (RFC 8410). Fault: `config.invalid`. */
export function readVerifyingKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new Fault('config.invalid', 'a key cannot be read', { cause });
  }
  throw new Fault('config.invalid', 'not an Ed25519 key');
}

/** RFC 7638 thumbprint of an RFC 8037 public key. */
export function thumbprint(crv: 'X25519' | 'Ed25519', x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv, kty: 'OKP', x }))
    .digest('base64url');
}

/**
 * Believes a key document only if the key authority signed it and each key in it is named by its thumbprint. Whether it is
 * still good, and newer than the one before, is for others to say. Fault: `keys.refused` for all else.
 */
export async function readKeyDocument(jws: string, authority: KeyObject): Promise<KeyDocument> {
  try {
    if (jws.length > maxKeyDocumentBytes) throw new Error('too long');
    const { payload, protectedHeader } = await compactVerify(jws, authority, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'limen-keys') throw new Error('not a key document');
    const document = KeyDocument.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
    for (const [curve, keys] of [
      ['X25519', document.sealing],
      ['Ed25519', document.receipts],
    ] as const) {
      if (keys.some(({ id, x }) => id !== thumbprint(curve, x))) throw new Error('a key is not what its id says');
    }
    return document;
  } catch (cause) {
    throw new Fault('keys.refused', 'not a key document of the authority', { cause });
  }
}
