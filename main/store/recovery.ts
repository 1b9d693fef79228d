import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { recoveryInfo } from '../contract/keys.ts';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/**
 * Wraps the store's key for an office that keeps its private key offline (RFC 9180 base mode; X25519, 32 bytes): the encapsulated
 * key, then the ciphertext. What comes out opens the store when no TPM does any more.
 */
export async function wrapForRecovery(key: Uint8Array, officeKey: Uint8Array): Promise<Uint8Array> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(officeKey);
  const context = await suite.createSenderContext({ recipientPublicKey, info: recoveryInfo });
  const wrapped = await context.seal(key);
  return new Uint8Array(Buffer.concat([new Uint8Array(context.enc), new Uint8Array(wrapped)]));
}
