import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { compareFaces } from '../../main/biometrics/face/face-comparison.ts';
import { defaultEmbedder } from '../../main/biometrics/face/embedder.ts';
import { createFaceReader, type FaceReader, openFaceSteps } from '../../main/biometrics/face/face-reader.ts';
import { FaceGallery, galleryModel } from '../../main/biometrics/face/face-gallery.ts';
import { FaceEmbedder, type FaceTemplate } from '../../main/contract/biometrics.ts';
import { findModel, thresholdOf } from '../../models/manifest.ts';
import { modelsDir, prepareModels } from '../../models/prepare.ts';
import { portraitLooks } from '../sim/face/portrait-looks.ts';
import type { EvaluateOptions } from './evaluate.ts';
import { StepClock } from './step-clock.ts';
import { confidence, crossValidate, equalErrorRate, operatingPoints, type Trial } from './verification.ts';

interface Pair {
  readonly one: string;
  readonly other: string;
  readonly same: boolean;
  readonly fold: number;
}

const rates = [1e-2, 1e-3, 5e-4, 1e-4, 1e-5];
/** As many as a search of a gallery gives at most. */
const mostFound = 1000;
const foldsWithoutColumn = 10;

/**
 * Evaluates face verification on folders of images with a `pairs.tsv`: file, file, 1 for the same person or 0, and the
 * fold where there is one. Prints what it finds, for the templates as they are and as a gallery holds them. Throws, with
 * the reason, for a folder that does not hold such a set.
 */
export async function evaluate(dirs: readonly string[], options: EvaluateOptions): Promise<void> {
  const embedder = FaceEmbedder.safeParse(options.embedder ?? defaultEmbedder);
  if (!embedder.success) throw new Error(`--embedder is one of ${FaceEmbedder.options.join(', ')}`);
  await prepareModels(modelsDir, () => {});
  const clock = new StepClock();
  const reader = createFaceReader(clock.time(await openFaceSteps(modelsDir, 1, embedder.data)));
  const lines: string[] = [];
  console.log(embedder.data);
  for (const dir of dirs) {
    lines.push(...(await evaluateFolder(dir, reader, embedder.data)));
    if (options.portraits) await evaluatePortraits(dir, reader, embedder.data);
  }
  clock.print();
  if (options.scores !== undefined) await writeFile(options.scores, lines.join(''));
}

async function evaluateFolder(dir: string, reader: FaceReader, embedder: FaceEmbedder): Promise<string[]> {
  const pairs = readPairs(await readFile(join(dir, 'pairs.tsv'), 'utf8'));
  const files = [...new Set(pairs.flatMap(({ one, other }) => [one, other]))];
  const templates = new Map<string, FaceTemplate>();
  for (const file of files) {
    const template = await readTemplate(await readFile(join(dir, file)), reader);
    if (template) templates.set(file, template);
  }
  const missing = files.filter((file) => !templates.has(file));
  console.log(`${dir}: ${pairs.length} pairs of ${files.length} images, no face found in ${missing.length}`);
  for (const file of missing) console.log(`  no face: ${file}`);

  const trials = pairs.map((pair) => ({ ...pair, score: score(templates.get(pair.one), templates.get(pair.other)) }));
  const { mean, standardError, folds } = crossValidate(trials);
  console.log(`  accuracy over ${folds} folds ${percent(mean)} +- ${percent(standardError)}`);
  const [genuine, impostor] = split(trials);
  const threshold = thresholdOf(findModel(embedder), 'verification');
  describe('pairs as listed', genuine, impostor, threshold);

  if (pairs.every(({ one, other, same }) => (person(one) === person(other)) === same)) {
    const [all, others] = allAgainstAll([...templates]);
    describe('all against all, people by file name', all, others, threshold);
    console.log(`    curve of false matches: ${JSON.stringify(curve(others))}`);
    describe('the same, searched for in a gallery', ...(await allByGallery([...templates], embedder)), threshold);
  }
  return trials.map((trial) => `${trial.one}\t${trial.other}\t${Number(trial.same)}\t${trial.score.toFixed(6)}\n`);
}

/** Live faces against portraits as documents hold them: the first face of each pair, spoilt, against every second one. */
async function evaluatePortraits(dir: string, reader: FaceReader, embedder: FaceEmbedder): Promise<void> {
  const pairs = readPairs(await readFile(join(dir, 'pairs.tsv'), 'utf8'));
  const threshold = thresholdOf(findModel(embedder), 'verification');
  const live: (FaceTemplate | undefined)[] = [];
  for (const { other } of pairs) live.push(await readTemplate(await readFile(join(dir, other)), reader));
  for (const [look, spoil] of Object.entries(portraitLooks)) {
    const [genuine, impostor]: [number[], number[]] = [[], []];
    let missing = 0;
    for (const { one, same, other } of pairs) {
      if (!same) continue;
      const picture = sharp(join(dir, one)).removeAlpha().toColourspace('srgb').raw();
      const { data, info } = await picture.toBuffer({ resolveWithObject: true });
      const image = { widthPx: info.width, heightPx: info.height, pixels: new Uint8Array(data) };
      const { template } = await reader.readPortrait(await spoil(image));
      if (!template) missing++;
      for (const [index, pair] of pairs.entries()) {
        const value = score(template, live[index]);
        if (pair.one === one && pair.other === other) genuine.push(value);
        else if (person(pair.other) !== person(one)) impostor.push(value);
      }
    }
    console.log(`  portraits, ${look}: no face found in ${missing}`);
    describe('against live faces', Float32Array.from(genuine), Float32Array.from(impostor), threshold);
  }
}

