/**
 * Logarithms to base ten of the false match rate at the scores 0, 1, 2 and so on, for the templates and weights of
 * `fingerModel`; printed by `npm run evaluate -- finger-calibrate`.
 */
const logRates = [
  0.0, -0.38, -0.46, -0.55, -0.65, -0.78, -0.93, -1.1, -1.32, -1.58, -1.87, -2.24, -2.59, -2.98, -3.4, -3.82, -4.24,
  -4.66, -5.09, -5.51, -5.93, -6.35,
];

/**
 * How often two fingers that are not the same reach a score: an upper bound at 95 % confidence under an exponential tail,
 * the worst of three populations at each score (docs/fingerprint-comparison.md says which). Falls as the score rises; 1 for
 * score 0, and never less than the table ends with.
 */
export function falseMatchRate(score: number): number {
  const place = Math.max(0, Math.min(score, logRates.length - 1));
  const below = Math.floor(place);
  const from = logRates[below] ?? 0;
  const to = logRates[below + 1] ?? from;
  return 10 ** (from + (place - below) * (to - from));
}

/** The least score that two fingers that are not the same reach no more often than `rate`; beyond the table, its last. */
export function scoreOfRate(rate: number): number {
  const wanted = Math.log10(rate);
  const above = logRates.findIndex((logRate) => logRate <= wanted);
  if (above <= 0) return above === 0 ? 0 : logRates.length - 1;
  const [from, to] = [logRates[above - 1] ?? 0, logRates[above] ?? 0];
  return above - 1 + (wanted - from) / (to - from);
}
