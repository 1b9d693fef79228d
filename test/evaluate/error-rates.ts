/** Error rates of a comparison as ISO/IEC 19795-1 defines them, as fractions. */
export interface ErrorRates {
  /** Where false matches and false non-matches are equally frequent. */
  readonly eer: number;
  /** False non-match rate where at most 1 in 100 impostor pairs matches. */
  readonly fmr100: number;
  readonly fmr1000: number;
  /** False non-match rate where no impostor pair matches. */
  readonly zeroFmr: number;
}

/** The error rates of two sets of scores; a pair matches when its score is at least the threshold. Neither may be empty. */
export function errorRates(genuine: readonly number[], impostor: readonly number[]): ErrorRates {
  const mates = Float64Array.from(genuine).toSorted();
  const others = Float64Array.from(impostor).toSorted();
  const missed = (threshold: number): number => below(mates, threshold) / mates.length;
  const accepted = (threshold: number): number => 1 - below(others, threshold) / others.length;
  const missedAbove = (score: number): number => below(mates, score, true) / mates.length;
  const missedAt = (rate: number): number =>
    missedAbove(others[others.length - 1 - Math.floor(rate * others.length)] ?? 0);

  let gap = Infinity;
  let eer = 1;
  for (const threshold of [...mates, ...others, Infinity]) {
    const apart = Math.abs(missed(threshold) - accepted(threshold));
    if (apart >= gap) continue;
    gap = apart;
    eer = (missed(threshold) + accepted(threshold)) / 2;
  }
  return { eer, fmr100: missedAt(0.01), fmr1000: missedAt(0.001), zeroFmr: missedAt(0) };
}

/** How many of the sorted values lie below a limit (or on it). */
function below(sorted: Float64Array, limit: number, inclusive = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (value < limit || (inclusive && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
