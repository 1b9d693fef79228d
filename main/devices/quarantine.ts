import type { FaultCode } from '../contract/fault.ts';

/** Faults of this weight within the window, and a device is taken out. */
const weightAllowed = 16;
const windowMs = 120_000;
/** The first term; each further one is twice as long. */
const leastTermMs = 30_000;
const mostTermMs = 30 * 60_000;
/** A device that has behaved for so long since its last term begins anew. */
const forgivenMs = 60 * 60_000;

/** How a device has behaved; times are of the monotonic clock. */
export interface Conduct {
  readonly faults: readonly { readonly atMs: number; readonly weight: number }[];
  /** Terms it has been out for. */
  readonly terms: number;
  readonly outUntilMs: number;
}

export const blameless: Conduct = { faults: [], terms: 0, outUntilMs: -Infinity };

/** Faults that speak against a device itself. Being unplugged, or not permitted to be opened, does not. */
const weights: Partial<Record<FaultCode, number>> = {
  'device.protocol': 2,
  // A device that is silent for a while may only have been restarted.
  'device.timeout': 1,
  'device.broken': 2,
  'device.hostile': weightAllowed,
};

/**
 * The conduct after one more fault. Eight within two minutes (of silences twice as many), or one that only ill will
 * explains, take the device out for half a minute, doubling to half an hour; after a term the next fault is enough.
 */
export function blamed(conduct: Conduct, code: FaultCode, nowMs: number): Conduct {
  const weight = weights[code] ?? 0;
  if (weight === 0) return conduct;
  const terms = nowMs - conduct.outUntilMs > forgivenMs ? 0 : conduct.terms;
  const faults = [...conduct.faults.filter(({ atMs }) => nowMs - atMs < windowMs), { atMs: nowMs, weight }];
  const total = faults.reduce((sum, fault) => sum + fault.weight, 0);
  if (total < weightAllowed && terms === 0) return { ...conduct, faults, terms };
  return { faults: [], terms: terms + 1, outUntilMs: nowMs + Math.min(mostTermMs, leastTermMs * 2 ** terms) };
}

/** Whether the device is to be left alone. */
export function isOut(conduct: Conduct, nowMs: number): boolean {
  return nowMs < conduct.outUntilMs;
}

/** The conduct of a device that was pulled: it may be tried when it is back, once. */
export function replugged(conduct: Conduct, nowMs: number): Conduct {
  return isOut(conduct, nowMs) ? { ...conduct, outUntilMs: nowMs } : conduct;
}
