/**
 * Logarithms to base ten of the false match rate at the scores 0, 1, 2 and so on, for the templates and weights of
 * `fingerModel`; printed by `npm run evaluate -- finger-calibrate`.
 */
const logRates = [0, -8];

/**
 * How often two fingers that are not the same reach a score: an upper bound at 95 % confidence under an exponential tail,
 * the worse of two populations at each score (docs/fingerprint-comparison.md says which). Falls as the score rises; 1 for
 * score 0, and never less than the table ends with.
 */
export function falseMatchRate(score: number): number {
  const place = Math.max(0, Math.min(score, logRates.length - 1));
  const below = Math.floor(place);
  const from = logRates[below] ?? 0;
  const to = logRates[below + 1] ?? from;
  return 10 ** (from + (place - below) * (to - from));
}
