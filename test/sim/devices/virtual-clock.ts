import type { Clock } from '../../../main/devices/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only when nothing else is left to do. No promise and no timer in it takes real time. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that wait: none are left where everything was cleaned up. */
  get pending(): number {
    return this.#timers.size;
  }

  /** The work's outcome, with time let go by as it needs; throws when it hangs or takes longer than `limitMs`. */
  async run<T>(work: Promise<T>, limitMs = 600_000): Promise<T> {
    const endMs = this.#nowMs + limitMs;
    let settled = false;
    const done = work.finally(() => (settled = true));
    done.catch(() => {});
    for (;;) {
      await new Promise(setImmediate);
      if (settled) return done;
      const next = this.#next();
      if (!next) throw new Error('hangs: nothing is left that could settle it');
      if (next.atMs > endMs) throw new Error(`hangs: not settled within ${limitMs} ms`);
      this.#fire(next);
    }
  }

  /** Lets so much time go by. */
  async pass(delayMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    this.after(delayMs, over.resolve);
    await this.run(over.promise);
  }

  /** Lets time go by whenever nothing else is left to do, until the returned function is called. */
  flow(): () => void {
    let flowing = true;
    const step = (): void => {
      if (!flowing) return;
      const next = this.#next();
      if (next) this.#fire(next);
      setImmediate(step);
    };
    setImmediate(step);
    return () => void (flowing = false);
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.run();
  }
}
