import * as z from 'zod';

const bytes = z.instanceof(Uint8Array);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Bytes of one sealed packet, at most. A crossing with every image at its largest allowed size fits. */
export const maxSealedBytes = 16 * 1024 * 1024;

/** Rows and bytes of one batch, at most; a single packet larger than that travels alone. */
export const maxBatchRows = 32;
export const maxBatchBytes = 1024 * 1024;

/** A larger packet goes in parts of this size, so that what is more urgent can go in between. */
export const partBytes = 256 * 1024;

/** The queues a kiosk sends from, the most urgent first. Order holds within a lane, not between lanes. */
export const lanes = ['alarm', 'records', 'biometrics', 'audit', 'statistics'] as const;
export type Lane = (typeof lanes)[number];

/** Every kind of packet, by the lane it goes in. */
export const laneOf = {
  alarm: 'alarm',
  crossing: 'records',
  'guard-decision': 'records',
  biometrics: 'biometrics',
  audit: 'audit',
  statistics: 'statistics',
} as const satisfies Readonly<Record<string, Lane>>;
export type PacketKind = keyof typeof laneOf;

/** What can be read of a packet without central's key: what it is, whose it is, and which key opens it. */
export const PacketHeader = z.strictObject({
  /** The id of the record inside. */
  id: z.uuidv7(),
  kioskId: z.string().min(1).max(64),
  kind: z.enum(Object.keys(laneOf) as [PacketKind, ...PacketKind[]]),
  /** RFC 7638 thumbprint of the central key it is sealed to. */
  keyId: z.string().min(1).max(64),
});
export type PacketHeader = z.infer<typeof PacketHeader>;

/** A record on its way: RFC 9180 (DHKEM X25519 HKDF-SHA256, HKDF-SHA256, AES-256-GCM) around canonical CBOR. */
export const SealedPacket = z.strictObject({
  ...PacketHeader.shape,
  /** The encapsulated key (32 bytes), then the ciphertext. */
  sealed: bytes.refine(({ length }) => length > 48 && length <= maxSealedBytes, 'size'),
});
export type SealedPacket = z.infer<typeof SealedPacket>;

/** Where a part lies in its packet, and what the whole must come to: SHA-256 of the sealed bytes, in hexadecimal. */
export const Part = z.strictObject({
  offset: z.int().nonnegative(),
  totalBytes: z.int().min(1).max(maxSealedBytes),
  sha256: digest,
});
export type Part = z.infer<typeof Part>;

/** A part on its way: the packet's header, and some of its bytes. */
export const PartOfPacket = z.strictObject({
  ...PacketHeader.shape,
  sealed: bytes.refine(({ length }) => length > 0 && length <= partBytes, 'size'),
});

/** Names a place among the kiosks that may empty their queues at full pace. */
const Turn = z.string().regex(/^[\w-]{22}$/);

/** How fast central wants this kiosk to go on: at most so much in a request, after so long. A hit may go after a second. */
export const Pace = z.strictObject({
  maxRows: z.int().min(4).max(maxBatchRows),
  maxBytes: z.int().min(partBytes).max(maxBatchBytes),
  waitMs: z.int().nonnegative().max(600_000),
  /** To be shown with the next request. */
  turn: Turn.optional(),
});
export type Pace = z.infer<typeof Pace>;

/** A request to central. Packets are checked one by one, so that a bad one does not hold up the rest. */
export const Batch = z.strictObject({
  format: z.literal('limen-batch'),
  version: z.literal(1),
  kioskId: PacketHeader.shape.kioskId,
  /** Which outbox numbered the packets: a kiosk given a new disk starts a new epoch at 1. */
  epoch: z.uuid(),
  /** Fresh for each request; the receipt repeats it. */
  nonce: z.string().regex(/^[\w-]{22}$/),
  /** Packets that wait at the kiosk beside these. */
  waiting: z.int().nonnegative(),
  /** The turn that central gave this kiosk, if it did. */
  turn: Turn.optional(),
  packets: z
    .array(z.strictObject({ sequence: z.int().min(1), packet: z.unknown(), part: Part.optional() }))
    .max(maxBatchRows),
});
export type Batch = z.infer<typeof Batch>;

/** Why central will never take a packet as it stands. */
export const Refusal = z.enum([
  'packet-malformed',
  'kiosk-mismatch',
  'key-unknown',
  'unsealing-failed',
  'record-malformed',
  'header-mismatch',
  'conflict',
  /** Of all its parts, the whole is not what it was said to be. */
  'parts-mismatch',
]);
export type Refusal = z.infer<typeof Refusal>;

const answered = { id: PacketHeader.shape.id, sha256: digest };

/** What central signs (Ed25519 JWS, RFC 7515): what it stored durably, and what it will not take. */
export const Receipt = z.strictObject({
  format: z.literal('limen-receipt'),
  version: z.literal(1),
  kioskId: PacketHeader.shape.kioskId,
  nonce: Batch.shape.nonce,
  /** By central's clock. */
  issuedAt: z.iso.datetime({ precision: 3 }),
  /** Digests are of the sealed bytes, in hexadecimal. */
  stored: z.array(z.strictObject(answered)).max(maxBatchRows),
  refused: z.array(z.strictObject({ ...answered, refusal: Refusal })).max(maxBatchRows),
  /** Packets of which central durably has so many bytes, from the first on; it asks for the rest. */
  partial: z.array(z.strictObject({ ...answered, bytes: z.int().nonnegative().max(maxSealedBytes) })).max(maxBatchRows),
  pace: Pace.optional(),
  /** Central's order: the watchlist is to be erased, if it is of this version or a lower one, and none of those comes back. */
  eraseListThrough: z.int().min(1).optional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** The HPKE `info` of every packet. */
export const packetInfo = new TextEncoder().encode('limen-packet/1');

/** The associated data of a packet: its header cannot be changed without the seal breaking. */
export function packetContext({ id, kioskId, kind, keyId }: PacketHeader): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(['limen-packet', 1, id, kioskId, kind, keyId]));
}
