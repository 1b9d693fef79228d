import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { extractFinger, fingerModel } from '../../main/biometrics/finger/finger.ts';
import { type Condition } from '../sim/finger/condition.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { progress, type Sample } from './finger-folder.ts';

const sizes = [
  [388, 374],
  [300, 300],
  [320, 400],
  [420, 500],
] as const;
const conditions: readonly Condition[] = ['good', 'good', 'good', 'dry', 'wet', 'good', 'light', 'partial'];
/** Fingers that no test and no bench draws. */
const firstFinger = 20_000;

/** Some drawn fingers, counted from 0, and how many impressions of each. */
export interface DrawnSet {
  readonly first: number;
  readonly fingers: number;
  readonly impressions: number;
}

/**
 * Templates of drawn fingers, of mixed sizes and conditions. Drawing takes about a second a finger, so what was drawn once
 * is kept in `.cache` until the maker of templates changes.
 */
export async function drawnTemplates({ first, fingers, impressions }: DrawnSet): Promise<Sample[]> {
  const folder = new URL('../../.cache/', import.meta.url);
  const file = new URL(`drawn-fingers-${fingerModel.version}.txt`, folder);
  mkdirSync(folder, { recursive: true });
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const known = new Map(lines.flatMap(parseLine).map((sample) => [sample.name, sample]));
  const samples: Sample[] = [];
  for (let at = 0; at < fingers * impressions; at++) {
    const finger = first + Math.floor(at / impressions);
    const impression = (at % impressions) + 1;
    const found = known.get(nameOf(finger, impression));
    if (found) {
      samples.push(found);
      continue;
    }
    const [widthPx, heightPx] = sizes[(finger * 2 + impression) % sizes.length] ?? sizes[0];
    const condition = conditions[(finger + 5 * impression) % conditions.length] ?? 'good';
    const image = drawFinger({ finger: firstFinger + finger, impression, widthPx, heightPx, dpi: 500, condition });
    const { template } = await extractFinger(image);
    const line = `${finger} ${impression} ${Buffer.from(template.bytes).toString('hex')}`;
    appendFileSync(file, `${line}\n`);
    samples.push(...parseLine(line));
    progress(`drawn: image ${at + 1} of ${fingers * impressions}`, at + 1, fingers * impressions);
  }
  return samples;
}

function nameOf(finger: number, impression: number): string {
  return `drawn ${finger} ${impression}`;
}

function parseLine(line: string): Sample[] {
  const [finger = '', impression = '', hex] = line.split(' ');
  if (hex === undefined) return [];
  const template = { ...fingerModel, bytes: new Uint8Array(Buffer.from(hex, 'hex')) };
  const [of, number] = [Number(finger), Number(impression)];
  return [{ name: nameOf(of, number), finger: of, impression: number, template }];
}
