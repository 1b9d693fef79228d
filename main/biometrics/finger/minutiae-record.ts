import { native } from '../../../native/native.ts';
import { type FingerPosition, fingerPositions, type FingerTemplate } from '../../contract/biometrics.ts';
import { fingerModel } from './finger.ts';
import { typed } from './native-fault.ts';

/** One minutia, x and y in pixels of the record's own image, y down; the angle anticlockwise from the right, 0 to 360. */
export interface RecordMinutia {
  readonly type: 'other' | 'ending' | 'bifurcation';
  readonly x: number;
  readonly y: number;
  readonly angleDegrees: number;
  /** 1 to 100; 0 when not known. */
  readonly quality: number;
}

/** A core or a delta, x and y as of a minutia. */
export interface RecordSingularity {
  readonly x: number;
  readonly y: number;
  /** The way a core's loop opens, or the three ways ridges leave a delta, anticlockwise from the right; none when not said. */
  readonly anglesDegrees: readonly number[];
}

/** How a finger was laid on or lifted, ISO/IEC 19794-2:2005 table 3. */
export type Impression = (typeof impressions)[keyof typeof impressions];
const impressions = {
  0: 'live-plain',
  1: 'live-rolled',
  2: 'nonlive-plain',
  3: 'nonlive-rolled',
  7: 'latent',
  8: 'swipe',
  9: 'contactless',
} as const;

/** One view of a finger. `number` counts the views of the same finger. */
export interface RecordView {
  readonly position: FingerPosition;
  readonly number: number;
  readonly impression: Impression;
  /** 0 to 100. */
  readonly quality: number;
  readonly minutiae: readonly RecordMinutia[];
  readonly cores: readonly RecordSingularity[];
  readonly deltas: readonly RecordSingularity[];
}

/** What a finger minutiae record holds. */
export interface MinutiaeRecord {
  readonly format: 'iso-19794-2-2005' | 'ansi-378-2004';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly xPixelsPerCm: number;
  readonly yPixelsPerCm: number;
  readonly views: readonly RecordView[];
}

const types = ['other', 'ending', 'bifurcation'] as const;
const valuesPerMinutia = 5;

/**
 * Reads a record of ISO/IEC 19794-2:2005 (clause 7) or ANSI INCITS 378-2004, whichever its bytes are. Faults:
 * `template.malformed` when any field or length is wrong.
 */
export async function readRecord(bytes: Uint8Array): Promise<MinutiaeRecord> {
  const { ansi, views, ...image } = await typed(native().readRecord(bytes));
  return {
    format: ansi ? 'ansi-378-2004' : 'iso-19794-2-2005',
    ...image,
    views: views.map(({ position, number, impression, quality, minutiae, cores, deltas }) => ({
      position: fingerPositions[position] ?? 'unknown',
      number,
      impression: impressions[impression as keyof typeof impressions],
      quality,
      minutiae: Array.from({ length: minutiae.length / valuesPerMinutia }, (_, i) => minutiaOf(minutiae, i)),
      cores: cores.map(singularityOf),
      deltas: deltas.map(singularityOf),
    })),
  };
}

/**
 * A template that can be compared with ours, out of a record of anyone's make: of its first view, or of the first view of
 * one finger. Faults: `template.malformed`, also when the finger is not in it.
 */
export async function importRecord(bytes: Uint8Array, position?: FingerPosition): Promise<FingerTemplate> {
  const wanted = position === undefined ? undefined : fingerPositions.indexOf(position);
  return { ...fingerModel, bytes: await typed(native().takeView(bytes, wanted)) };
}

function minutiaOf(values: Float32Array, index: number): RecordMinutia {
  const [type = 0, x = 0, y = 0, angleDegrees = 0, quality = 0] = values.subarray(valuesPerMinutia * index);
  return { type: types[type] ?? 'other', x, y, angleDegrees, quality };
}

function singularityOf([x = 0, y = 0, ...anglesDegrees]: Float32Array): RecordSingularity {
  return { x, y, anglesDegrees };
}
