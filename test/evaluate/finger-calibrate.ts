import { availableParallelism } from 'node:os';
import { falseMatchRate } from '../../native/false-match-rate.ts';
import { searchFingers } from '../../main/biometrics/finger/finger.ts';
import { drawnImages, drawnTemplates } from './drawn-samples.ts';
import { progress, readFolder, type Sample } from './finger-folder.ts';
import { mirroredTemplate } from './mirrored-template.ts';
import { envelope, type RateTable, tailTable } from './tail-model.ts';

/** The fingers that the shipped table was made with: others than those of the fit. */
const drawnSet = { first: 30_000, fingers: 100, impressions: 3 };
const drawnOnce = { first: 40_000, fingers: 5_000 };
const fingersApart = 1e6;
const lastScore = 21;
/** What the table ends with: no measurement reaches so far. */
const leastLogRate = -8;

/**
 * Measures how often impostor pairs reach each score, and prints the table that
 * `native/false-match-rate.ts` ships: at each score the worst of three populations. Those are the folders
 * and images of drawn fingers, where every finger is compared with all others, of other folders too, and with the mirror
 * images of all (a left hand's finger seen so is of a right hand that nobody has), and drawn templates, each with each.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const samples: Sample[] = [];
  for (const [at, dir] of dirs.entries()) {
    for (const sample of (await readFolder(dir)).samples)
      samples.push({ ...sample, finger: sample.finger + at * fingersApart });
  }
  const mirrored = (all: readonly Sample[]): Sample[] =>
    all.map((sample) => ({ ...sample, template: mirroredTemplate(sample.template) }));
  const images = await drawnImages(drawnSet);
  const populations = [
    tableOf('folders', await impostors(samples, mirrored(samples))),
    tableOf('drawn images', await impostors(images, mirrored(images))),
    tableOf('drawn templates', await impostors(await drawnTemplates(drawnOnce.first, drawnOnce.fingers), [])),
  ];
  const table = populations.reduce(envelope).map((rate) => Math.max(leastLogRate, rate));
  console.log('score, log10 of the false match rate: folders, drawn images, drawn templates, table; shipped');
  for (const [score, rate] of table.entries()) {
    const figures = [...populations.map((each) => each[score] ?? 0), rate, Math.log10(falseMatchRate(score))];
    console.log(`${String(score).padStart(5)} ${figures.map((figure) => figure.toFixed(2).padStart(7)).join('')}`);
  }
  console.log(`[${table.map((rate) => rate.toFixed(2)).join(', ')}]`);
}

function tableOf(name: string, scores: readonly number[]): RateTable {
  const highest = scores.reduce((most, score) => Math.max(most, score), 0);
  console.log(`${name}: ${scores.length} impostor pairs, the highest ${highest.toFixed(2)}`);
  return tailTable(scores, lastScore);
}

async function impostors(samples: readonly Sample[], mirrored: readonly Sample[]): Promise<number[]> {
  const found: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < samples.length; at = next++) {
      const probe = samples[at];
      if (!probe) return;
      const others = [...samples.slice(at + 1).filter(({ finger }) => finger !== probe.finger), ...mirrored];
      const scores = await searchFingers(
        probe.template,
        others.map(({ template }) => template),
      );
      for (const score of scores) found.push(score);
      progress(`calibration: probe ${at + 1} of ${samples.length}`, at + 1, samples.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return found;
}
