import * as z from 'zod';
import { FingerPosition } from './biometrics.ts';
import { Bytes } from './bytes.ts';
import { Reason } from './crossing.ts';
import { TravelDocument } from './document.ts';

const instant = z.iso.datetime({ precision: 3 });

const common = {
  format: z.literal('limen-record'),
  version: z.literal(1),
  /** UUIDv7 of this record: what central dedupes by. */
  id: z.uuidv7(),
  crossingId: z.uuidv7(),
  kioskId: z.string().min(1).max(64),
  /** When it happened, by the kiosk's clock; kept apart from when it is delivered. */
  occurredAt: instant,
};

/** One finger as captured. */
const FingerRecord = z.strictObject({
  position: FingerPosition,
  model: z.string(),
  modelVersion: z.string(),
  template: Bytes,
  imageWidthPx: z.int(),
  imageHeightPx: z.int(),
  dpi: z.int(),
  image: Bytes,
  quality: z.number(),
});

/** One crossing as the central services get it. Biometric parts are absent where none was captured. */
export const CrossingRecord = z.strictObject({
  ...common,
  kind: z.literal('crossing'),
  /** Reg. (EU) 2017/2226 Art. 21: stored locally because the central system could not be reached. */
  fallback: z.boolean(),
  document: TravelDocument.optional(),
  portrait: Bytes.optional(),
  face: z
    .strictObject({
      model: z.string(),
      modelVersion: z.string(),
      /** Little-endian float32 values. */
      template: Bytes,
      /** The live face, RGB. */
      imageWidthPx: z.int(),
      imageHeightPx: z.int(),
      image: Bytes,
      quality: z.number(),
      score: z.number().optional(),
      threshold: z.number().optional(),
    })
    .optional(),
  finger: FingerRecord.optional(),
  /** The other fingers that a four-finger scanner took with it. */
  otherFingers: z.array(FingerRecord).max(3).optional(),
  outcome: z.enum(['clear', 'refer']),
  reasons: z.array(Reason),
  watchlistVersion: z.string().max(64),
});
export type CrossingRecord = z.infer<typeof CrossingRecord>;

/** What a guard decided about a referred crossing, and why. */
export const GuardRecord = z.strictObject({
  ...common,
  kind: z.literal('guard-decision'),
  guardId: z.string().min(1).max(64),
  outcome: z.enum(['admit', 'second-line']),
  reason: z.string().min(1).max(500),
});
export type GuardRecord = z.infer<typeof GuardRecord>;

/** Every record a kiosk may send. */
export const LimenRecord = z.discriminatedUnion('kind', [CrossingRecord, GuardRecord]);
export type LimenRecord = z.infer<typeof LimenRecord>;
