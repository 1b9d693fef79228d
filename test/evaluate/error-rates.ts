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
export function errorRates(genuine: ArrayLike<number>, impostor: ArrayLike<number>): ErrorRates {
  const mates = Float64Array.from(genuine).toSorted();
  const others = Float64Array.from(impostor).toSorted();
  const missedAt = (rate: number): number =>
    atMost(mates, others[others.length - 1 - Math.floor(rate * others.length)] ?? 0) / mates.length;
  return {
    eer: equalErrorRate(mates, others),
    fmr100: missedAt(0.01),
    fmr1000: missedAt(0.001),
    zeroFmr: missedAt(0),
  };
}

/** Tries every score as a threshold, from the lowest to above them all. */
function equalErrorRate(mates: Float64Array, others: Float64Array): number {
  let missed = 0;
  let rejected = 0;
  let gap = Infinity;
  let eer = 1;
  for (;;) {
    const falseNonMatches = missed / mates.length;
    const falseMatches = 1 - rejected / others.length;
    const apart = Math.abs(falseNonMatches - falseMatches);
    if (apart < gap) {
      gap = apart;
      eer = (falseNonMatches + falseMatches) / 2;
    }
    const threshold = Math.min(mates[missed] ?? Infinity, others[rejected] ?? Infinity);
    if (threshold === Infinity) return eer;
    while (mates[missed] === threshold) missed++;
    while (others[rejected] === threshold) rejected++;
  }
}

/** How many of the sorted values do not exceed a limit. */
function atMost(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
