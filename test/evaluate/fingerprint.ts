import { closeSync, openSync, writeSync } from 'node:fs';
import { defaultFingerThreshold, searchFingers } from '../../main/biometrics/finger/finger.ts';
import { type ErrorRates, errorRates } from './error-rates.ts';
import { type Folder, progress, readFolder } from './finger-folder.ts';

const worstShown = 5;

/** The scores of a folder's pairs; those of first impressions are the impostors of the FVC protocol. */
interface Scores {
  readonly name: string;
  readonly mates: Float32Array;
  readonly others: Float32Array;
  readonly firstOthers: Float32Array;
}

/**
 * Measures comparison on folders of images of fingers (`readFolder`). FVC protocol: every pair of a finger's impressions,
 * and the first impressions of all fingers; full protocol: every impostor pair. `scores` names a file that gets every pair
 * as it is made. Memory grows with four bytes a pair, nothing else. Throws when a folder holds no image.
 */
export async function evaluate(dirs: readonly string[], options: { scores?: string }): Promise<void> {
  const file = options.scores === undefined ? undefined : openSync(options.scores, 'w');
  const write = (text: string): void => {
    if (file !== undefined) writeSync(file, text);
  };
  write('folder,probe,candidate,mated,score\n');
  const all: Scores[] = [];
  try {
    for (const dir of dirs) {
      const folder = await readFolder(dir);
      describe(folder);
      all.push(await compareAll(folder, write));
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  console.log('rates in %: EER FMR100 FMR1000 ZeroFMR');
  report('FVC ', all, (scores) => scores.firstOthers);
  report('full', all, (scores) => scores.others);
  const [mates, others] = [joined(all.map((scores) => scores.mates)), joined(all.map((scores) => scores.others))];
  const reach = (scores: Float32Array): number => scores.filter((score) => score >= defaultFingerThreshold).length;
  console.log(
    `at the threshold ${defaultFingerThreshold}: ${reach(mates)} of ${mates.length} genuine pairs, ${reach(others)} of ${others.length} impostor pairs match`,
  );
}

function describe({ name, samples, failures, extractMs }: Folder): void {
  const bytes = samples.reduce((sum, sample) => sum + sample.template.bytes.length, 0) / samples.length;
  console.log(
    `${name}: ${samples.length} images, ${failures.length} failed to extract${failures.length > 0 ? ` (${failures.slice(0, worstShown).join(', ')})` : ''}, ` +
      `template ${bytes.toFixed(0)} bytes, ${(extractMs / samples.length).toFixed(1)} ms an image`,
  );
}

async function compareAll({ name, samples }: Folder, write: (text: string) => void): Promise<Scores> {
  const total = (samples.length * (samples.length - 1)) / 2;
  const mates = new Float32Array(total);
  const others = new Float32Array(total);
  const firstOthers: number[] = [];
  let mated = 0;
  let unmated = 0;
  const low = new Extremes(-1);
  const high = new Extremes(1);
  for (const [i, probe] of samples.entries()) {
    const rest = samples.slice(i + 1);
    const scores = await searchFingers(
      probe.template,
      rest.map((sample) => sample.template),
    );
    let lines = '';
    for (const [j, candidate] of rest.entries()) {
      const score = scores[j] ?? 0;
      const same = probe.finger === candidate.finger;
      const pair = `${probe.name} ${candidate.name}`;
      if (same) {
        mates[mated++] = score;
        low.see(score, pair);
      } else {
        others[unmated++] = score;
        high.see(score, pair);
        if (probe.impression === 1 && candidate.impression === 1) firstOthers.push(score);
      }
      lines += `${name},${probe.name},${candidate.name},${Number(same)},${score}\n`;
    }
    write(lines);
    progress(`${name}: probe ${i + 1} of ${samples.length}`, i + 1, samples.length);
  }
  console.log(`  mates that score lowest: ${low.text()}\n  impostors that score highest: ${high.text()}`);
  return {
    name,
    mates: mates.slice(0, mated),
    others: others.slice(0, unmated),
    firstOthers: Float32Array.from(firstOthers),
  };
}

/** The pairs of the most extreme scores, one way. */
class Extremes {
  readonly #sign: number;
  #pairs: { readonly score: number; readonly pair: string }[] = [];

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  see(score: number, pair: string): void {
    const last = this.#pairs[worstShown - 1];
    if (last && this.#sign * (score - last.score) <= 0) return;
    this.#pairs = [...this.#pairs, { score, pair }]
      .toSorted((a, b) => this.#sign * (b.score - a.score))
      .slice(0, worstShown);
  }

  text(): string {
    return this.#pairs.map(({ score, pair }) => `${pair} ${score.toFixed(1)}`).join(', ') || 'none';
  }
}

function report(protocol: string, all: readonly Scores[], impostors: (scores: Scores) => Float32Array): void {
  const found: ErrorRates[] = [];
  for (const scores of all) {
    const others = impostors(scores);
    if (scores.mates.length === 0 || others.length === 0) {
      console.log(`${protocol} ${scores.name}: ${scores.mates.length} genuine, ${others.length} impostor: no rates`);
      continue;
    }
    const rates = errorRates(scores.mates, others);
    print(`${protocol} ${scores.name}`, rates, scores.mates.length, others.length);
    found.push(rates);
  }
  const mean = (of: (rates: ErrorRates) => number): number =>
    found.reduce((sum, rates) => sum + of(rates), 0) / found.length;
  if (found.length > 1)
    print(`${protocol} mean`, {
      eer: mean((rates) => rates.eer),
      fmr100: mean((rates) => rates.fmr100),
      fmr1000: mean((rates) => rates.fmr1000),
      zeroFmr: mean((rates) => rates.zeroFmr),
    });
  const mates = joined(all.map((scores) => scores.mates));
  const others = joined(all.map(impostors));
  if (all.length > 1 && mates.length > 0 && others.length > 0)
    print(`${protocol} pooled`, errorRates(mates, others), mates.length, others.length);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One line of rates. */
export function print(name: string, rates: ErrorRates, genuine?: number, impostor?: number): void {
  const figures = [rates.eer, rates.fmr100, rates.fmr1000, rates.zeroFmr].map((rate) =>
    (100 * rate).toFixed(2).padStart(6),
  );
  const counts = genuine === undefined ? '' : `   ${genuine} genuine, ${impostor} impostor`;
  console.log(`${name.padEnd(14)}${figures.join(' ')}${counts}`);
}
