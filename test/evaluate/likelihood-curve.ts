/** Scores up to the next bin's: how many of all mates lie there, and which share of pairs of strangers. */
export interface Bin {
  readonly score: number;
  readonly mates: number;
  readonly ofMates: number;
  readonly strangers: number;
}

/**
 * The logarithm to base ten of how much oftener mates than strangers lie in each bin, at the bin's upper end, never falling: bins that
 * would fall are pooled (pool adjacent violators). Half a mate more in each bin keeps what was not seen from being impossible.
 */
export function likelihoodCurve(bins: readonly Bin[]): [score: number, logRatio: number][] {
  const pools: { mates: number; strangers: number; scores: number[] }[] = [];
  for (const { score, mates, ofMates, strangers } of bins) {
    pools.push({ mates: (mates + 0.5) / (ofMates + bins.length / 2), strangers, scores: [score] });
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)];
      if (!before || !last || worth(before) <= worth(last)) break;
      const scores = [...before.scores, ...last.scores];
      pools.splice(-2, 2, { mates: before.mates + last.mates, strangers: before.strangers + last.strangers, scores });
    }
  }
  return pools.flatMap((pool) => pool.scores.map((score): [number, number] => [score, worth(pool)]));
}

const worth = ({ mates, strangers }: { mates: number; strangers: number }) =>
  Math.log10(mates / Math.max(strangers, Number.MIN_VALUE));
