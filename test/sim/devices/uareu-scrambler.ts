/** The scrambling of docs/uareu.md, section 5, bit by bit as it is defined there. */
export class Scrambler {
  /** Every bit that was shifted in, the first ones being the key's from bit 0 up; the key of a step is 32 of them in a row. */
  readonly #bits: number[];
  #from = 0;

  constructor(key: number) {
    this.#bits = Array.from({ length: 32 }, (_, bit) => (key >>> bit) & 1);
  }

  step(times = 1): void {
    for (let step = 0; step < times; step++) {
      // The bits that 0x9248144d is made of.
      this.#bits.push(this.#parityOf(0, 2, 3, 6, 10, 12, 19, 22, 25, 28, 31));
      this.#from++;
    }
  }

  /** Each byte mixed with its pad and one place late, behind a byte that means nothing; the last one has no place. */
  scramble(plain: Uint8Array, first: number): Uint8Array {
    const stored = new Uint8Array(plain.length);
    stored[0] = first;
    for (let at = 0; at < plain.length; at++) {
      if (at + 1 < stored.length) stored[at + 1] = plain[at]! ^ this.#pad(4, 8, 11, 14, 18, 21, 24, 29);
      this.step();
    }
    return stored;
  }

  #parityOf(...places: readonly number[]): number {
    let parity = 0;
    for (let at = 0; at < places.length; at++) parity ^= this.#bits[this.#from + places[at]!]!;
    return parity;
  }

  #pad(...places: readonly number[]): number {
    let pad = 0;
    for (let at = 0; at < places.length; at++) pad |= this.#bits[this.#from + places[at]!]! << at;
    return pad;
  }
}
