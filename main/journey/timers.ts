/** Timers of the host; a test brings its own. */
export interface Timers {
  /** Milliseconds since some moment; never set back. */
  now(): number;
  set(done: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** The machine's own. */
export const hostTimers: Timers = {
  now: () => performance.now(),
  set: (done, ms) => setTimeout(done, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
