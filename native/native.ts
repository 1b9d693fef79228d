import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../main/contract/fault.ts';
import type { GreyImage } from '../main/contract/image.ts';

/** What the extractor tells of one image. Lengths are pixels at 500 dpi, y down; angles radians, y down. */
export interface FingerExtraction {
  /** A minutiae record, ISO/IEC 19794-2:2005 clause 7. */
  readonly record: Uint8Array;
  /** 0 to 100. */
  readonly quality: number;
  /** Bits: 1 small, 2 off-centre, 4 smudged, 8 wet, 16 dry. */
  readonly causes: number;
  readonly minutiae: number;
  readonly areaMm2: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Five values a minutia: x, y, angle, quality, kind (0 other, 1 ending, 2 bifurcation). */
  readonly points: Float32Array;
  /** Three values a core: x, y, angle. */
  readonly cores: Float32Array;
  /** Five values a delta: x, y, three angles. */
  readonly deltas: Float32Array;
  /** In the order of the steps (`fingerSteps`). */
  readonly stepMs: Float32Array;
  /** Where they were asked for. */
  readonly taps?: readonly NativeTap[];
}

/** What one step of the extraction saw, row by row; `grey` when values are grey levels. */
export interface NativeTap {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly grey: boolean;
  readonly values: Float32Array;
}

/** A finger minutiae record as it stands. */
export interface RecordContents {
  /** Of ANSI INCITS 378-2004; of ISO/IEC 19794-2:2005 otherwise. */
  readonly ansi: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly xPixelsPerCm: number;
  readonly yPixelsPerCm: number;
  readonly views: readonly {
    readonly position: number;
    readonly number: number;
    readonly impression: number;
    readonly quality: number;
    /** Five values a minutia: type, x, y (pixels of the record, y down), angle (degrees, anticlockwise), quality. */
    readonly minutiae: Float32Array;
    /** Each x, y and its angle, if it has one. */
    readonly cores: readonly Float32Array[];
    /** Each x, y and its three angles, if it has any. */
    readonly deltas: readonly Float32Array[];
  }[];
}

/** A finger as the gallery takes it: its position by number (ISO/IEC 19794-2:2005 table 2), and its record. */
export interface NativeFinger {
  readonly position: number;
  readonly record: Uint8Array;
}

/** What a search gave: ids with their scores, best first, and how long each stage took. */
export interface NativeFound {
  readonly hits: readonly { readonly id: string; readonly score: number }[];
  readonly scanMs: number;
  readonly voteMs: number;
  readonly exactMs: number;
}

/** What galleries of either kind do alike. */
export interface NativeGallery {
  remove(id: string): Promise<number>;
  /** Templates. */
  size(): number;
  /** The snapshot piece by piece; an empty piece is its end. */
  save(model: string): () => Promise<Uint8Array>;
  /** Takes a snapshot in pieces, one after another; a call without one puts it in place. */
  load(model: string): (piece?: Uint8Array) => Promise<void>;
  close(): void;
}

/**
 * A gallery of fingers in memory; works on threads of its own. Rejects with `template.malformed`,
 * `template.incomparable` (a snapshot of another model) or `capture.cancelled`.
 */
export interface NativeFingerGallery extends NativeGallery {
  add(fingers: readonly (NativeFinger & { readonly id: string })[]): Promise<void>;
  replace(id: string, fingers: readonly (NativeFinger & { readonly id: string })[]): Promise<void>;
  search(
    probes: readonly NativeFinger[],
    k: number,
  ): { readonly found: Promise<NativeFound>; readonly cancel: () => void };
  /** Of memory. */
  bytes(): number;
  /** What a search by a record cannot beat: bits of all pairs counted and nothing else; all sketches read once. */
  limits(record: Uint8Array): Promise<{ readonly bitsMs: number; readonly readMs: number; readonly minutiae: number }>;
}

/** A face as the gallery takes it: whose, and the values of its template. */
export interface NativeFace {
  readonly id: string;
  readonly values: Float32Array;
}

