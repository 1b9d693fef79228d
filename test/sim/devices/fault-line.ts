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

/** Where a cable leads and how bad it is. */
export interface FaultLineOptions {
  readonly clock: Clock;
  readonly deliver: (bytes: Uint8Array) => void;
  readonly random?: () => number;
  readonly rates?: FaultRates;
  readonly unplug?: () => void;
}

/** One direction of a cable: what goes in comes out in order, or as badly as the rates say. */
export class FaultLine {
  readonly #options: FaultLineOptions;
  #freeAtMs = 0;
  #cut = false;
  /** Faults made so far, by name. */
  readonly made: Record<string, number> = {};

  constructor(options: FaultLineOptions) {
    this.#options = options;
  }

  send(bytes: Uint8Array): void {
    if (this.#cut) return;
    const { random = () => 1, rates = {}, unplug } = this.#options;
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
    const delayMs = hit('stall') ? 1_000 + random() * 59_000 : hit('late') ? random() * 500 : 0;
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
    const { clock, deliver } = this.#options;
    this.#freeAtMs = Math.max(this.#freeAtMs, clock.nowMs() + delayMs);
    clock.after(Math.max(0, this.#freeAtMs - clock.nowMs()), () => {
      if (!this.#cut) deliver(bytes);
    });
  }
}
