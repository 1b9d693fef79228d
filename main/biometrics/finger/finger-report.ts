import { type FingerExtraction, native } from '../../../native/native.ts';
import type { GreyImage } from '../../contract/image.ts';
import { type FingerFeatures, featuresOf } from './finger.ts';
import { typed } from './native-fault.ts';

/** The steps of the extraction whose time is taken, in their order. */
export const fingerSteps = [
  'resampling',
  'normalisation',
  'orientation',
  'segmentation',
  'period',
  'enhancement',
  'binarisation',
  'skeleton',
  'repair',
  'minutiae',
  'quality',
] as const;
export type FingerStep = (typeof fingerSteps)[number];

/** A minutia: pixels at 500 dpi and radians, both with y down; `quality` 1 to 100. */
export interface FingerMinutia {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly quality: number;
  readonly kind: 'other' | 'ending' | 'bifurcation';
}

/** A point about which ridges turn: one angle of a core (the way its loop opens), three of a delta (the ways ridges leave it). */
export interface Singularity {
  readonly x: number;
  readonly y: number;
  readonly angles: readonly number[];
}

/** All that the extraction tells of an image. Sizes and places are pixels at 500 dpi. */
export interface FingerReport extends FingerFeatures {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of the skin that shows ridges. */
  readonly areaMm2: number;
  readonly points: readonly FingerMinutia[];
  readonly cores: readonly Singularity[];
  readonly deltas: readonly Singularity[];
  readonly stepMs: Readonly<Record<FingerStep, number>>;
}

/** What a step saw, row by row, a value for every `stepPx` pixels each way: grey levels, or a field of numbers. */
export interface FingerTap {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly stepPx: number;
  readonly kind: 'grey' | 'field';
  /** Uint8Array for greys; for fields Float32Array: radians (orientation), 0 to 1 (coherence, clarity), pixels (period). */
  readonly values: Uint8Array | Float32Array;
}

/** Finds a finger's features and says how. Faults: `image.malformed`. */
export async function examineFinger(image: GreyImage): Promise<FingerReport> {
  return reportOf(await extract(image, false));
}

/** The same, with what every step saw, for diagnostics and documents. Faults: `image.malformed`. */
export async function tapFinger(
  image: GreyImage,
): Promise<{ readonly report: FingerReport; readonly taps: ReadonlyMap<string, FingerTap> }> {
  const found = await extract(image, true);
  const taps = (found.taps ?? []).map(({ name, width, height, step, grey, values }): [string, FingerTap] => [
    name,
    {
      name,
      width,
      height,
      stepPx: step,
      kind: grey ? 'grey' : 'field',
      values: grey ? Uint8Array.from(values) : values,
    },
  ]);
  return { report: reportOf(found), taps: new Map(taps) };
}

function extract({ pixels, widthPx, heightPx, dpi }: GreyImage, taps: boolean): Promise<FingerExtraction> {
  return typed(native().extractFinger(pixels, widthPx, heightPx, dpi, taps));
}

function reportOf(found: FingerExtraction): FingerReport {
  const kinds = ['other', 'ending', 'bifurcation'] as const;
  const stepMs = Object.fromEntries(fingerSteps.map((step, i) => [step, found.stepMs[i] ?? 0]));
  return {
    ...featuresOf(found),
    widthPx: found.widthPx,
    heightPx: found.heightPx,
    areaMm2: found.areaMm2,
    points: rows(found.points, 5).map(([x = 0, y = 0, angle = 0, quality = 0, kind = 0]) => ({
      x,
      y,
      angle,
      quality,
      kind: kinds[kind] ?? 'other',
    })),
    cores: rows(found.cores, 3).map(([x = 0, y = 0, ...angles]) => ({ x, y, angles })),
    deltas: rows(found.deltas, 5).map(([x = 0, y = 0, ...angles]) => ({ x, y, angles })),
    stepMs: stepMs as Record<FingerStep, number>,
  };
}

function rows(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}
