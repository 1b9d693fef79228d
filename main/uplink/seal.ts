import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { encode } from 'cborg';
import { Fault } from '../contract/fault.ts';
import { maxSealedBytes, packetContext, packetInfo, type SealedPacket, sealedStepBytes } from '../contract/packet.ts';
import { LimenRecord } from '../contract/record.ts';

/** Central's public key, and the id packets name it by. */
export interface CentralKey {
  readonly id: string;
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** The encapsulated key and the tag of AES-256-GCM. */
const sealBytes = 32 + 16;

/**
 * Seals a record so that central alone can read it: RFC 9180 base mode around canonical CBOR (RFC 8949, section 4.2) and zeros.
 * The kiosk cannot open it again. Fault: `seal.failed` for what is not a record, is too large, or for an unusable key.
 */
export async function sealRecord(record: LimenRecord, centralKey: CentralKey): Promise<SealedPacket> {
  const checked = LimenRecord.safeParse(record);
  // The schema's own words would quote the record.
  if (!checked.success) throw new Fault('seal.failed', 'not a record');
  const { id, kioskId, kind } = checked.data;
  const header = { id, kioskId, kind, keyId: centralKey.id };
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(centralKey.publicKey);
    const context = await suite.createSenderContext({ recipientPublicKey, info: packetInfo });
    const record = encode(checked.data, { ignoreUndefinedProperties: true });
    const plain = new Uint8Array(
      Math.ceil((record.length + sealBytes) / sealedStepBytes) * sealedStepBytes - sealBytes,
    );
    plain.set(record);
    record.fill(0);
    const ciphertext = await context.seal(plain, packetContext(header));
    const sealed = new Uint8Array(Buffer.concat([new Uint8Array(context.enc), new Uint8Array(ciphertext)]));
    plain.fill(0);
    if (sealed.length > maxSealedBytes) throw new Fault('seal.failed', `${sealed.length} bytes`);
    return { ...header, sealed };
  } catch (error) {
    throw Fault.from(error, 'seal.failed');
  }
}
