import type { Clock } from '../../../main/devices/clock.ts';

/** How often each fault happens: 0 to 1 a report or chunk. */
export interface FaultRates {
  readonly drop?: number;
  readonly duplicate?: number;
  readonly corrupt?: number;
  readonly split?: number;
  /** Held up by up to half a second; what comes after waits behind it. */
  readonly late?: number;
  /** Held up by up to a minute. */
  readonly stall?: number;
  readonly unplug?: number;
}

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How bad a cable is, and by which seed; whoever owns it may change it at any time. */
export interface LineCondition {
  readonly random?: () => number;
  readonly rates?: FaultRates;
  /** Added to whatever the rates bring. */
  readonly latencyMs?: number;
}

/** Where a cable leads and how bad it is. */
export interface FaultLineOptions {
  readonly clock: Clock;
  readonly deliver: (bytes: Uint8Array) => void;
  readonly condition?: LineCondition | undefined;
  /** Whether what nothing holds up is delivered at once, and not by a timer of no delay. */
  readonly prompt?: boolean;
  readonly unplug?: () => void;
}

/** One direction of a cable: what goes in comes out in order, or as badly as the rates say. */
export class FaultLine {
  readonly #options: FaultLineOptions;
  #freeAtMs = 0;
  #cut = false;
  readonly #waiting: Uint8Array[] = [];
  /** Faults made so far, by name. */
  readonly made: Record<string, number> = {};

  constructor(options: FaultLineOptions) {
    this.#options = options;
  }

  send(bytes: Uint8Array): void {
    if (this.#cut) return;
    const { unplug, condition = {} } = this.#options;
    const { random = () => 1, rates = {}, latencyMs = 0 } = condition;
    const hit = (name: keyof FaultRates): boolean => {
      if (random() >= (rates[name] ?? 0)) return false;
      this.made[name] = (this.made[name] ?? 0) + 1;
      return true;
    };
    if (hit('unplug')) return unplug?.();
    if (hit('drop')) return;
    let copy = bytes.slice();
    if (hit('corrupt')) {
      for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
        copy[Math.floor(random() * copy.length)]! ^= 1 << Math.floor(random() * 8);
      }
    }
    const delayMs = latencyMs + (hit('stall') ? 1_000 + random() * 59_000 : hit('late') ? random() * 500 : 0);
    const copies = hit('duplicate') ? [copy, copy] : [copy];
    for (const whole of copies) {
      const at = hit('split') ? Math.floor(random() * whole.length) : 0;
      for (const piece of at > 0 ? [whole.subarray(0, at), whole.subarray(at)] : [whole]) this.#queue(piece, delayMs);
    }
  }

  cut(): void {
    this.#cut = true;
  }

  #queue(bytes: Uint8Array, delayMs: number): void {
    const { clock, deliver, prompt } = this.#options;
    if (prompt && delayMs === 0 && this.#waiting.length === 0) return deliver(bytes);
    this.#freeAtMs = Math.max(this.#freeAtMs, clock.nowMs() + delayMs);
    this.#waiting.push(bytes);
    // Timers of a real clock may fire a millisecond out of order; what they deliver does not.
    clock.after(Math.max(0, this.#freeAtMs - clock.nowMs()), () => {
      const next = this.#waiting.shift();
      if (next && !this.#cut) deliver(next);
    });
  }
}
