import type { Clock } from './clock.ts';

/** What is done again and again. */
export interface RoundsOptions {
  readonly clock: Clock;
  /** How long until the next round, where nobody asks for it sooner. */
  readonly pauseMs: () => number;
  /** One round; it never throws. */
  readonly round: (signal: AbortSignal) => Promise<void>;
}

/** Rounds that go on. */
export interface Rounds {
  /** The next round follows at once; one that is under way ends first. */
  now(): void;
  /** Ends them for a reason; settled when the last one has ended. */
  stop(reason?: unknown): Promise<void>;
}

/** Does a round at once, and another after each pause or when it is asked for, until it is stopped. */
export function startRounds({ clock, pauseMs, round }: RoundsOptions): Rounds {
  const stopped = new AbortController();
  let due = Promise.withResolvers<void>();

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      due = Promise.withResolvers();
      await round(stopped.signal);
      const over = new AbortController();
      const pause = clock.sleep(pauseMs(), AbortSignal.any([over.signal, stopped.signal])).catch(() => {});
      await Promise.race([pause, due.promise]);
      over.abort();
      await pause;
    }
  }

  const running = run();
  return {
    now: () => due.resolve(),
    async stop(reason) {
      stopped.abort(reason);
      await running;
    },
  };
}
