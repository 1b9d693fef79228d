import * as z from 'zod';
import { FingerPosition } from './biometrics.ts';
import { Bytes } from './bytes.ts';
import { SearchAction, silentActions } from './search.ts';

/**
 * What an alert is for. On persons: Reg. (EU) 2018/1860 Art. 3 (return), 2018/1861 Art. 24, 25 (refusal of entry), 2018/1862
 * Art. 26, 32, 34, 36, 40. On documents: 2018/1862 Art. 38. `national` is a list of the state's own.
 */
export const AlertCategory = z.enum([
  'return',
  'refusal-of-entry',
  'arrest',
  'missing',
  'judicial',
  'discreet-check',
  'inquiry-check',
  'specific-check',
  'unknown-wanted',
  'national',
  'document-lost',
  'document-stolen',
  'document-invalidated',
  'document-blank',
]);
export type AlertCategory = z.infer<typeof AlertCategory>;

/** ISO 15924. */
const Script = z.string().regex(/^[A-Z][a-z]{3}$/);

/** A name that a person goes by, in the script it is written in; each other one, and each other script, is an identity of its own. */
export const AlertIdentity = z.strictObject({
  surname: z.string().min(1).max(100),
  givenNames: z.string().max(100),
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty when unknown. */
  birthDate: z.string().regex(/^(\d{4}(-\d{2}(-\d{2})?)?)?$/),
  /** Absent: the person's own name. */
  alias: z.boolean().optional(),
  /** Absent: Latin. */
  script: Script.optional(),
});
export type AlertIdentity = z.infer<typeof AlertIdentity>;

/** What is to be done where an alert is hit, and whether its person must not notice: all of it that may be shown, and to guards alone. */
export const AlertOrder = z.strictObject({ category: AlertCategory, action: SearchAction, silent: z.boolean() });
export type AlertOrder = z.infer<typeof AlertOrder>;

/** One alert of the local watchlist, on a person or on a document: what it matches on, and the reference that is recorded. Never its text (R17). */
export const Alert = z
  .strictObject({
    reference: z.string().min(1).max(64),
    ...AlertOrder.shape,
    documents: z.array(z.strictObject({ number: z.string().min(1).max(32), issuingState: z.string().max(3) })).max(64),
    identities: z.array(AlertIdentity).max(256),
    /** As documents write them (ICAO Doc 9303 part 3, 5). */
    nationalities: z
      .array(z.string().regex(/^[A-Z]{1,3}$/))
      .max(16)
      .optional(),
    sex: z.enum(['M', 'F', 'X']).optional(),
    fingers: z
      .array(z.strictObject({ position: FingerPosition, model: z.string(), version: z.string(), template: Bytes }))
      .max(32),
    faces: z.array(z.strictObject({ model: z.string(), version: z.string(), template: Bytes })).max(32),
  })
  .refine(({ action, silent }) => silent || !silentActions.includes(action), 'a check that must not be noticed, open')
  .refine((alert) => !isOnDocument(alert) || isBare(alert), 'a document alert that speaks of a person');
export type Alert = z.infer<typeof Alert>;

/** Whether an alert is on a document, whoever carries it. */
export function isOnDocument({ category }: { category: AlertCategory }): boolean {
  return category.startsWith('document-');
}

interface About {
  readonly identities: readonly unknown[];
  readonly fingers: readonly unknown[];
  readonly faces: readonly unknown[];
  readonly nationalities?: unknown;
  readonly sex?: unknown;
}

function isBare({ identities, fingers, faces, nationalities, sex }: About): boolean {
  return identities.length + fingers.length + faces.length === 0 && nationalities === undefined && sex === undefined;
}

/** A whole list as it is imported: its version, when it was made, and its alerts, each with a reference of its own. */
export const WatchlistSnapshot = z.strictObject({
  /** Goes up with each list. */
  version: z.int().min(1),
  madeAt: z.iso.datetime({ precision: 3 }),
  alerts: z.array(Alert),
});
export type WatchlistSnapshot = z.infer<typeof WatchlistSnapshot>;

/** What comes to an alert from one version of a list to another: it is there as it stands, or it is not any more. */
export const ListOperation = z.union([
  z.strictObject({ put: Alert }),
  z.strictObject({ remove: Alert.shape.reference }),
]);
export type ListOperation = z.infer<typeof ListOperation>;
