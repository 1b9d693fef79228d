/** The greatest distance between the shares of two samples that lie below any value (two-sample Kolmogorov-Smirnov statistic). */
export function distanceOf(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [one.toSorted(rising), other.toSorted(rising)];
  let [at, bt, greatest] = [0, 0, 0];
  while (at < a.length && bt < b.length) {
    const value = Math.min(a[at]!, b[bt]!);
    while (a[at] === value) at++;
    while (b[bt] === value) bt++;
    greatest = Math.max(greatest, Math.abs(at / a.length - bt / b.length));
  }
  return greatest;
}

/** The chance that two samples of one distribution are so far apart: Kolmogorov's series, with Stephens's correction for its size. */
export function chanceOf(distance: number, size: number, otherSize: number): number {
  const effective = Math.sqrt((size * otherSize) / (size + otherSize));
  const x = (effective + 0.12 + 0.11 / effective) * distance;
  // Below this the series does not end soon, and the chance is 1 to six places.
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

const rising = (a: number, b: number) => a - b;
