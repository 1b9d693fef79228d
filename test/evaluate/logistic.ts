/** One row of a regression: what was seen, whether it was a mate, and how much the row counts. */
export interface Row {
  readonly terms: readonly number[];
  readonly mate: boolean;
  readonly weight: number;
}

/** A linear function of the terms: the logarithmic odds of a mate. */
export interface Fit {
  readonly weights: readonly number[];
  readonly offset: number;
}

const rounds = 60;

/**
 * Logistic regression by Newton's method over standardised terms, with a ridge penalty that only keeps what is nearly the
 * same from growing against each other. Needs rows of both kinds.
 */
export function fitLogistic(rows: readonly Row[], penalty: number): Fit {
  const width = rows[0]?.terms.length ?? 0;
  const mean = columns(width, (k) => rows.reduce((sum, row) => sum + (row.terms[k] ?? 0), 0) / rows.length);
  const spread = columns(width, (k) =>
    Math.sqrt(rows.reduce((sum, row) => sum + ((row.terms[k] ?? 0) - (mean[k] ?? 0)) ** 2, 0) / rows.length + 1e-18),
  );
  const scaled = rows.map(({ terms }) => [...terms.map((term, k) => (term - (mean[k] ?? 0)) / (spread[k] ?? 1)), 1]);
  let found = columns(width + 1, () => 0);
  for (let round = 0; round < rounds; round++) {
    const slope = columns(width + 1, (k) => (k < width ? penalty * (found[k] ?? 0) : 0));
    const bend = columns(width + 1, (k) => columns(width + 1, (l) => (k === l ? penalty : 0)));
    for (const [i, row] of rows.entries()) {
      const terms = scaled[i] ?? [];
      const odds = terms.reduce((sum, term, k) => sum + term * (found[k] ?? 0), 0);
      const chance = 1 / (1 + Math.exp(-odds));
      const error = row.weight * (chance - Number(row.mate));
      const certainty = row.weight * chance * (1 - chance);
      for (const [k, term] of terms.entries()) {
        slope[k] = (slope[k] ?? 0) + error * term;
        const line = bend[k] ?? [];
        for (let l = 0; l <= k; l++) line[l] = (line[l] ?? 0) + certainty * term * (terms[l] ?? 0);
      }
    }
    for (const [k, line] of bend.entries()) for (let l = 0; l < k; l++) (bend[l] ?? [])[k] = line[l] ?? 0;
    const step = solve(bend, slope);
    found = found.map((value, k) => value - (step[k] ?? 0));
    if (step.every((value) => Math.abs(value) < 1e-7)) break;
  }
  const weights = columns(width, (k) => (found[k] ?? 0) / (spread[k] ?? 1));
  return {
    weights,
    offset: (found[width] ?? 0) - weights.reduce((sum, weight, k) => sum + weight * (mean[k] ?? 0), 0),
  };
}

function columns<T>(count: number, of: (k: number) => T): T[] {
  return Array.from({ length: count }, (_, k) => of(k));
}

/** Solves a symmetric, positive system by elimination. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((line, k) => [...line, right[k] ?? 0]);
  for (const [k, pivot] of rows.entries()) {
    const head = pivot[k] ?? 1;
    for (const [other, line] of rows.entries()) {
      if (other === k) continue;
      const share = (line[k] ?? 0) / head;
      for (let l = k; l < line.length; l++) line[l] = (line[l] ?? 0) - share * (pivot[l] ?? 0);
    }
  }
  return rows.map((line, k) => (line.at(-1) ?? 0) / (line[k] ?? 1));
}
