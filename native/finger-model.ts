import { scoreOfRate } from './false-match-rate.ts';

/** What made a template; only templates of the same maker and version are compared. */
export const fingerModel = { model: 'limen-finger', version: '2' } as const;

/** Whether something is of that maker and version. */
export const isFingerModel = ({ model, version }: { readonly model: string; readonly version: string }) =>
  model === fingerModel.model && version === fingerModel.version;

/**
 * The score from which two templates count as one finger. False match rate, bounds at 95 % confidence: 2.7e-5 by impostor
 * pairs of FVC2002 fingers (mirror images among them), 3.5e-6 by 12,497,500 of drawn templates, 4e-4 by images of drawn
 * fingers, which resemble each other more. Of the 1,120 genuine pairs of FVC2002, poor images included, 4.3 % miss it.
 * Scores are logarithmic odds plus ten; docs/fingerprint-comparison.md.
 */
export const defaultFingerThreshold = 14;

/** How many false candidates a traveller may bring up in a list of any size. */
export const falseCandidates = 1e-2;

/**
 * The score from which a finger of a list of so many fingers is a candidate: by `falseMatchRate`, no more than one traveller
 * in a hundred meets a stranger there, whom a guard then tells apart; never below `defaultFingerThreshold`, and at most 21,
 * where the rates end: from 22,000 fingers on more strangers are to be expected. Misses cost more: of the genuine pairs of FVC2002 21 % miss 18, half miss 21.
 */
export function listThreshold(fingers: number): number {
  return Math.max(defaultFingerThreshold, scoreOfRate(Math.min(1, falseCandidates / Math.max(1, fingers))));
}
