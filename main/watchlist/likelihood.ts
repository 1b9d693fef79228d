import type { Means } from '../contract/policy.ts';

/**
 * How much more often a score comes from the alert's own person than from somebody else: logarithms to base ten at rising scores,
 * straight lines between. Before the first and after the last point it stays as there: data tell no more.
 */
export type Calibration = readonly (readonly [score: number, logRatio: number])[];

/** A calibration for each means. */
export type Calibrations = Readonly<Record<Means, Calibration>>;

/** What a score is worth. A score that is no number is worth the least. */
export function logRatio(calibration: Calibration, score: number): number {
  const above = calibration.findIndex(([at]) => at >= score);
  if (above < 0) return (Number.isNaN(score) ? calibration[0] : calibration.at(-1))?.[1] ?? 0;
  const [to, from] = [calibration[above], calibration[above - 1]];
  if (!to) return 0;
  if (!from || to[0] === from[0]) return to[1];
  return from[1] + ((score - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
}
