import { setTimeout } from 'node:timers/promises';

/** Time as the portal takes it: milliseconds since 1970, and a sleep that a signal ends with its reason. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal, ref: false }),
};
