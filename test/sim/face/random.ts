/** Numbers from 0 up to 1 that a seed determines (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Roughly normal noise of mean 0 and deviation 1: the sum of a few uniform numbers. */
export function noise(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
