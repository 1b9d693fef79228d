/**
 * A repeatable stream of numbers in [0, 1), another for any other `seeds`: Chris Doty-Humphrey's sfc32, whose 96 bits of
 * seed keep a million streams from ever being the same.
 */
export function stream(...seeds: readonly number[]): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  for (const seed of seeds) {
    a = mix(a ^ seed);
    b = mix(b + Math.imul(seed, 0x85ebca6b));
    c = mix(c ^ Math.imul(seed, 0xc2b2ae35));
  }
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** A number about 0 of deviation 1, near enough normal (four even draws summed), never beyond 3.5. */
export function normal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.SQRT2 * spread;
}

const spread = Math.sqrt(1.5);

/** The finaliser of MurmurHash3: every bit of a word touches every other, and no two words become one. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
