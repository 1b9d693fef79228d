import type { Clock } from './clock.ts';

/** How much noise a device may make: a bucket that each unasked or bad thing drains and time refills. */
export class Tolerance {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #perSecond: number;
  #left: number;
  #filledAtMs: number;

  constructor(clock: Clock, capacity: number, perSecond: number) {
    this.#clock = clock;
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#left = capacity;
    this.#filledAtMs = clock.nowMs();
  }

  /** Takes `cost` from the bucket; false when it is empty, which makes the device a flooding one. */
  spend(cost = 1): boolean {
    const nowMs = this.#clock.nowMs();
    this.#left = Math.min(this.#capacity, this.#left + ((nowMs - this.#filledAtMs) / 1000) * this.#perSecond);
    this.#filledAtMs = nowMs;
    this.#left -= cost;
    return this.#left >= 0;
  }
}
