import { type ErrorRates, errorRates } from './error-rates.ts';
import { drawnImages } from './drawn-samples.ts';
import { type Evidence, termsOf, weigh, withoutFlow } from './finger-evidence.ts';
import { type Folder, readFolder, type Sample } from './finger-folder.ts';
import { print } from './fingerprint.ts';
import { type Fit, fitLogistic, type Row } from './logistic.ts';

/** How the shipped weights were made: changing any of these is another fit. */
const drawnSet = { first: 20_000, fingers: 100, impressions: 3 };
const drawnShare = 0.1;
const penalty = 1e-4;
const leastMet = 2;
/** Scores are logarithmic odds plus this. */
const scoreZero = 10;
const termNames = ['weight', 'overlap', 'overlap_square', 'alike', 'flow', 'edges', 'offset'];

interface Pair {
  readonly mate: boolean;
  readonly met: number;
  readonly terms: readonly number[];
}

/**
 * Fits the weights of the evidence (`Odds` in native/src/parameters.h) by logistic regression: for each folder on all the
 * others, judged on that folder alone, then the weights to ship on all. Impostor pairs of drawn fingers
 * count a tenth as much as those of the folders. Once with the templates' ridge flow and once without. Needs two folders.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  if (dirs.length < 2) throw new Error('leaving one folder out needs two folders');
  const folders: Folder[] = [];
  for (const dir of dirs) folders.push(await readFolder(dir));
  const drawn = await drawnImages(drawnSet);
  await fitAll('kOddsRecordedFlow', folders, drawn, (sample) => sample);
  const strip = (sample: Sample): Sample => ({ ...sample, template: withoutFlow(sample.template) });
  await fitAll('kOddsGuessedFlow', folders, drawn, strip);
}

async function fitAll(
  name: string,
  folders: readonly Folder[],
  drawn: readonly Sample[],
  change: (sample: Sample) => Sample,
): Promise<void> {
  const sets: Pair[][] = [];
  for (const folder of folders) sets.push(await pairsOf(folder.samples.map(change)));
  const impostors = (await pairsOf(drawn.map(change))).filter((pair) => !pair.mate);
  for (const width of [termNames.length - 2, termNames.length - 1]) {
    console.log(
      `${name}, weights fitted on the other folders, ${width === termNames.length - 1 ? 'all terms' : 'without edges'}: EER FMR100 FMR1000 ZeroFMR`,
    );
    heldOut(folders, sets, impostors, width);
  }
  const fit = fitOn(sets.flat(), impostors, termNames.length - 1);
  console.log(
    `${name}{${[...fit.weights, fit.offset + scoreZero].map((value) => `${value.toFixed(2)}f`).join(', ')}}; // ${termNames.join(' ')}`,
  );
}

function heldOut(folders: readonly Folder[], sets: readonly Pair[][], impostors: readonly Pair[], width: number): void {
  const all: { mates: number[]; others: number[]; rates: ErrorRates }[] = [];
  for (const [left, folder] of folders.entries()) {
    const fit = fitOn(sets.filter((_, at) => at !== left).flat(), impostors, width);
    const scores = (mate: boolean): number[] =>
      (sets[left] ?? []).filter((pair) => pair.mate === mate).map((pair) => scoreOf(pair, fit));
    const [mates, others] = [scores(true), scores(false)];
    const rates = errorRates(mates, others);
    print(`  ${folder.name}`, rates, mates.length, others.length);
    all.push({ mates, others, rates });
  }
  const mean = (of: (rates: ErrorRates) => number): number =>
    all.reduce((sum, { rates }) => sum + of(rates), 0) / all.length;
  print('  mean', {
    eer: mean((rates) => rates.eer),
    fmr100: mean((rates) => rates.fmr100),
    fmr1000: mean((rates) => rates.fmr1000),
    zeroFmr: mean((rates) => rates.zeroFmr),
  });
  print(
    '  pooled',
    errorRates(
      all.flatMap(({ mates }) => mates),
      all.flatMap(({ others }) => others),
    ),
  );
}

async function pairsOf(samples: readonly Sample[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const [i, probe] of samples.entries()) {
    const rest = samples.slice(i + 1);
    const found = await weigh(
      probe.template,
      rest.map((sample) => sample.template),
    );
    for (const [j, candidate] of rest.entries()) {
      const evidence = found[j];
      if (evidence) pairs.push(pairOf(evidence, candidate.finger === probe.finger));
    }
  }
  return pairs;
}

function pairOf(evidence: Evidence, mate: boolean): Pair {
  return { mate, met: evidence.met, terms: termsOf(evidence) };
}

/** Mates count as much as impostors do altogether. */
function fitOn(pairs: readonly Pair[], drawn: readonly Pair[], width: number): Fit {
  const seen = (all: readonly Pair[]): Pair[] => all.filter((pair) => pair.met >= leastMet);
  const rows = (all: readonly Pair[], share: number): Row[] =>
    all.map((pair) => ({ terms: pair.terms.slice(0, width), mate: pair.mate, weight: share / all.length }));
  const known = seen(pairs);
  const others = 0.5 / (1 + drawnShare);
  return fitLogistic(
    [
      ...rows(
        known.filter((pair) => pair.mate),
        0.5,
      ),
      ...rows(
        known.filter((pair) => !pair.mate),
        others,
      ),
      ...rows(seen(drawn), others * drawnShare),
    ],
    penalty,
  );
}

function scoreOf(pair: Pair, { weights, offset }: Fit): number {
  if (pair.met < leastMet) return 0;
  return Math.max(
    0,
    weights.reduce((sum, weight, k) => sum + weight * (pair.terms[k] ?? 0), offset + scoreZero),
  );
}
