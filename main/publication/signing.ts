import { createPublicKey, hash, type KeyObject, sign as signBytes, verify } from 'node:crypto';
import { canonical } from '../audit/line.ts';
import type { PublicKey, Root, Signature, Signers } from './metadata.ts';

const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** A key as metadata writes it, public half only. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHead.length);
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: bytes.toString('hex') } };
}

/** What a key is called (TUF specification, section 4.2): SHA-256 over its canonical form. */
export function keyId({ keytype, scheme, keyval }: PublicKey): string {
  return hash('sha256', canonical({ keytype, scheme, keyval: { public: keyval.public } }));
}

/** Signs the signed part of a file, or what approvers sign. */
export function sign(signed: unknown, privateKey: KeyObject): Signature {
  const bytes = Buffer.from(canonical(signed));
  return { keyid: keyId(publicKeyOf(privateKey)), sig: signBytes(null, bytes, privateKey).toString('hex') };
}

/**
 * Whether as many of the signers as must have signed. A key counts once, whatever it is called and however often it signed;
 * one whose name is not its own does not count.
 */
export function isSigned(
  signed: unknown,
  signatures: readonly Signature[],
  keys: Root['keys'],
  { keyids, threshold }: Signers,
): boolean {
  const bytes = Buffer.from(canonical(signed));
  const signers = keyids.filter((id) => {
    const key = Object.hasOwn(keys, id) ? keys[id] : undefined;
    if (!key || keyId(key) !== id) return false;
    return signatures.some(({ keyid, sig }) => keyid === id && isBy(key, bytes, sig));
  });
  return new Set(signers).size >= threshold;
}

function isBy({ keyval }: PublicKey, bytes: Uint8Array, sig: string): boolean {
  const der = Buffer.concat([spkiHead, Buffer.from(keyval.public, 'hex')]);
  try {
    return verify(null, bytes, createPublicKey({ key: der, format: 'der', type: 'spki' }), Buffer.from(sig, 'hex'));
  } catch {
    return false;
  }
}
