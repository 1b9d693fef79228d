import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../main/contract/fault.ts';

/** What the extractor tells of one image. `causes` are bits: 1 dry, 2 wet, 4 small, 8 smudged, 16 off-centre. */
export interface FingerExtraction {
  /** A minutiae record, ISO/IEC 19794-2:2005 clause 7. */
  readonly record: Uint8Array;
  /** 0 to 100. */
  readonly quality: number;
  readonly causes: number;
  readonly minutiae: number;
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

/**
 * A gallery of fingers in memory; works on threads of its own. Rejects with `template.malformed`,
 * `template.incomparable` (a snapshot of another model) or `capture.cancelled`.
 */
export interface NativeFingerGallery {
  add(fingers: readonly (NativeFinger & { readonly id: string })[]): Promise<void>;
  replace(id: string, fingers: readonly (NativeFinger & { readonly id: string })[]): Promise<void>;
  remove(id: string): Promise<number>;
  search(probes: readonly NativeFinger[], k: number): { readonly found: Promise<NativeFound>; cancel(): void };
  /** Fingers. */
  size(): number;
  /** Of memory. */
  bytes(): number;
  /** The snapshot piece by piece; an empty piece is its end. */
  save(model: string): () => Promise<Uint8Array>;
  /** Takes a snapshot in pieces, one after another; a call without one puts it in place. */
  load(model: string): (piece?: Uint8Array) => Promise<void>;
  /** What a search by a record cannot beat: bits of all pairs counted and nothing else; all sketches read once. */
  limits(record: Uint8Array): Promise<{ readonly bitsMs: number; readonly readMs: number; readonly minutiae: number }>;
  close(): void;
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
export interface NativeFaceGallery {
  add(faces: readonly NativeFace[]): Promise<void>;
  replace(id: string, faces: readonly NativeFace[]): Promise<void>;
  remove(id: string): Promise<number>;
  search(
    values: Float32Array,
    k: number,
  ): {
    readonly found: Promise<readonly { readonly id: string; readonly score: number }[]>;
    readonly cancel: () => void;
  };
  /** Faces. */
  size(): number;
  /** The snapshot piece by piece; an empty piece is its end. */
  save(model: string): () => Promise<Uint8Array>;
  /** Takes a snapshot in pieces, one after another; a call without one puts it in place. */
  load(model: string): (piece?: Uint8Array) => Promise<void>;
  /** Milliseconds that reading all vectors once takes on the same threads: what no search can beat. */
  readLimit(): Promise<number>;
  close(): void;
}

/**
 * The addon's functions. All work runs on the thread pool over copies of the input; what cannot be read rejects with an
 * Error whose `code` is `image.malformed` or `template.malformed`.
 */
export interface Native {
  extractFinger(pixels: Uint8Array, widthPx: number, heightPx: number, dpi: number): Promise<FingerExtraction>;
  /** A score per entry, in the order of the gallery. */
  searchFingers(probe: Uint8Array, gallery: readonly Uint8Array[]): Promise<Float32Array>;
  /** Four values a minutia: x, y (pixels at 500 dpi, y down), angle (radians, y down), quality. */
  fingerMinutiae(record: Uint8Array): Promise<Float32Array>;
  readonly FingerGallery: new () => NativeFingerGallery;
  readonly FaceGallery: new (values: number) => NativeFaceGallery;
  /** Asks for an instruction set, 0 scalar, 1 AVX2, 2 AVX-512; gives what was granted. For tests and benches. */
  useInstructionSet(wanted: number): number;
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
