import { performance } from 'node:perf_hooks';
import { NameIndex } from '../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../main/watchlist/watchlist.ts';
import { syntheticIdentities, synthesize, typo } from '../watchlist/names.ts';

const identities = 100_000;
const searches = 200;
const scans = 5;

/** The edits between two strings (Levenshtein), the plain way: what a list without an index would cost. */
function levenshtein(a: string, b: string, row: Uint16Array): number {
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let corner = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      row[j] = Math.min(corner + same, above + 1, (row[j - 1] ?? 0) + 1);
      corner = above;
    }
  }
  return row[b.length] ?? 0;
}

function timesMs(count: number, work: (n: number) => void): number[] {
  return Array.from({ length: count }, (_, n) => {
    const startedMs = performance.now();
    work(n);
    return performance.now() - startedMs;
  }).toSorted((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Prints how long a name search takes, also as a ratio to a full Levenshtein scan of the same list in the same run. */
export async function bench(): Promise<void> {
  const random = synthesize(1);
  const listed = syntheticIdentities(identities, random);
  const asked = Array.from({ length: searches }, (_, n) => {
    const identity = listed[n * 400];
    if (!identity) throw new RangeError('the list is too short');
    return { ...identity, ...typo(identity, 1, random) };
  });
  const beforeBytes = memory();
  const startedMs = performance.now();
  const index = new NameIndex(listed);
  const buildMs = performance.now() - startedMs;
  const bytes = memory() - beforeBytes;

  let found = 0;
  const searchMs = timesMs(searches, (n) => {
    const query = asked[n] ?? { surname: '', givenNames: '', birthDate: '' };
    if (index.search(query, defaultNameThreshold).some((match) => match.identity === n * 400)) found++;
  });
  const names = listed.map(({ surname, givenNames }) => `${surname} ${givenNames}`);
  const row = new Uint16Array(256);
  let nearest = Infinity;
  const scanMs = timesMs(scans, (n) => {
    const query = `${asked[n]?.surname} ${asked[n]?.givenNames}`;
    for (const name of names) nearest = Math.min(nearest, levenshtein(query, name, row));
  });

  const [p50, p99, scan] = [quantile(searchMs, 0.5), quantile(searchMs, 0.99), quantile(scanMs, 0.5)];
  console.log(
    `${identities} identities: index built in ${buildMs.toFixed(0)} ms, about ${(bytes / 1e6).toFixed(0)} MB`,
  );
  console.log(
    `search p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; found with one edit: ${found} of ${searches}`,
  );
  console.log(`full Levenshtein scan ${scan.toFixed(0)} ms: search p50 is ${(p50 / scan).toFixed(3)} of it`);
}
