import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Each of so many works is run so often, in turns; its least time counts, so that others on the machine do not. Sorted milliseconds. */
export async function leastTimesMs(count: number, rounds: number, work: (n: number) => unknown): Promise<number[]> {
  const least = new Float64Array(count).fill(Infinity);
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < count; n++) {
      const startedMs = performance.now();
      await work(n);
      least[n] = Math.min(least[n]!, performance.now() - startedMs);
    }
  return [...least].toSorted((a, b) => a - b);
}

/** The value that such a share of the sorted ones reaches at most. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** p50, p99 and the longest of sorted times. */
export function figures(sorted: readonly number[]): string {
  const [p50, p99, most] = [quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)];
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, most ${most.toFixed(1)} ms`;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use, after all that is not was given back. */
export function memoryBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
