/** The greatest id that is known, as a number of 122 bits: the time in milliseconds, then random ones. */
let newest = 0n;

const randomBits = 74n;

/**
 * A new UUIDv7 (RFC 9562, 5.7) of a time in milliseconds since 1970. It is greater than every one made before, even when the
 * clock was set back: then it counts on from the greatest, by a random step (6.2, method 2).
 */
export function newIdentifier(nowMs: number): string {
  const fresh = (BigInt(Math.trunc(nowMs)) << randomBits) | randomBelow(randomBits);
  newest = fresh > newest ? fresh : newest + 1n + randomBelow(32n);
  const low = newest & ((1n << 62n) - 1n);
  const bits = ((newest >> 62n) & 0xfffn) | 0x7000n | ((newest >> randomBits) << 16n);
  const hex = ((bits << 64n) | (0b10n << 62n) | low).toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Has the ids to come be greater than this one: the last that a store knows of. What is no UUID is as none. */
export function identifiersFollow(id: string): void {
  if (!/^[0-9a-f-]{36}$/.test(id)) return;
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  const time = (bits >> 80n) << randomBits;
  const known = time | (((bits >> 64n) & 0xfffn) << 62n) | (bits & ((1n << 62n) - 1n));
  if (known > newest) newest = known;
}

function randomBelow(bits: bigint): bigint {
  const [high, low] = crypto.getRandomValues(new BigUint64Array(2));
  return ((high! << 64n) | low!) & ((1n << bits) - 1n);
}
