import * as z from 'zod';
import { Reason } from './crossing.ts';
import { TravelDocument } from './document.ts';
import { ChallengePrompt } from './biometrics.ts';
import { RgbImage } from './image.ts';
import { call, tell } from './wire.ts';

/** A referred traveller as the guard sees one. Gone from the kiosk as soon as the guard has decided. */
export const Case = z.strictObject({
  crossingId: z.uuidv7(),
  referredAt: z.iso.datetime({ precision: 3 }),
  reasons: z.array(Reason),
  document: TravelDocument.optional(),
  /** The document's portrait, decoded. */
  portrait: RgbImage.optional(),
  /** The live face. */
  live: RgbImage.optional(),
  /** How often different people are so alike, where the face was compared: an estimate on the model's own data. */
  falseMatchRate: z.number().optional(),
  /** The steps of the challenge that were done, with a frame of each. */
  challenge: z
    .strictObject({
      passed: z.boolean(),
      steps: z
        .array(z.strictObject({ prompt: ChallengePrompt, measured: z.number(), needed: z.number(), image: RgbImage }))
        .max(128),
    })
    .optional(),
});
export type Case = z.infer<typeof Case>;

/** How the gate stands. */
export const GateView = z.strictObject({
  /** `released`: the emergency release was pulled, and the doors are free. */
  door: z.enum(['closed', 'open', 'unknown', 'released']),
  /** The stage of the crossing in progress; no personal data. */
  stage: z.string(),
  uplink: z.enum(['online', 'offline']),
  queued: z.int().nonnegative(),
});
export type GateView = z.infer<typeof GateView>;

/** What a guard may ask of the kiosk, and is told. */
export const guard = {
  cases: tell(z.array(Case)),
  gate: tell(GateView),
  /** `admit` opens the gate; `second-line` keeps it closed and hands the traveller on. The reason is recorded. */
  decide: call(
    z.strictObject({
      crossingId: z.uuidv7(),
      outcome: z.enum(['admit', 'second-line']),
      reason: z.string().trim().min(3).max(500),
    }),
    z.void(),
  ),
};
