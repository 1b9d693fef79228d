import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import { cancellable } from './wait.ts';

/** A bounded queue from callbacks to one waiting reader. Overflow is `device.protocol`: the far end is not to be trusted. */
export class EventQueue<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #failure: Fault | undefined;
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(limit = 64) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#failure) return;
    if (this.#items.length >= this.#limit) this.fail(new Fault('device.protocol', 'more events than can be taken'));
    else this.#items.push(item);
    this.#waiting?.resolve();
  }

  /** Whether nothing waits to be read. */
  get empty(): boolean {
    return this.#items.length === 0;
  }

  /** What is queued is still read; then every `next` fails with the fault. */
  fail(fault: Fault): void {
    this.#failure ??= fault;
    this.#waiting?.resolve();
  }

  /** The next item; undefined after `silenceMs` without one. Fails with `capture.cancelled`, or what `fail` was told. */
  async next(clock: Clock, silenceMs: number, signal?: AbortSignal): Promise<T | undefined> {
    if (this.#items.length === 0 && !this.#failure) {
      const waiting = Promise.withResolvers<void>();
      this.#waiting = waiting;
      const cancel = Number.isFinite(silenceMs) ? clock.after(silenceMs, waiting.resolve) : undefined;
      try {
        await cancellable(waiting.promise, signal);
      } finally {
        cancel?.();
        this.#waiting = undefined;
      }
    }
    if (signal?.aborted) throw new Fault('capture.cancelled');
    const item = this.#items.shift();
    if (item === undefined && this.#failure) throw this.#failure;
    return item;
  }
}