function readPairs(text: string): Pair[] {
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  const counts = { 0: 0, 1: 0 };
  const pairs = rows.map((row, index) => {
    const [one, other, same, fold] = row.split('\t').map((cell) => cell.trim());
    if (!one || !other || (same !== '0' && same !== '1')) throw new Error(`pairs.tsv line ${index + 1} is no pair`);
    if (fold && !/^\d+$/.test(fold)) throw new Error(`pairs.tsv line ${index + 1} is of no fold`);
    return { one, other, same: same === '1', fold: fold ? Number(fold) : counts[same]++ % foldsWithoutColumn };
  });
  if (!pairs.some(({ same }) => same) || pairs.every(({ same }) => same)) {
    throw new Error('pairs.tsv needs pairs of the same person and pairs of different ones');
  }
  return pairs;
}

/** The template of an image; formats and sizes that documents do not have are made JPEGs of 1024 pixels at most. */
async function readTemplate(bytes: Uint8Array, reader: FaceReader): Promise<FaceTemplate | undefined> {
  const usual = async () => {
    const resized = sharp(bytes).rotate().resize(1024, 1024, { fit: 'inside', withoutEnlargement: true });
    return reader.readPortrait(await resized.jpeg({ quality: 95 }).toBuffer());
  };
  const portrait = await reader.readPortrait(bytes).catch(() => usual().catch(() => undefined));
  return portrait?.template;
}

/** An image without a face matches nobody. */
function score(one: FaceTemplate | undefined, other: FaceTemplate | undefined): number {
  return one && other ? compareFaces(one, other).score : -1;
}

function split(trials: readonly Trial[]): [Float32Array, Float32Array] {
  const scores = (wanted: boolean) =>
    Float32Array.from(
      trials.filter(({ same }) => same === wanted),
      ({ score }) => score,
    );
  return [scores(true), scores(false)];
}

function person(file: string): string {
  return file.replace(/_\d+\.\w+$/, '');
}

function allAgainstAll(templates: readonly (readonly [string, FaceTemplate])[]): [Float32Array, Float32Array] {
  const genuine: number[] = [];
  const impostor = new Float32Array((templates.length * (templates.length - 1)) / 2);
  let impostors = 0;
  for (const [index, [file, template]] of templates.entries()) {
    for (const [before, other] of templates.slice(0, index)) {
      const value = compareFaces(template, other).score;
      if (person(before) === person(file)) genuine.push(value);
      else impostor[impostors++] = value;
    }
  }
  return [Float32Array.from(genuine), impostor.subarray(0, impostors)];
}

/** The same pairs, each scored by a search in a gallery that holds no more than a search can give. */
async function allByGallery(
  templates: readonly (readonly [string, FaceTemplate])[],
  embedder: FaceEmbedder,
): Promise<[Float32Array, Float32Array]> {
  const [genuine, impostor]: [number[], number[]] = [[], []];
  const { signal } = new AbortController();
  for (let from = 0; from < templates.length; from += mostFound) {
    const gallery = new FaceGallery(galleryModel(embedder));
    const held = templates.slice(from, from + mostFound);
    await gallery.add(held.map(([, template], index) => ({ id: String(from + index), template })));
    for (const [index, [file, template]] of templates.entries()) {
      for (const { id, score } of await gallery.search({ probes: [{ template }], k: mostFound, signal })) {
        const before = Number(id);
        if (before < index) (person(templates[before]?.[0] ?? '') === person(file) ? genuine : impostor).push(score);
      }
    }
    gallery.close();
  }
  return [Float32Array.from(genuine), Float32Array.from(impostor)];
}

function describe(title: string, genuine: Float32Array, impostor: Float32Array, threshold: number): void {
  console.log(`  ${title}: ${genuine.length} genuine, ${impostor.length} impostor`);
  console.log(`    equal error rate ${percent(equalErrorRate(genuine, impostor))}`);
  for (const point of operatingPoints(genuine, impostor, rates)) {
    const { falseMatchRate, trueMatchRate } = point;
    const [low, high] = confidence(trueMatchRate, genuine.length);
    console.log(
      `    at a false match rate of ${falseMatchRate}: ${percent(trueMatchRate)} true matches (95 %: ${percent(low)} to ${percent(high)}), threshold ${point.threshold.toFixed(4)}`,
    );
  }
  const unresolved = rates.filter((rate) => rate * impostor.length < 1);
  if (unresolved.length > 0) console.log(`    too few impostor pairs to tell ${unresolved.join(', ')}`);
  const share = (scores: Float32Array) => scores.filter((value) => value >= threshold).length / scores.length;
  console.log(
    `    at the manifest's ${threshold}: ${percent(share(genuine))} true, ${percent(share(impostor))} false matches`,
  );
}

/** Scores with the share of impostor pairs that reach them, from one in two down to the highest score that is told apart. */
function curve(impostor: Float32Array): [number, number][] {
  const points: [number, number][] = [];
  for (let rate = 0.5; rate * impostor.length >= 1; rate /= 4) {
    const [point] = operatingPoints(impostor, impostor, [rate]);
    if (point) points.push([Number(point.threshold.toFixed(4)), Number(rate.toPrecision(3))]);
  }
  return points;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
