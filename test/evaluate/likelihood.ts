import { readFile } from 'node:fs/promises';
import { falseMatchRate as fingerRate } from '../../native/false-match-rate.ts';
import { falseMatchRate as faceRate } from '../../models/false-match-rate.ts';
import { findModel } from '../../models/manifest.ts';
import { NameIndex } from '../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../main/watchlist/watchlist.ts';
import { drawCrowd } from '../sim/names/crowd.ts';
import { drawListed, strangers } from '../sim/names/questions.ts';
import { synthesize } from '../sim/names/random.ts';
import { typo } from '../sim/names/slips.ts';
import { type Bin, likelihoodCurve } from './likelihood-curve.ts';

const usage = 'usage: likelihood finger SCORES, likelihood face SCORES MODEL, or likelihood names LISTED TRAVELLERS';

/**
 * Prints the curve of one means for main/watchlist/calibrations.ts. Of fingers and faces: mates out of a file that `fingerprint` or
 * `face` wrote with `--scores`, strangers by the measured false match rates of the model. Of names: generated travellers against
 * generated lists, and listed ones with up to two slips.
 */
export async function evaluate([kind, ...rest]: readonly string[]): Promise<void> {
  const bins = kind === 'names' ? nameBins(rest) : await biometricBins(kind, rest);
  const mates = bins.reduce((sum, bin) => sum + bin.mates, 0);
  console.log(`${kind}: ${mates} mates in ${bins.length} bins`);
  for (const [score, worth] of likelihoodCurve(bins)) console.log(`  [${score}, ${worth.toFixed(2)}],`);
}

async function biometricBins(kind: string | undefined, [file, model]: readonly string[]): Promise<Bin[]> {
  if (file === undefined || (kind !== 'finger' && kind !== 'face')) throw new Error(usage);
  const lines = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .slice(kind === 'finger' ? 1 : 0);
  const mates = lines
    .map((line) => line.split(/[\t,]/))
    .flatMap((parts) => (parts.at(-2) === '1' ? Number(parts.at(-1)) : []));
  if (kind === 'finger')
    return binsOf(
      mates,
      Array.from({ length: 8 }, (_, at) => 14 + at),
      fingerRate,
    );
  const { calibration } = findModel(model ?? '');
  const from = calibration?.points.filter(([, rate]) => rate <= 1e-3).map(([score]) => score) ?? [];
  return binsOf(mates, from, (score) => faceRate(findModel(model ?? ''), score) ?? 1);
}

/** Bins between scores, the last without an end; of strangers so many as reach the one score and not the next. */
function binsOf(mates: readonly number[], from: readonly number[], rate: (score: number) => number): Bin[] {
  return from.map((score, at) => {
    const to = from[at + 1] ?? Infinity;
    return {
      score: to === Infinity ? score : to,
      mates: mates.filter((each) => each >= score && each < to).length,
      ofMates: mates.length,
      strangers: rate(score) - (to === Infinity ? 0 : rate(to)),
    };
  });
}

function nameBins([listedText, travellersText]: readonly string[]): Bin[] {
  const [listedCount, travellerCount] = [Number(listedText), Number(travellersText)];
  if (!(listedCount >= 1000) || !(travellerCount >= 100)) throw new Error(usage);
  const random = synthesize(21);
  const listed = drawCrowd(listedCount, random);
  const index = new NameIndex(listed);
  const mates: number[] = [];
  for (let n = 0; n < travellerCount; n++) {
    const { identity, zone } = drawListed(listed, random);
    const query = { ...zone, ...typo(zone, n % 3, random) };
    const found = index.search(query, defaultNameThreshold).find((match) => match.identity === identity);
    mates.push(found?.score ?? 0);
  }
  const unlisted: number[] = [];
  for (const traveller of strangers(travellerCount, synthesize(22)))
    unlisted.push(...index.search(traveller, defaultNameThreshold).map(({ score }) => score));
  const pairs = listedCount * travellerCount;
  console.log(`names: ${unlisted.length} of ${pairs} pairs of strangers reach ${defaultNameThreshold}`);
  const from = [0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 0.995];
  // One more than was seen: what has not been seen among so many pairs may still be.
  return binsOf(mates, from, (score) => (unlisted.filter((each) => each >= score).length + 1) / pairs);
}
