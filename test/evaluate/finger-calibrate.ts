import { falseMatchRate } from '../../main/biometrics/finger/false-match-rate.ts';
import { searchFingers } from '../../main/biometrics/finger/finger.ts';
import { mirroredTemplate } from './mirrored-template.ts';
import { drawnTemplates } from './drawn-templates.ts';
import { progress, readFolder, type Sample } from './finger-folder.ts';
import { envelope, tailTable } from './tail-model.ts';

/** The fingers that the shipped table was made with. */
const drawnSets = [
  { first: 0, fingers: 171, impressions: 3 },
  { first: 400, fingers: 60, impressions: 8 },
];
const fingersApart = 1e6;
const lastScore = 21;
/** What the table ends with: no measurement reaches so far. */
const leastLogRate = -8;

/**
 * Measures how often impostor pairs reach each score, on the folders given and on drawn fingers, and prints the table that
 * `main/biometrics/finger/false-match-rate.ts` ships: at each score the worse of the two. Every finger is compared with all
 * others, of other folders too, and with the mirror images of all: those of a left hand's finger are of a right hand's that
 * nobody has.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const samples: Sample[] = [];
  for (const [at, dir] of dirs.entries()) {
    for (const sample of (await readFolder(dir)).samples)
      samples.push({ ...sample, finger: sample.finger + at * fingersApart });
  }
  const real = await impostors(samples);
  const drawn = await impostors((await Promise.all(drawnSets.map(drawnTemplates))).flat());
  const tables = [tailTable(real, lastScore), tailTable(drawn, lastScore)] as const;
  const greatest = (scores: readonly number[]): number => scores.reduce((most, score) => Math.max(most, score), 0);
  console.log(`folders: ${real.length} impostor pairs, the highest ${greatest(real).toFixed(2)}`);
  console.log(`drawn: ${drawn.length} impostor pairs, the highest ${greatest(drawn).toFixed(2)}`);
  const table = envelope(...tables).map((rate) => Math.max(leastLogRate, rate));
  console.log('score, log10 of the false match rate: folders, drawn, table; shipped');
  for (const [score, rate] of table.entries()) {
    const figures = [tables[0][score] ?? 0, tables[1][score] ?? 0, rate, Math.log10(falseMatchRate(score))];
    console.log(`${String(score).padStart(5)} ${figures.map((figure) => figure.toFixed(2).padStart(7)).join('')}`);
  }
  console.log(`[${table.map((rate) => rate.toFixed(2)).join(', ')}]`);
}

async function impostors(samples: readonly Sample[]): Promise<number[]> {
  const found: number[] = [];
  const mirrored = samples.map(({ template }) => mirroredTemplate(template));
  for (const [i, probe] of samples.entries()) {
    const others = samples.slice(i + 1).filter(({ finger }) => finger !== probe.finger);
    const scores = await searchFingers(probe.template, [...others.map(({ template }) => template), ...mirrored]);
    for (const score of scores) found.push(score);
    progress(`calibration: probe ${i + 1} of ${samples.length}`, i + 1, samples.length);
  }
  return found;
}
