import { NameIndex } from '../../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../../main/watchlist/watchlist.ts';
import { drawCrowd } from '../../sim/names/crowd.ts';
import { strangers } from '../../sim/names/questions.ts';
import { synthesize } from '../../sim/names/random.ts';
import { typo } from '../../sim/names/slips.ts';
import { figures, leastTimesMs, memoryBytes, quantile } from './times.ts';

const searches = 1000;
const rounds = 3;
const scans = 3;
const best = 20;
/** From here on candidates are taken where all that are like are wanted; `npm run evaluate -- drawn-names` states the recall. */
const lowest = 0.65;

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

/** Names alone: building, memory, and searches for travellers who are not listed, with one edit each, beside a scan of all names. */
export async function benchNames(size: number): Promise<void> {
  const listed = drawCrowd(size, synthesize(1));
  const before = memoryBytes();
  const startedMs = performance.now();
  const index = new NameIndex(listed);
  const buildS = (performance.now() - startedMs) / 1000;
  const bytes = (memoryBytes() - before) / size;
  console.log(`names of ${size} identities: index built in ${buildS.toFixed(1)} s, ${bytes.toFixed(0)} bytes each`);

  const random = synthesize(2);
  const asked = strangers(searches, random).map((traveller) => ({ ...traveller, ...typo(traveller, 1, random) }));
  const all = await leastTimesMs(searches, rounds, (n) => index.search(asked[n]!, defaultNameThreshold));
  const first = await leastTimesMs(searches, rounds, (n) => index.search(asked[n]!, lowest, best));
  const undated = asked.map((traveller) => ({ ...traveller, birthDate: '' }));
  const without = await leastTimesMs(searches, rounds, (n) => index.search(undated[n]!, defaultNameThreshold));
  const names = listed.map(({ surname, givenNames }) => `${surname} ${givenNames}`);
  const row = new Uint16Array(512);
  let nearest = Infinity;
  const scan = await leastTimesMs(1, scans, () => {
    const query = `${asked[0]!.surname} ${asked[0]!.givenNames}`;
    for (const name of names) nearest = Math.min(nearest, levenshtein(query, name, row));
  });
  console.log(`  search at the kiosk's threshold: ${figures(all)}`);
  console.log(`  the best ${best} from ${lowest} on: ${figures(first)}`);
  console.log(`  without a birth date: ${figures(without)}`);
  const [p50, scanMs] = [quantile(all, 0.5), quantile(scan, 0)];
  console.log(`  a full Levenshtein scan: ${scanMs.toFixed(0)} ms; search p50 is ${(p50 / scanMs).toFixed(5)} of it`);
}
