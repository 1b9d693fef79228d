import type { Clock } from './clock.ts';

const firstMs = 1000;
const lastMs = 30_000;

/**
 * Whether an address is worth waiting for. One failure opens the circuit, so that a dead address costs one traveller its
 * deadline and not each; after a while, which grows with each failure and is spread at random, it is `on-trial`.
 */
export class Circuit {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #random: () => number;
  #failures = 0;
  #untilMs = 0;

  constructor(clock: Pick<Clock, 'elapsed'>, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get state(): 'closed' | 'on-trial' | 'open' {
    if (this.#failures === 0) return 'closed';
    return this.#clock.elapsed() >= this.#untilMs ? 'on-trial' : 'open';
  }

  worked(): void {
    this.#failures = 0;
  }

  /** `quietMs`: for how long it asked to be left in peace. */
  failed(quietMs = 0): void {
    const bound = Math.min(lastMs, firstMs * 2 ** Math.min(this.#failures++, 16));
    this.#untilMs = this.#clock.elapsed() + Math.min(quietMs, lastMs) + (bound * (1 + this.#random())) / 2;
  }

  /** There is news of the line: it is tried with the next question. */
  tryNow(): void {
    this.#untilMs = 0;
  }
}
