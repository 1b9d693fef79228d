import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { packetContext, packetInfo, type Refusal, type SealedPacket } from '../main/contract/packet.ts';
import { LimenRecord } from '../main/contract/record.ts';
import { decodeCbor, decodePadded } from './cbor.ts';

/** One of central's private keys (X25519). What is sealed to a revoked one is opened and marked: others may have read it. */
export interface OpeningKey {
  readonly privateKey: CryptoKey;
  readonly revoked: boolean;
}

/** Central's private keys by the id packets name them by. Old ones stay until the last kiosk has emptied its queue. */
export type OpeningKeys = ReadonlyMap<string, OpeningKey>;

/** What was in a packet. */
export interface Opened {
  readonly record: LimenRecord;
  readonly plain: Uint8Array;
  /** The id of the key it was sealed to, where that one is revoked. */
  readonly revokedKeyId?: string;
}

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const encapsulatedBytes = 32;
const maxRecordTokens = 20_000;

/** Reads an X25519 private key as RFC 8037 writes it. */
export async function readOpeningKey(
  jwk: JsonWebKey & { kid: string },
  revoked = false,
): Promise<[string, OpeningKey]> {
  return [jwk.kid, { privateKey: await suite.kem.importKey('jwk', jwk, false), revoked }];
}

/** Opens a packet and checks that the record inside is one, and is the one its header says. */
export async function openRecord(packet: SealedPacket, keys: OpeningKeys): Promise<Opened | { refusal: Refusal }> {
  const key = keys.get(packet.keyId);
  if (!key) return { refusal: 'key-unknown' };
  const padded = await unseal(packet, key.privateKey);
  if (!padded) return { refusal: 'unsealing-failed' };
  const plain = withoutPadding(padded);
  const record = plain && readRecord(plain);
  if (!record) return { refusal: 'record-malformed' };
  const { id, kioskId, kind } = packet;
  if (record.id !== id || record.kioskId !== kioskId || record.kind !== kind) return { refusal: 'header-mismatch' };
  return { record, plain, ...(key.revoked && { revokedKeyId: packet.keyId }) };
}

async function unseal(packet: SealedPacket, recipientKey: CryptoKey): Promise<Uint8Array | undefined> {
  const enc = packet.sealed.slice(0, encapsulatedBytes);
  const ciphertext = packet.sealed.slice(encapsulatedBytes);
  try {
    const context = await suite.createRecipientContext({ recipientKey, enc, info: packetInfo });
    return new Uint8Array(await context.open(ciphertext, packetContext(packet)));
  } catch {
    return undefined;
  }
}

function withoutPadding(padded: Uint8Array): Uint8Array | undefined {
  try {
    return padded.slice(0, decodePadded(padded, maxRecordTokens).lengthBytes);
  } catch {
    return undefined;
  }
}

/** Decodes a stored or unsealed record; undefined for what is none. */
export function readRecord(plain: Uint8Array): LimenRecord | undefined {
  try {
    return LimenRecord.safeParse(decodeCbor(plain, maxRecordTokens)).data;
  } catch {
    return undefined;
  }
}
