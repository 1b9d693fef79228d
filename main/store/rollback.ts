import { Fault } from '../contract/fault.ts';
import type { RollbackMark } from './rollback-mark.ts';
import type { Tpm } from './tpm.ts';

/** A counter outside the store that only goes up. */
export type RollbackCounter = Pick<Tpm, 'count' | 'increment'>;

/** Where the store carries its mark. */
export type KeptMark = Pick<RollbackMark, 'load' | 'replace'>;

const hourMs = 3_600_000;

/**
 * Finds out an old copy of the store that was put back: the store carries the counter's value, which goes on while a copy lies
 * aside. It goes on at most once an hour, over restarts too, so that the counter's memory (100,000 writes and more) outlives
 * the kiosk: a copy younger than that is not found out.
 */
export class RollbackGuard {
  readonly #counter: RollbackCounter;
  readonly #mark: KeptMark;
  readonly #now: () => number;

  constructor(counter: RollbackCounter, mark: KeptMark, now: () => number) {
    this.#counter = counter;
    this.#mark = mark;
    this.#now = now;
  }

  /**
   * Looks whether the store is the one that the counter was last moved with. A store without a mark, or one that whoever may
   * vouches for, takes up the counter as it is. Faults: `store.rolled-back`, `tpm.absent`, those of the store.
   */
  async check({ vouched }: { vouched: boolean }): Promise<void> {
    const count = await this.#counter.count();
    const mark = this.#mark.load();
    if (!mark || vouched) return this.#mark.replace({ count, atMs: this.#now() });
    // The kiosk died between the store's step and the counter's.
    if (count === mark.count - 1) return this.#counter.increment();
    if (count !== mark.count)
      throw new Fault('store.rolled-back', `the store is of ${mark.count}, the counter stands at ${count}`);
  }

  /** Moves both on, when an hour has gone by since. Faults: `tpm.absent`, those of the store. */
  async advance(): Promise<void> {
    const mark = this.#mark.load();
    const sinceMs = this.#now() - (mark?.atMs ?? 0);
    // A clock that was set back starts the hour anew.
    if (!mark || (sinceMs >= 0 && sinceMs < hourMs)) return;
    // The store first: a counter that is ahead would look like an old copy.
    this.#mark.replace({ count: mark.count + 1, atMs: this.#now() });
    await this.#counter.increment();
  }
}
