/** Bits of the key whose parity is shifted in (docs/uareu.md, section 5). */
const feedback = 0x9248144d;

/** The key one step on: shifted down by one, with the parity of some of its bits on top. 32 bits, unsigned. */
export function nextKey(key: number): number {
  let parity = key & feedback;
  parity ^= parity >>> 16;
  parity ^= parity >>> 8;
  parity ^= parity >>> 4;
  parity ^= parity >>> 2;
  parity ^= parity >>> 1;
  return ((key >>> 1) | (parity << 31)) >>> 0;
}

/** The key so many steps on. */
export function advanceKey(key: number, steps: number): number {
  let next = key;
  for (let step = 0; step < steps; step++) next = nextKey(next);
  return next;
}

/** The byte that a stored byte is mixed with: bits 4, 8, 11, 14, 18, 21, 24 and 29 of the key, from bit 0 up. */
export function padOf(key: number): number {
  return (
    ((key >>> 4) & 0x01) |
    ((key >>> 7) & 0x02) |
    ((key >>> 9) & 0x04) |
    ((key >>> 11) & 0x08) |
    ((key >>> 14) & 0x10) |
    ((key >>> 16) & 0x20) |
    ((key >>> 18) & 0x40) |
    ((key >>> 22) & 0x80)
  );
}

/**
 * Puts a scrambled block right, from `stored` to `plain` of the same length, and gives the key for what follows. Each
 * byte lies one place late, so the last one is not known and comes out as 0.
 */
export function unscramble(stored: Uint8Array, plain: Uint8Array, key: number): number {
  const last = stored.length - 1;
  let next = key;
  for (let at = 0; at < last; at++) {
    plain[at] = stored[at + 1]! ^ padOf(next);
    next = nextKey(next);
  }
  if (last < 0) return next;
  plain[last] = 0;
  return nextKey(next);
}
