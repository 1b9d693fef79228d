/** One comparison of an evaluation: its score, and whether both images show the same person. */
export interface Trial {
  readonly score: number;
  readonly same: boolean;
  /** Which part of a cross-validation it belongs to. */
  readonly fold: number;
}

/** How many genuine comparisons pass where so many of the impostor ones do. */
export interface OperatingPoint {
  readonly falseMatchRate: number;
  readonly threshold: number;
  readonly trueMatchRate: number;
}

/** Accuracy over the folds, each judged at the threshold that is best for the others. */
export function crossValidate(trials: readonly Trial[]): { mean: number; standardError: number; folds: number } {
  const folds = [...new Set(trials.map(({ fold }) => fold))];
  const accuracies = folds.map((fold) => {
    const threshold = bestThreshold(trials.filter((trial) => trial.fold !== fold));
    const judged = trials.filter((trial) => trial.fold === fold);
    return judged.filter(({ score, same }) => score >= threshold === same).length / judged.length;
  });
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / folds.length;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, folds.length - 1);
  return { mean, standardError: Math.sqrt(variance / folds.length), folds: folds.length };
}

/** The rate at which as many genuine comparisons fail as impostor ones pass. */
export function equalErrorRate(genuine: Float32Array, impostor: Float32Array): number {
  const [same, different] = [genuine.toSorted(), impostor.toSorted()];
  let below = 0;
  for (const [index, threshold] of same.entries()) {
    while (below < different.length && (different[below] ?? 0) < threshold) below++;
    const falseMatches = 1 - below / different.length;
    const falseNonMatches = index / same.length;
    if (falseNonMatches >= falseMatches) return (falseMatches + falseNonMatches) / 2;
  }
  return 0;
}

/** Operating points at the false match rates that the number of impostor comparisons can tell apart. */
export function operatingPoints(
  genuine: Float32Array,
  impostor: Float32Array,
  rates: readonly number[],
): OperatingPoint[] {
  const descending = impostor.toSorted().toReversed();
  return rates
    .filter((rate) => rate * impostor.length >= 1)
    .map((falseMatchRate) => {
      // The first score that no longer may pass; whatever is above it does.
      const threshold = descending[Math.floor(falseMatchRate * descending.length)] ?? -Infinity;
      const passed = genuine.reduce((sum, score) => sum + Number(score > threshold), 0);
      return { falseMatchRate, threshold, trueMatchRate: passed / genuine.length };
    });
}

/** The 95 % confidence interval of a share seen in so many trials (Wilson 1927). */
export function confidence(share: number, trials: number): readonly [number, number] {
  const z2 = 1.96 ** 2;
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = Math.sqrt(z2 * ((share * (1 - share)) / trials + z2 / (4 * trials ** 2))) / (1 + z2 / trials);
  return [middle - half, middle + half];
}

function bestThreshold(trials: readonly Trial[]): number {
  const ascending = trials.toSorted((one, other) => one.score - other.score);
  // From the lowest score on everything passes: right for the genuine ones only.
  let right = trials.filter(({ same }) => same).length;
  let best = { right, threshold: -Infinity };
  for (const [index, { same, score }] of ascending.entries()) {
    right += same ? -1 : 1;
    const next = ascending[index + 1]?.score ?? Infinity;
    if (right > best.right && next > score)
      best = { right, threshold: next === Infinity ? score + 1 : (score + next) / 2 };
  }
  return best.threshold;
}
