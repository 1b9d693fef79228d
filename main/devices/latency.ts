import type { Clock } from './clock.ts';

/** The last so many durations of a kind are kept. */
const kept = 256;

/** How long a kind of exchange with a device took, in milliseconds: how often, the median, and the 95th percentile. */
export interface LatencyView {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Measures what a device takes for its answers, by kind of exchange. Figures only, nothing of what was said. */
export class Latencies {
  readonly #clock: Clock;
  readonly #series = new Map<string, { count: number; lastMs: number[] }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The work's outcome; its time is noted when it succeeds, for a failure says nothing of the device's speed. */
  async time<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const startedAtMs = this.#clock.nowMs();
    const outcome = await work();
    const series = this.#series.get(kind) ?? { count: 0, lastMs: [] };
    this.#series.set(kind, series);
    series.count++;
    series.lastMs.push(this.#clock.nowMs() - startedAtMs);
    if (series.lastMs.length > kept) series.lastMs.shift();
    return outcome;
  }

  view(): Record<string, LatencyView> {
    const rows = [...this.#series].map(([kind, { count, lastMs }]) => {
      const sorted = lastMs.toSorted((a, b) => a - b);
      const at = (share: number): number =>
        Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;
      return [kind, { count, p50Ms: at(0.5), p95Ms: at(0.95) }] as const;
    });
    return Object.fromEntries(rows);
  }
}
