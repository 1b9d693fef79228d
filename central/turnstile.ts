/** Lets so many in at once and has so many more wait their turn; the rest are turned away at once. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  readonly #places: number;
  #free: number;

  constructor(atOnce: number, waiting: number) {
    [this.#free, this.#places] = [atOnce, waiting];
  }

  /** What to call when leaving; undefined for who is turned away. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#free > 0) this.#free--;
    else if (this.#waiting.length < this.#places) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else return undefined;
    return () => {
      const next = this.#waiting.shift();
      // The place goes to who has waited longest, and is never free in between.
      if (next) next();
      else this.#free++;
    };
  }
}
