/** A source of numbers from 0 to 1. */
export type Random = () => number;

const telling = [0x00, 0x01, 0x02, 0x03, 0x0a, 0x0d, 0x20, 0x21, 0x24, 0x2a, 0x3c, 0x7f, 0x80, 0xff];

/** A whole number from 0 to below the limit. */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)]!;

/** One of the seeds, changed in one to six ways: bits, bytes, lengths, and pieces of itself or of another seed. */
export function mutated(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = new Uint8Array(pick(random, seeds));
  for (let left = 1 + below(random, 6); left > 0; left--) {
    const at = below(random, bytes.length + 1);
    const ways: (() => void)[] = [
      () => void (bytes[at]! ^= 1 << below(random, 8)),
      () => void (bytes[at] = pick(random, telling)),
      () => void (bytes[at] = below(random, 256)),
      () => void (bytes = bytes.slice(0, at)),
      () => {
        const more = Uint8Array.from({ length: 1 + below(random, 80) }, () => below(random, 256));
        bytes = joined(bytes, more);
      },
      () => void (bytes = joined(bytes.subarray(0, at), bytes.subarray(below(random, at + 1)))),
      () => {
        const other = pick(random, seeds);
        bytes = joined(bytes.subarray(0, at), other.subarray(below(random, other.length + 1)));
      },
    ];
    pick(random, ways)();
  }
  return bytes.length > 2_048 ? bytes.slice(0, 2_048) : bytes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
