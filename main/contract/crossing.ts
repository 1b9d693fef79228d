import * as z from 'zod';
import type { ChallengeEvidence, FaceEvidence, FingerEvidence } from './biometrics.ts';
import type { TravelDocument } from './document.ts';

/** Why a crossing was referred. Shown to the guard, recorded, never told to the traveller. */
export const reasonCodes = [
  'document-unreadable',
  'document-check-digit',
  'document-doubtful',
  'document-expired',
  'document-state-unknown',
  'portrait-missing',
  'face-not-captured',
  'face-mismatch',
  'challenge-not-passed',
  'finger-not-captured',
  'watchlist-document',
  'watchlist-name',
  'watchlist-finger',
  'watchlist-face',
  'watchlist-unavailable',
  'portal-hit',
  'portal-silent-hit',
  'portal-finding',
  'portal-unavailable',
  'portal-partial',
  'portal-late',
  'entered-by-hand',
  'second-person',
  'tailgating',
  'device-fault',
  'record-not-stored',
  'assistance-requested',
  'interrupted',
  'time-out',
] as const;

/** A reason with its figures: the score against its threshold, and the alert's reference (never its text, R17). */
export const Reason = z.strictObject({
  code: z.enum(reasonCodes),
  score: z.number().optional(),
  threshold: z.number().optional(),
  alert: z.string().max(64).optional(),
  listVersion: z.string().max(64).optional(),
  /** A fault code, a field name, a stage, or in what ways a name agrees: never personal data. */
  detail: z.string().max(64).optional(),
});
export type Reason = z.infer<typeof Reason>;
export type ReasonCode = (typeof reasonCodes)[number];

/**
 * The machine's decision. It clears or it refers to a guard; it cannot refuse. Notices are hits that must not be noticed (R18): they
 * are recorded, and do nothing to the crossing; absent where there are none.
 */
export const Decision = z.strictObject({
  outcome: z.enum(['clear', 'refer']),
  reasons: z.array(Reason),
  notices: z.array(Reason).optional(),
});
export type Decision = z.infer<typeof Decision>;

/** All that a crossing has gathered. Lives in memory only, and no longer than the crossing. */
export interface Evidence {
  readonly document?: TravelDocument;
  /** JPEG or JPEG 2000 bytes as the document's chip or the reader gave them. */
  readonly portrait?: Uint8Array;
  readonly face?: FaceEvidence;
  /** How the traveller followed the prompts, where that is asked for. */
  readonly challenge?: ChallengeEvidence;
  readonly finger?: FingerEvidence;
  /** What else lay on a four-finger scanner. */
  readonly otherFingers?: readonly FingerEvidence[];
  /** What went wrong on the way; a crossing with any of these cannot be cleared. */
  readonly reasons: readonly Reason[];
}
