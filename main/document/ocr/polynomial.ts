/** Coefficients by rising power. */
export type Polynomial = readonly number[];

/** A point that a polynomial is to pass by. */
export type Point = readonly [x: number, y: number];

/** The polynomial's value at a place. */
export function valueAt(curve: Polynomial, x: number): number {
  return curve.reduceRight((value, coefficient) => value * x + coefficient, 0);
}

/** Its slope there. */
export function slopeAt(curve: Polynomial, x: number): number {
  return curve.reduce((sum, coefficient, power) => sum + (power > 0 ? power * coefficient * x ** (power - 1) : 0), 0);
}

/** How far points stray from it: root of the mean square. */
export function strayOf(curve: Polynomial, points: readonly Point[]): number {
  return Math.sqrt(points.reduce((sum, [x, y]) => sum + (y - valueAt(curve, x)) ** 2, 0) / points.length);
}

/** The polynomial of this degree through points, by least squares. */
export function fitPolynomial(points: readonly Point[], degree: number): Polynomial {
  const size = degree + 1;
  const rows = Array.from({ length: size }, (_, row) => [
    ...Array.from({ length: size }, (_, column) => points.reduce((sum, [x]) => sum + x ** (row + column), 0)),
    points.reduce((sum, [x, y]) => sum + y * x ** row, 0),
  ]);
  // Gauss and Jordan; a little on the diagonal keeps what too few points leave open near zero.
  for (let row = 0; row < size; row++) rows[row]![row]! += 1e-9;
  for (let pivot = 0; pivot < size; pivot++) {
    const own = rows[pivot]!;
    const scale = own[pivot]!;
    for (let column = pivot; column <= size; column++) own[column]! /= scale;
    for (const [index, other] of rows.entries()) {
      const factor = other[pivot]!;
      if (index === pivot) continue;
      for (let column = pivot; column <= size; column++) other[column]! -= factor * own[column]!;
    }
  }
  return rows.map((row) => row[size]!);
}
