import * as z from 'zod';
import { Reason } from './crossing.ts';
import { PlainDate, TravelDocument } from './document.ts';
import { Findings, Rung } from './findings.ts';
import { ChallengePrompt } from './biometrics.ts';
import { RgbImage } from './image.ts';
import { ListStanding } from './list-view.ts';
import { SearchHit } from './search.ts';
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
  /** What the central systems say, as far as they have answered; absent where they were not asked. */
  findings: Findings.optional(),
});
export type Case = z.infer<typeof Case>;

/** The traveller at the gate, as far as the central systems have answered. */
export const Present = z.strictObject({ crossingId: z.uuidv7(), findings: Findings }).nullable();
export type Present = z.infer<typeof Present>;

/**
 * Something the guard has to know of one who was not referred: `discreet` where the person must not notice, `late` where the
 * answer came when the gate was open, `left` where the traveller walked away.
 */
export const Notice = z.strictObject({
  id: z.uuidv7(),
  crossingId: z.uuidv7(),
  at: z.iso.datetime({ precision: 3 }),
  kind: z.enum(['discreet', 'late', 'left']),
  name: z.string().max(130),
  hit: SearchHit,
});
export type Notice = z.infer<typeof Notice>;

/** How the central systems can be asked. */
export const SearchStatus = z.strictObject({
  /** Where no portal is configured the kiosk asks nobody, as always. */
  configured: z.boolean(),
  /** `manual`: the kiosk cannot store a crossing either, and the guard writes by hand. */
  rung: Rung,
  since: z.iso.datetime({ precision: 3 }),
});
export type SearchStatus = z.infer<typeof SearchStatus>;

/** A crossing that was written down by hand (Reg. (EU) 2017/2226 Art. 21(2)): no biometric field, by law. */
export const ManualEntry = z.strictObject({
  /** When it happened; the record says so, whenever it is entered. */
  at: z.iso.datetime({ precision: 3 }),
  surname: z.string().trim().min(1).max(64),
  givenNames: z.string().trim().max(64),
  birthDate: PlainDate,
  nationality: z.string().regex(/^[A-Z]{1,3}$/),
  sex: z.enum(['M', 'F', 'X']),
  documentCode: z.string().regex(/^[A-Z]{1,2}$/),
  documentNumber: z.string().regex(/^[A-Z0-9]{1,32}$/),
  issuingState: z.string().regex(/^[A-Z]{1,3}$/),
  expiryDate: PlainDate,
  outcome: z.enum(['admit', 'second-line']),
});
export type ManualEntry = z.infer<typeof ManualEntry>;

/** How the gate stands. */
export const GateView = z.strictObject({
  /** `released`: the emergency release was pulled, and the doors are free. */
  door: z.enum(['closed', 'open', 'unknown', 'released']),
  /** The stage of the crossing in progress; no personal data. */
  stage: z.string(),
  uplink: z.enum(['online', 'offline']),
  queued: z.int().nonnegative(),
  /** Whether the local watchlist can be searched; where it cannot, everyone is referred. */
  list: ListStanding,
});
export type GateView = z.infer<typeof GateView>;

/** What a guard may ask of the kiosk, and is told. */
export const guard = {
  cases: tell(z.array(Case)),
  gate: tell(GateView),
  present: tell(Present),
  notices: tell(z.array(Notice)),
  search: tell(SearchStatus),
  /** The guard has seen to a notice. */
  dismiss: call(z.strictObject({ id: z.uuidv7() }), z.void()),
  /** Enters what was written by hand. `store.full` while the kiosk cannot store it: the paper stays with the guard. */
  enter: call(ManualEntry, z.void()),
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
