import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, CompactSign, compactVerify } from 'jose';
import { Fault } from '../main/contract/fault.ts';
import { KeyDocument, maxKeyDocumentBytes } from '../main/contract/keys.ts';

/** The key document that central hands out, as it was signed, and what it says. */
export interface PublishedKeys {
  readonly jws: string;
  readonly document: KeyDocument;
}

/** Signs a key document with the key authority's private key (Ed25519). Fault: `config.invalid` for one that no kiosk would take. */
export async function signKeyDocument(document: KeyDocument, authority: KeyObject): Promise<string> {
  const { success, data } = KeyDocument.safeParse(document);
  if (!success) throw new Fault('config.invalid', 'not a key document');
  for (const [crv, keys] of [
    ['X25519', data.sealing],
    ['Ed25519', data.receipts],
  ] as const) {
    for (const { id, x } of keys)
      if ((await calculateJwkThumbprint({ kty: 'OKP', crv, x })) !== id)
        throw new Fault('config.invalid', 'a key is not named by its thumbprint');
  }
  const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(data)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'limen-keys' })
    .sign(authority);
  if (jws.length > maxKeyDocumentBytes) throw new Fault('config.invalid', 'the key document is too long');
  return jws;
}

/** Reads what central is to hand out, and sees that its kiosks will believe it. Fault: `config.invalid`. */
export async function readPublishedKeys(jws: string, authorityPem: string): Promise<PublishedKeys> {
  try {
    const { payload } = await compactVerify(jws, createPublicKey(authorityPem), { algorithms: ['EdDSA'] });
    return { jws, document: KeyDocument.parse(JSON.parse(new TextDecoder().decode(payload))) };
  } catch (cause) {
    throw new Fault('config.invalid', 'keys.jws is not a key document of the authority', { cause });
  }
}

/** RFC 7638 thumbprint of a receipt key, by which receipts name it. */
export function receiptKeyId(privateKey: KeyObject): Promise<string> {
  return calculateJwkThumbprint(createPublicKey(privateKey).export({ format: 'jwk' }));
}
