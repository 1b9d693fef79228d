/** When a thing that died may be started again. */
export interface RestartPolicy {
  /** Notes a death at `nowMs` (monotonic) and says how long to wait, and whether the screen should say out of service. */
  died(nowMs: number): { readonly delayMs: number; readonly outOfService: boolean };
}

export interface RestartOptions {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** Deaths within the window after which the kiosk is out of service until a start lasts. */
  readonly deathsAllowed: number;
  readonly windowMs: number;
}

/** Back-off that doubles with each death inside the window and forgets deaths that lie further back. */
export function restartPolicy(options: RestartOptions): RestartPolicy {
  let deaths: number[] = [];
  return {
    died(nowMs) {
      deaths = [...deaths.filter((at) => nowMs - at < options.windowMs), nowMs];
      const delayMs = Math.min(options.firstDelayMs * 2 ** (deaths.length - 1), options.longestDelayMs);
      return { delayMs, outOfService: deaths.length > options.deathsAllowed };
    },
  };
}
