/** The chance that an impostor pair reaches a score: logarithms to base ten, at scores 0, 1, 2 and so on. */
export type RateTable = readonly number[];

const confidence = 1.645; // standard deviations: 95 %, one side
const tailPairs = 200;

/**
 * An upper bound, at 95 % confidence as if pairs were independent, of the false match rate of each whole score up to
 * `last`: what was counted (Poisson, Wilson and Hilferty's approximation) up to the score that 200 pairs exceed; from there
 * on an exponential tail, its mean excess at its upper bound. Needs some thousand scores.
 */
export function tailTable(impostors: ArrayLike<number>, last: number): RateTable {
  const scores = Float64Array.from(impostors).toSorted();
  const start = scores.at(-tailPairs) ?? 0;
  const excess = scores.subarray(-tailPairs).reduce((sum, score) => sum + score - start, 0) / tailPairs;
  const scale = excess * (1 + confidence / Math.sqrt(tailPairs));
  let below = 0;
  return Array.from({ length: last + 1 }, (_, score) => {
    while (below < scores.length && (scores[below] ?? 0) < Math.min(score, start)) below++;
    const rate = upperCount(scores.length - below) / scores.length;
    return Math.min(0, Math.log10(rate) - Math.max(0, score - start) / scale / Math.LN10);
  });
}

/** The greater of two tables at each score, never rising. */
export function envelope(one: RateTable, other: RateTable): RateTable {
  let least = 0;
  return one.map((rate, score) => (least = Math.min(least, Math.max(rate, other[score] ?? 0))));
}

/** The greatest mean for which so few are seen with a chance of one in twenty. */
function upperCount(count: number): number {
  const next = count + 1;
  return next * (1 - 1 / (9 * next) + confidence / (3 * Math.sqrt(next))) ** 3;
}
