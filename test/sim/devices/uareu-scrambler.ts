/** The scrambling of docs/uareu.md, section 5, bit by bit as it is defined there. */
export class Scrambler {
  /** Bit 0 first. */
  #bits: number[];

  constructor(key: number) {
    this.#bits = Array.from({ length: 32 }, (_, bit) => Number((BigInt(key) >> BigInt(bit)) & 1n));
  }

  step(times = 1): void {
    for (let step = 0; step < times; step++) {
      // The bits that 0x9248144d is made of.
      const parity = [0, 2, 3, 6, 10, 12, 19, 22, 25, 28, 31].reduce((sum, bit) => sum + this.#bits[bit]!, 0) % 2;
      this.#bits = [...this.#bits.slice(1), parity];
    }
  }

  /** Each byte mixed with its pad and one place late, behind a byte that means nothing; the last one has no place. */
  scramble(plain: Uint8Array, first: number): Uint8Array {
    const stored = new Uint8Array(plain.length);
    stored[0] = first;
    for (let at = 0; at < plain.length; at++) {
      const pad = [4, 8, 11, 14, 18, 21, 24, 29].reduce((sum, bit, place) => sum + this.#bits[bit]! * 2 ** place, 0);
      if (at + 1 < stored.length) stored[at + 1] = plain[at]! ^ pad;
      this.step();
    }
    return stored;
  }
}
