import type { Means } from '../contract/policy.ts';
import type { AlertOrder } from '../contract/watchlist.ts';
import { type Calibrations, logRatio } from './likelihood.ts';

/** An alert that a traveller is like by one means. Holds nothing of the alert's text (R17). */
export interface Likeness {
  readonly alert: string;
  readonly order: AlertOrder;
  readonly by: Means;
  readonly score: number;
  /** The score that is enough by itself in a list of this size. */
  readonly threshold: number;
  /** Among so many entries of the alert (names, fingers, faces) the score is the best. */
  readonly among: number;
  /** By what a name was hit, in kinds of agreement. */
  readonly detail?: string;
}

/** An alert with all that it is like the traveller by, fused. */
export interface Fused<L extends Likeness = Likeness> {
  readonly alert: string;
  readonly order: AlertOrder;
  readonly likenesses: readonly L[];
  /** Logarithm to base ten of how much likelier all this is if the alert is about the traveller. */
  readonly logRatio: number;
}

/**
 * Joins what speaks for each alert, the likeliest first: naive Bayes over means, each capped by its calibration. The best of several
 * entries is worth as much less as there are. That an alert has a finger or a face that was not found alike counts for nothing: fingers
 * can be altered, and what lists hold is often poor.
 */
export function fuse<L extends Likeness>(likenesses: readonly L[], calibrations: Calibrations): Fused<L>[] {
  const byAlert = Map.groupBy(likenesses, ({ alert }) => alert);
  return [...byAlert]
    .flatMap(([alert, all]): Fused<L>[] => {
      const best = [...Map.groupBy(all, ({ by }) => by).values()].flatMap((same) => same.toSorted(falling).slice(0, 1));
      const [first] = best;
      if (!first) return [];
      const worth = best.map(({ by, score, among }) =>
        Math.max(0, logRatio(calibrations[by], score) - Math.log10(Math.max(1, among))),
      );
      return [{ alert, order: first.order, likenesses: best, logRatio: worth.reduce((sum, each) => sum + each, 0) }];
    })
    .toSorted((a, b) => b.logRatio - a.logRatio);
}

const falling = (a: Likeness, b: Likeness) => b.score - a.score;

/**
 * What a fused hit must reach, a logarithm to base ten, so that of 1,000 travellers on no list no more than so many are hit by any one
 * set of means. The ratio that a stranger has to one alert is 1 on average, so by Markov's inequality no more than 1 in t reaches t;
 * an upper bound, whatever they look like. It is the same as a prior of one in the list's size, and odds of 1,000 to what is wanted.
 */
export function logThreshold(alerts: number, falseAlarmsPer1000: number): number {
  return Math.log10((Math.max(1, alerts) * 1000) / falseAlarmsPer1000);
}
