import * as z from 'zod';
import { FingerPosition } from './biometrics.ts';
import { Bytes } from './bytes.ts';

/** One alert of the local watchlist: what it matches on, and the reference that is recorded. Never its text (R17). */
export const Alert = z.strictObject({
  reference: z.string().min(1).max(64),
  documents: z.array(z.strictObject({ number: z.string().min(1).max(32), issuingState: z.string().max(3) })),
  identities: z.array(
    z.strictObject({
      surname: z.string().min(1).max(100),
      givenNames: z.string().max(100),
      /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty when unknown. */
      birthDate: z.string().regex(/^(\d{4}(-\d{2}(-\d{2})?)?)?$/),
    }),
  ),
  fingers: z.array(
    z.strictObject({ position: FingerPosition, model: z.string(), version: z.string(), template: Bytes }),
  ),
  faces: z.array(z.strictObject({ model: z.string(), version: z.string(), template: Bytes })),
});
export type Alert = z.infer<typeof Alert>;

/** A whole list as it is imported: its version, when it was made, and its alerts, each with a reference of its own. */
export const WatchlistSnapshot = z.strictObject({
  /** Goes up with each list. */
  version: z.int().min(1),
  madeAt: z.iso.datetime({ precision: 3 }),
  alerts: z.array(Alert),
});
export type WatchlistSnapshot = z.infer<typeof WatchlistSnapshot>;