/**
 * A gallery of face templates of so many values in memory; works on threads of its own. Rejects with
 * `template.malformed`, `template.incomparable` (a snapshot of another model) or `capture.cancelled`.
 */
export interface NativeFaceGallery extends NativeGallery {
  add(faces: readonly NativeFace[]): Promise<void>;
  replace(id: string, faces: readonly NativeFace[]): Promise<void>;
  search(
    values: Float32Array,
    k: number,
  ): {
    readonly found: Promise<readonly { readonly id: string; readonly score: number }[]>;
    readonly cancel: () => void;
  };
  /** Milliseconds that reading all vectors once takes on the same threads: what no search can beat. */
  readLimit(): Promise<number>;
}

/**
 * The addon's functions. All work runs on the thread pool over copies of the input; what cannot be read rejects with an
 * Error whose `code` is `image.malformed` or `template.malformed`.
 */
export interface Native {
  extractFinger(
    pixels: Uint8Array,
    widthPx: number,
    heightPx: number,
    dpi: number,
    taps: boolean,
  ): Promise<FingerExtraction>;
  /** For tests and benches: the set (0 scalar, 1 AVX2, 2 AVX-512) that inner loops use from now on, if the processor has it. */
  useInstructionSet(wanted: number): number;
  /** For benches: milliseconds that the oriented filter alone takes for so many squares of 8 x 8 pixels, in the nearest cache. */
  timeFingerFilters(squares: number): number;
  /** A score per entry, in the order of the gallery. */
  searchFingers(probe: Uint8Array, gallery: readonly Uint8Array[]): Promise<Float32Array>;
  /** Eight values per entry: score, minutiae met, their weight, overlap, likeness, flow, edges, 1 when flow was guessed. */
  weighFingers(probe: Uint8Array, gallery: readonly Uint8Array[]): Promise<Float32Array>;
  /** Which minutiae met, two places a pair: the probe's and the candidate's, counted from 0 as the records list them. */
  explainFingers(probe: Uint8Array, candidate: Uint8Array): Promise<Uint8Array>;
  /** Four values a minutia: x, y (pixels at 500 dpi, y down), angle (radians, y down), quality. */
  fingerMinutiae(record: Uint8Array): Promise<Float32Array>;
  readRecord(record: Uint8Array): Promise<RecordContents>;
  /** A record of our own of one view: of the first, or of the first of a finger. */
  takeView(record: Uint8Array, position?: number): Promise<Uint8Array>;
  /** `dpi` is 0 when the image does not tell it. */
  decodeWsq(bytes: Uint8Array): Promise<GreyImage>;
  encodeWsq(
    pixels: Uint8Array,
    widthPx: number,
    heightPx: number,
    dpi: number,
    bitsPerPixel: number,
  ): Promise<Uint8Array>;
  readonly FingerGallery: new () => NativeFingerGallery;
  readonly FaceGallery: new (values: number) => NativeFaceGallery;
}

/** Where the addon may lie: beside this file, seen from a bundle, or outside a packaged application's archive. */
function places(): string[] {
  const around = ['./build/limen.node', '../native/build/limen.node', '../../native/build/limen.node'];
  const found = around.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const { resourcesPath } = process as { resourcesPath?: string };
  if (resourcesPath) found.unshift(join(resourcesPath, 'app.asar.unpacked', 'native', 'build', 'limen.node'));
  return found;
}

let loaded: Native | undefined;

/** The addon, loaded once. Faults: `internal` when it has not been built or cannot be loaded. */
export function native(): Native {
  if (loaded) return loaded;
  const path = places().find((place) => existsSync(place));
  if (!path) {
    throw new Fault(
      'internal',
      'the native addon is not built: cmake -S native -B native/build && cmake --build native/build',
    );
  }
  try {
    loaded = createRequire(import.meta.url)(path) as Native;
  } catch (error) {
    throw new Fault('internal', 'the native addon cannot be loaded', { cause: error });
  }
  return loaded;
}
