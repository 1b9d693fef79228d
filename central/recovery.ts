import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { recoveryInfo } from '../main/contract/keys.ts';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const encapsulatedBytes = 32;

/** Opens a kiosk's `limen.key.recovery` with the office's private key (X25519 JWK); rejects when it was not wrapped for it. */
export async function recoverStoreKey(wrapped: Uint8Array, office: JsonWebKey): Promise<Uint8Array> {
  const recipientKey = await suite.kem.importKey('jwk', office, false);
  const enc = wrapped.slice(0, encapsulatedBytes);
  const context = await suite.createRecipientContext({ recipientKey, enc, info: recoveryInfo });
  return new Uint8Array(await context.open(wrapped.slice(encapsulatedBytes)));
}
