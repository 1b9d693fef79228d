import * as z from 'zod';
import { FingerPosition } from './biometrics.ts';
import { Bytes } from './bytes.ts';
import { Reason, type ReasonCode } from './crossing.ts';
import { TravelDocument } from './document.ts';
import { FingersUnable, GuardOutcome, RefusalGround } from './refusal.ts';

const instant = z.iso.datetime({ precision: 3 });

const common = {
  format: z.literal('limen-record'),
  version: z.literal(1),
  /** UUIDv7 of this record: what central dedupes by. */
  id: z.uuidv7(),
  kioskId: z.string().min(1).max(64),
  /** When it happened, by the kiosk's clock; kept apart from when it is delivered. */
  occurredAt: instant,
};

const ofCrossing = { ...common, crossingId: z.uuidv7() };

/** What a guard has to hear of before anything else. */
export const alarmCodes = [
  'watchlist-document',
  'watchlist-name',
  'watchlist-finger',
  'watchlist-face',
  'portal-hit',
  'portal-silent-hit',
  'tailgating',
] as const satisfies readonly ReasonCode[];

/** A hit, or an alarm at the gate: the alert's reference, never its text (R17), and nothing of who was hit. */
export const AlarmRecord = z.strictObject({
  ...ofCrossing,
  kind: z.literal('alarm'),
  alarms: z
    .array(Reason.pick({ alert: true, listVersion: true }).extend({ code: z.enum(alarmCodes) }))
    .min(1)
    .max(1000),
});
export type AlarmRecord = z.infer<typeof AlarmRecord>;

/** One crossing as the central services get it, without what is biometric. */
export const CrossingRecord = z.strictObject({
  ...ofCrossing,
  kind: z.literal('crossing'),
  /** Reg. (EU) 2017/2226 Art. 21: stored locally because the central system could not be reached. */
  fallback: z.boolean(),
  document: TravelDocument.optional(),
  outcome: z.enum(['clear', 'refer']),
  reasons: z.array(Reason),
  /**
   * Hits that must not be noticed (R18). They are in this record and in no alarm of their own, which would show on the line; a
   * packet's length does not tell whether there are any.
   */
  notices: z.array(Reason).max(1000).optional(),
  watchlistVersion: z.string().max(64),
  /** The policy that decided; absent in records older than policies. */
  policyVersion: z.string().max(64).optional(),
});
export type CrossingRecord = z.infer<typeof CrossingRecord>;

/** What a guard decided about a referred crossing, and why. */
export const GuardRecord = z.strictObject({
  ...ofCrossing,
  kind: z.literal('guard-decision'),
  guardId: z.string().min(1).max(64),
  outcome: GuardOutcome,
  /** Of a refusal of entry, and of nothing else. */
  ground: RefusalGround.optional(),
  /** The guard has seen that fingers cannot be taken. */
  fingersUnable: FingersUnable.optional(),
  reason: z.string().min(1).max(500),
});
export type GuardRecord = z.infer<typeof GuardRecord>;

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

/** What a crossing captured. Parts are absent where none was; a crossing without any has no such record. */
export const BiometricsRecord = z.strictObject({
  ...ofCrossing,
  kind: z.literal('biometrics'),
  /** The id of the crossing's own record. */
  crossingRecordId: z.uuidv7(),
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
  fingersUnable: FingersUnable.optional(),
});
export type BiometricsRecord = z.infer<typeof BiometricsRecord>;

/** A run of the kiosk's audit log, without gaps, and the signed checkpoint that covers it. */
export const AuditRecord = z.strictObject({
  ...common,
  kind: z.literal('audit'),
  /** The log's verifier key (C2SP signed-note). Central keeps the first it is told by a kiosk. */
  key: z.string().max(512),
  /** Where the first of the lines stands in the log, counted from 0. */
  first: z.int().nonnegative(),
  /** The lines as they were hashed. */
  lines: z.array(z.string().max(4096)).min(1).max(1000),
  /** A signed note (C2SP tlog-checkpoint) over the log up to the last of the lines. */
  checkpoint: z.string().max(4096),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Anonymous counts of one stretch of time (R29). */
export const StatisticsRecord = z.strictObject({
  ...common,
  kind: z.literal('statistics'),
  from: instant,
  to: instant,
  counts: z.record(z.string().max(64), z.int().nonnegative()),
});
export type StatisticsRecord = z.infer<typeof StatisticsRecord>;

/** Every record a kiosk may send. */
export const LimenRecord = z.discriminatedUnion('kind', [
  AlarmRecord,
  CrossingRecord,
  GuardRecord,
  BiometricsRecord,
  AuditRecord,
  StatisticsRecord,
]);
export type LimenRecord = z.infer<typeof LimenRecord>;
