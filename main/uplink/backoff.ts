const firstMs = 250;
const lastMs = 60_000;

/** Full jitter: anywhere between nothing and a bound that doubles with each failure, so that kiosks do not come back as one. */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(lastMs, firstMs * 2 ** Math.min(failures - 1, 16));
}

/** What Retry-After asks for, in milliseconds, an hour at most; 0 when it is absent or says nothing. */
export function retryAfterMs(value: string | undefined, nowMs: number): number {
  if (value === undefined) return 0;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : 0;
}
