/** Random numbers in [0, 1) that a seed repeats (mulberry32). */
export function synthesize(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list, each as likely. */
export function pick<T>(list: readonly T[], random: () => number): T {
  if (list.length === 0) throw new RangeError('an empty list');
  return list[Math.floor(random() * list.length)]!;
}

/** Draws of a list by their weights, which need not add up to one. */
export class Weighted<T> {
  readonly #items: readonly T[];
  readonly #sums: Float64Array;

  constructor(weighted: readonly (readonly [item: T, weight: number])[]) {
    if (weighted.length === 0) throw new RangeError('an empty list');
    this.#items = weighted.map(([item]) => item);
    let sum = 0;
    this.#sums = Float64Array.from(weighted, ([, weight]) => (sum += weight));
  }

  draw(random: () => number): T {
    const wanted = random() * this.#sums.at(-1)!;
    let [low, high] = [0, this.#items.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sums[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    return this.#items[low]!;
  }
}

/** What each rank weighs by the law of Zipf and Mandelbrot: names, words and cities follow it. */
export function zipf(rank: number, flat: number, steep: number): number {
  return (rank + flat) ** -steep;
}
