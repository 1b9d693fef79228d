/** Time as the drivers see it, so that a test can own it. Delays in milliseconds. */
export interface Clock {
  /** Milliseconds on a monotonic clock of unknown origin. */
  nowMs(): number;
  /** Runs `run` once after the delay; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's own monotonic clock. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
