import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import {
  defaultFingerThreshold,
  extractFinger,
  fingerModel,
  searchFingers,
} from '../../main/biometrics/finger/finger.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { drawTemplate } from '../sim/finger/draw-template.ts';
import { flowSpacingPx, readRecord } from '../sim/finger/recorded-flow.ts';
import { onSensor } from '../sim/finger/sensors.ts';
import { agreementOf } from './minutia-agreement.ts';
import { ridgePeriod } from './ridge-period.ts';

interface Sample {
  readonly finger: number;
  readonly record: Uint8Array;
  /** NaN without an image. */
  readonly periodPx: number;
}

const fingers = 24;
const impressions = 4;
const templateFingers = 100;

/**
 * Sets drawn fingers beside real ones: what is extracted of them and how they compare. Folders as for the kind
 * `fingerprint`, none or more; prints a table of medians (5th and 95th hundredths) with a column a set.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const sets: (readonly [string, readonly Sample[]])[] = [];
  for (const dir of dirs) sets.push([basename(dir), await readFolder(dir)]);
  sets.push(['drawn, usual', await drawImages('usual')], ['drawn, good', await drawImages('good')]);
  sets.push(['templates', drawTemplateSet()]);
  const columns: [string, string][][] = [];
  for (const [name, samples] of sets) columns.push(await describe(name, samples));
  const [first = []] = columns;
  const line = (cells: readonly string[]): void => console.log(cells.map((cell) => `| ${cell} `).join('') + '|');
  for (const [row, [label]] of first.entries()) {
    line([label, ...columns.map((column) => column[row]?.[1] ?? '')]);
    if (row === 0) line(['---', ...columns.map(() => '---')]);
  }
}

async function readFolder(argument: string): Promise<Sample[]> {
  const [, dir = argument, dpi = 500] = /^(.+)@(\d+)$/.exec(argument) ?? [];
  const files = readdirSync(dir).filter((name) => /^\d+_\d+\.(png|bmp|tiff?)$/.test(name));
  const samples: Sample[] = [];
  for (const file of files.toSorted()) {
    const { data, info } = await sharp(join(dir, file)).greyscale().raw().toBuffer({ resolveWithObject: true });
    const image = { widthPx: info.width, heightPx: info.height, dpi: Number(dpi), pixels: new Uint8Array(data) };
    samples.push(await sampleOf(Number.parseInt(file, 10), image));
  }
  return samples;
}

async function drawImages(condition: 'usual' | 'good'): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let finger = 1; finger <= fingers; finger++)
    for (let impression = 1; impression <= impressions; impression++)
      samples.push(await sampleOf(finger, drawFinger(onSensor('optical', { finger, impression, condition }))));
  return samples;
}

async function sampleOf(finger: number, image: GreyImage): Promise<Sample> {
  return { finger, record: (await extractFinger(image)).template.bytes, periodPx: ridgePeriod(image) };
}

function drawTemplateSet(): Sample[] {
  return Array.from({ length: templateFingers * impressions }, (_, i) => {
    const finger = Math.floor(i / impressions);
    return { finger, record: drawTemplate({ finger, impression: i % impressions }), periodPx: NaN };
  });
}

async function describe(name: string, samples: readonly Sample[]): Promise<[string, string][]> {
  const records = samples.map(({ record }) => readRecord(record));
  const areas = records.map(({ flow }) => (flow?.levels.filter((level) => level > 0).length ?? 0) * cellMm2);
  const minutiae = records.flatMap((record) => record.minutiae);
  const { genuine, impostor, agreements } = await compareAll(samples);
  const missed = genuine.filter((score) => score < defaultFingerThreshold).length / genuine.length;
  return [
    ['', name],
    ['images', `${samples.length}`],
    [
      'ridge period, px',
      spread(
        samples.map(({ periodPx }) => periodPx).filter((period) => period > 0),
        1,
      ),
    ],
    ['area, mm2', spread(areas)],
    ['minutiae', spread(records.map((record) => record.minutiae.length))],
    [
      'minutiae a mm2',
      spread(
        records.map((record, i) => record.minutiae.length / Math.max(1, areas[i] ?? 1)),
        2,
      ),
    ],
    ['endings, %', percent(minutiae.filter(({ kind }) => kind === 1).length / minutiae.length)],
    ['quality of a minutia', spread(minutiae.map(({ quality }) => quality))],
    ['quality of a print', spread(records.map(({ quality }) => quality))],
    ['template, bytes', spread(samples.map(({ record }) => record.length))],
    ['minutiae repeated, %', spread(agreements.map(({ repeated }) => 100 * repeated))],
    [
      'apart, px',
      spread(
        agreements.flatMap(({ apartPx }) => apartPx),
        1,
      ),
    ],
    [
      'apart, degrees',
      spread(
        agreements.flatMap(({ turnDegrees }) => turnDegrees),
        1,
      ),
    ],
    ['kind differs, %', percent(mean(agreements.flatMap(({ flipped }) => flipped.map(Number))))],
    ['genuine score', spread(genuine, 1)],
    ['genuine below threshold, %', percent(missed)],
    [
      'impostor score, 99th and highest',
      `${hundredth(impostor, 99).toFixed(1)}, ${hundredth(impostor, 100).toFixed(1)}`,
    ],
    ['impostor pairs', `${impostor.length}`],
  ];
}

const cellMm2 = flowSpacingPx ** 2 * (25.4 / 500) ** 2;
/** Only pairs that surely lie upon one another can say how minutiae agree. */
const sureScore = defaultFingerThreshold + 2;
const mostAgreements = 60;

async function compareAll(samples: readonly Sample[]) {
  const templates = samples.map(({ record }) => ({ ...fingerModel, bytes: record }));
  const [genuine, impostor]: [number[], number[]] = [[], []];
  const sure: (readonly [number, number])[] = [];
  for (const [i, probe] of templates.entries()) {
    const scores = await searchFingers(probe, templates.slice(i + 1));
    for (const [k, score] of scores.entries()) {
      const mated = samples[i]?.finger === samples[i + 1 + k]?.finger;
      (mated ? genuine : impostor).push(score);
      if (mated && score >= sureScore) sure.push([i, i + 1 + k]);
    }
  }
  const step = Math.max(1, Math.ceil(sure.length / mostAgreements));
  const agreements = sure
    .filter((_, i) => i % step === 0)
    .map(([i, j]) => agreementOf(samples[i]!.record, samples[j]!.record));
  return { genuine, impostor, agreements };
}

function hundredth(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? NaN;
}

function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '-';
  const [low, middle, high] = [5, 50, 95].map((share) => hundredth(values, share).toFixed(digits));
  return `${middle} (${low} to ${high})`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(share < 0.2 ? 1 : 0);
}
