import { type Band, findBands } from '../../main/document/ocr/band-finder.ts';
import { cutLine } from '../../main/document/ocr/line-cutter.ts';
import { greyOf } from '../../main/document/ocr/page-image.ts';
import { openRecogniser } from '../../main/document/ocr/recogniser.ts';
import { readPage } from '../../main/document/ocr/zone-reader.ts';
import { modelsDir, prepareModels } from '../../models/prepare.ts';
import { decodePage } from '../evaluate/mrz.ts';
import { drawPage } from '../sim/document/page-set.ts';

const rounds = 5;
const pages = 10;
const threads = 2;
const today = '2026-11-25';

/**
 * Measures reading a zone cut out and whole pages, two of each format, in milliseconds, beside one read of a line by
 * the network: the mean of each page's shortest run, and what 95 % and all of the runs stay below. The processor time tells
 * more where others use the machine too.
 */
export async function bench(): Promise<void> {
  await prepareModels(modelsDir, () => {});
  const recogniser = await openRecogniser(modelsDir, threads);
  const draw = async (difficulty: 'clean' | 'fair', band: boolean) =>
    Promise.all(
      Array.from({ length: pages }, async (_, index) => decodePage((await drawPage(difficulty, index, band)).jpeg)),
    );
  const sets = {
    'zone cut out': await draw('clean', true),
    'flat-bed page': await draw('clean', false),
    'camera page': await draw('fair', false),
  };

  const [image] = sets['zone cut out'];
  const grey = image && greyOf(image);
  const band: Band | undefined = grey && findBands(grey).next().value;
  const line = grey && band?.strokes[0] && cutLine(grey, band.strokes[0], false);
  if (!line) throw new Error('no line is found in a drawn zone');
  const before = process.cpuUsage();
  const baselineMs = await least(() => recogniser.read([line]));
  const used = process.cpuUsage(before);
  const baselineCpuMs = (used.user + used.system) / 1000 / rounds;
  console.log(
    `baseline: the network on one line of ${line.widthPx} pixels, ${threads} threads: ${baselineMs.toFixed(1)} ms, ${baselineCpuMs.toFixed(0)} ms of processor time`,
  );
  for (const [name, images] of Object.entries(sets)) {
    const times: number[] = [];
    const all: number[] = [];
    let finding = 0;
    const before = process.cpuUsage();
    for (const page of images) times.push(await least(() => readPage(page, today, recogniser), all));
    const used = process.cpuUsage(before);
    const cpuMs = (used.user + used.system) / 1000 / rounds / images.length;
    for (const page of images) finding += await least(async () => findBands(greyOf(page)).next());
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    const sorted = all.toSorted((one, other) => one - other);
    const [late, longest] = [sorted[Math.ceil(0.95 * sorted.length) - 1]!, sorted.at(-1)!];
    console.log(
      `${name}: ${mean.toFixed(0)} ms, 95 % of runs ${late.toFixed(0)}, longest ${longest.toFixed(0)}; ${(mean / baselineMs).toFixed(2)} x baseline, of which finding ${(finding / images.length).toFixed(0)} ms; ${cpuMs.toFixed(0)} ms of processor time, ${(cpuMs / baselineCpuMs).toFixed(2)} x baseline`,
    );
  }
  await recogniser.close();
}

/** The shortest of some rounds; each is added to `all`. */
async function least(run: () => Promise<unknown>, all: number[] = []): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await run();
    const ms = performance.now() - begun;
    all.push(ms);
    best = Math.min(best, ms);
  }
  return best;
}
