import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { extractFinger, searchFingers } from '../../main/biometrics/finger/finger.ts';
import type { FingerTemplate } from '../../main/contract/biometrics.ts';
import { type ErrorRates, errorRates } from './error-rates.ts';
import { fingerImageName, readFingerImage } from './finger-image.ts';

interface Sample {
  readonly name: string;
  readonly finger: number;
  readonly impression: number;
  readonly template: FingerTemplate;
}

interface Pair {
  readonly probe: Sample;
  readonly candidate: Sample;
  readonly score: number;
}

interface Folder {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly failures: number;
  readonly extractMs: number;
  readonly pairs: readonly Pair[];
}

/**
 * Measures comparison on folders of `<finger>_<impression>.png` (or .wsq, .bmp, .tif), each named `DIR`, or `DIR@DPI` where
 * the files do not tell their resolution and it is not 500 dpi. FVC protocol: every pair of a finger's
 * impressions, and the first impressions of all fingers; full protocol: every impostor pair. Throws when a folder holds
 * none.
 */
export async function evaluate(dirs: readonly string[], options: { scores?: string }): Promise<void> {
  const folders: Folder[] = [];
  for (const dir of dirs) folders.push(await measure(dir));
  console.log('rates in %: EER FMR100 FMR1000 ZeroFMR');
  for (const folder of folders) {
    const { samples, failures, extractMs } = folder;
    const bytes = samples.reduce((sum, sample) => sum + sample.template.bytes.length, 0) / samples.length;
    console.log(
      `${folder.name}: ${samples.length} images, ${failures} failed to extract, template ${bytes.toFixed(0)} bytes, ` +
        `${(extractMs / samples.length).toFixed(1)} ms an image`,
    );
  }
  report('FVC ', folders, (pair) => pair.probe.impression === 1 && pair.candidate.impression === 1);
  report('full', folders, () => true);
  if (options.scores !== undefined) writeFileSync(options.scores, scoreLines(folders));
}

async function measure(argument: string): Promise<Folder> {
  const { dir, dpi } = parse(argument);
  const files = listing(dir);
  const samples: Sample[] = [];
  let failures = 0;
  let extractMs = 0;
  for (const file of files) {
    const image = await readFingerImage(join(dir, file), dpi);
    const started = performance.now();
    const { template, minutiae } = await extractFinger(image);
    extractMs += performance.now() - started;
    if (minutiae === 0) failures++;
    const [finger, impression] = file.split(/[_.]/).map(Number);
    samples.push({ name: file, finger: finger ?? 0, impression: impression ?? 0, template });
  }
  const pairs: Pair[] = [];
  for (const [i, probe] of samples.entries()) {
    const rest = samples.slice(i + 1);
    const scores = await searchFingers(
      probe.template,
      rest.map((sample) => sample.template),
    );
    for (const [j, candidate] of rest.entries()) pairs.push({ probe, candidate, score: scores[j] ?? 0 });
  }
  return { name: basename(dir), samples, failures, extractMs, pairs };
}

function listing(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    throw new Error(`${dir}: no such folder`);
  }
  const files = names.filter((name) => fingerImageName.test(name));
  if (files.length === 0) throw new Error(`${dir}: no images named <finger>_<impression>.png`);
  return files.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A folder may be named with its images' resolution, `DIR@569`, which then stands above what the files tell. */
function parse(argument: string): { readonly dir: string; readonly dpi?: number } {
  const [, dir = argument, dpi] = /^(.+)@(\d+)$/.exec(argument) ?? [];
  return dpi === undefined ? { dir } : { dir, dpi: Number(dpi) };
}

function report(protocol: string, folders: readonly Folder[], impostors: (pair: Pair) => boolean): void {
  const all: ErrorRates[] = [];
  const genuine: number[] = [];
  const impostor: number[] = [];
  for (const folder of folders) {
    const mated = (pair: Pair): boolean => pair.probe.finger === pair.candidate.finger;
    const mates = folder.pairs.filter(mated).map((pair) => pair.score);
    const others = folder.pairs.filter((pair) => !mated(pair) && impostors(pair)).map((pair) => pair.score);
    if (mates.length === 0 || others.length === 0)
      throw new Error(`${folder.name}: needs two fingers and two impressions`);
    const rates = errorRates(mates, others);
    print(`${protocol} ${folder.name}`, rates, mates.length, others.length);
    all.push(rates);
    genuine.push(...mates);
    impostor.push(...others);
  }
  const mean = (of: (rates: ErrorRates) => number): number =>
    all.reduce((sum, rates) => sum + of(rates), 0) / all.length;
  print(`${protocol} mean`, {
    eer: mean((rates) => rates.eer),
    fmr100: mean((rates) => rates.fmr100),
    fmr1000: mean((rates) => rates.fmr1000),
    zeroFmr: mean((rates) => rates.zeroFmr),
  });
  print(`${protocol} pooled`, errorRates(genuine, impostor), genuine.length, impostor.length);
}

function print(name: string, rates: ErrorRates, genuine?: number, impostor?: number): void {
  const figures = [rates.eer, rates.fmr100, rates.fmr1000, rates.zeroFmr].map((rate) =>
    (100 * rate).toFixed(2).padStart(6),
  );
  const counts = genuine === undefined ? '' : `   ${genuine} genuine, ${impostor} impostor`;
  console.log(`${name.padEnd(14)}${figures.join(' ')}${counts}`);
}

function scoreLines(folders: readonly Folder[]): string {
  const lines = folders.flatMap((folder) =>
    folder.pairs.map(({ probe, candidate, score }) =>
      [folder.name, probe.name, candidate.name, probe.finger === candidate.finger ? 1 : 0, score].join(','),
    ),
  );
  return `folder,probe,candidate,mated,score\n${lines.join('\n')}\n`;
}
