/** Durations of one kind, of which the last so many are kept. */
const kept = 512;

/** Measures how long named steps take. */
export interface Measures {
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Count and percentiles by name. */
  view(): Record<string, { count: number; p50Ms: number; p95Ms: number }>;
}

/** Keeps the last durations of each step; figures only, nothing of what was done. */
export function openMeasures(now: () => number = () => performance.now()): Measures {
  const series = new Map<string, { count: number; last: number[] }>();
  const note = (name: string, ms: number) => {
    const one = series.get(name) ?? { count: 0, last: [] };
    series.set(name, one);
    one.count += 1;
    one.last.push(ms);
    if (one.last.length > kept) one.last.shift();
  };
  return {
    async time(name, work) {
      const started = now();
      try {
        return await work();
      } finally {
        note(name, now() - started);
      }
    },
    view() {
      const rows = [...series].map(([name, { count, last }]) => {
        const sorted = last.toSorted((a, b) => a - b);
        const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;
        return [name, { count, p50Ms: at(0.5), p95Ms: at(0.95) }] as const;
      });
      return Object.fromEntries(rows);
    },
  };
}
