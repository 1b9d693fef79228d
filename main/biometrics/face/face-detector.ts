import { thresholdOf } from '../../../models/manifest.ts';
import type { Network } from './network.ts';
import { move, type Point, type Raster, type Similarity, warp } from './raster.ts';

/** A face found in a raster, in its pixels. */
export interface DetectedFace {
  readonly centre: Point;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The person's right eye, left eye; the right one is on the picture's left. */
  readonly eyes: readonly [Point, Point];
  readonly score: number;
}

/** The faces in a raster, the biggest first. With `zoomOut` the raster is seen as that much smaller, on black. */
export type FaceDetector = (raster: Raster, zoomOut?: number) => Promise<readonly DetectedFace[]>;

interface Candidate {
  readonly score: number;
  /** Centre, size and the two eyes, as x and y pairs in the network's pixels. */
  readonly values: readonly number[];
}

/** BlazeFace's two grids of anchors: cells a side, anchors a cell. Anchors lie in the middle of their cells. */
const grids = [
  { cells: 16, anchors: 2, scores: 'scores16', boxes: 'boxes16' },
  { cells: 8, anchors: 6, scores: 'scores8', boxes: 'boxes8' },
] as const;
const valuesPerBox = 16;
const sameFaceOverlap = 0.3;

/** Finds faces with BlazeFace, full range. */
export function createFaceDetector(network: Network): FaceDetector {
  const sidePx = network.model.input.widthPx;
  const threshold = thresholdOf(network.model, 'detection');
  return async (raster, zoomOut = 1) => {
    const toRaster = letterbox(raster, sidePx, zoomOut);
    const outputs = await network.run([warp(raster, toRaster, sidePx, sidePx, 'black')]);
    const candidates = grids.flatMap((grid) => {
      const scores = outputs[grid.scores] ?? new Float32Array();
      const boxes = outputs[grid.boxes] ?? new Float32Array();
      return readGrid(scores, boxes, grid.cells, grid.anchors, sidePx, threshold);
    });
    return merge(candidates)
      .map((candidate) => toFace(candidate, toRaster))
      .toSorted((one, other) => other.widthPx - one.widthPx);
  };
}

/** Places the whole raster in the middle of a square. */
function letterbox({ widthPx, heightPx }: Raster, sidePx: number, zoomOut: number): Similarity {
  const a = (Math.max(widthPx, heightPx) * zoomOut) / sidePx;
  return { a, b: 0, dx: (widthPx - a * sidePx) / 2, dy: (heightPx - a * sidePx) / 2 };
}

function readGrid(
  scores: Float32Array,
  boxes: Float32Array,
  cells: number,
  anchors: number,
  sidePx: number,
  threshold: number,
): Candidate[] {
  const found: Candidate[] = [];
  for (const [index, raw] of scores.entries()) {
    const score = 1 / (1 + Math.exp(-raw));
    if (!(score >= threshold)) continue;
    const cell = Math.floor(index / anchors);
    const anchorX = (((cell % cells) + 0.5) / cells) * sidePx;
    const anchorY = ((Math.floor(cell / cells) + 0.5) / cells) * sidePx;
    const [x = 0, y = 0, width = 0, height = 0, ...points] = boxes.subarray(
      index * valuesPerBox,
      (index + 1) * valuesPerBox,
    );
    if (!(width > 0 && height > 0)) continue;
    const eyes = points.slice(0, 4).map((value, axis) => value + (axis % 2 === 0 ? anchorX : anchorY));
    found.push({ score, values: [x + anchorX, y + anchorY, width, height, ...eyes] });
  }
  return found;
}

/** Overlapping candidates are one face: their mean, weighted by score. */
function merge(candidates: readonly Candidate[]): Candidate[] {
  const faces: Candidate[] = [];
  let rest = candidates.toSorted((one, other) => other.score - one.score);
  for (let best = rest[0]; best; best = rest[0]) {
    const [score, strongest] = [best.score, best];
    const same = rest.filter((candidate) => candidate === strongest || overlap(strongest, candidate) > sameFaceOverlap);
    const weight = same.reduce((sum, candidate) => sum + candidate.score, 0);
    const values = strongest.values.map(
      (_, index) => same.reduce((sum, one) => sum + (one.values[index] ?? 0) * one.score, 0) / weight,
    );
    faces.push({ score, values });
    rest = rest.filter((candidate) => !same.includes(candidate));
  }
  return faces;
}

/** Intersection over union. */
function overlap(one: Candidate, other: Candidate): number {
  const [x = 0, y = 0, width = 0, height = 0] = one.values;
  const [u = 0, v = 0, breadth = 0, tallness = 0] = other.values;
  const across = Math.min(x + width / 2, u + breadth / 2) - Math.max(x - width / 2, u - breadth / 2);
  const down = Math.min(y + height / 2, v + tallness / 2) - Math.max(y - height / 2, v - tallness / 2);
  const shared = Math.max(0, across) * Math.max(0, down);
  return shared / (width * height + breadth * tallness - shared);
}

function toFace({ score, values }: Candidate, toRaster: Similarity): DetectedFace {
  const [x = 0, y = 0, width = 0, height = 0, rightX = 0, rightY = 0, leftX = 0, leftY = 0] = values;
  return {
    centre: move({ x, y }, toRaster),
    widthPx: width * toRaster.a,
    heightPx: height * toRaster.a,
    eyes: [move({ x: rightX, y: rightY }, toRaster), move({ x: leftX, y: leftY }, toRaster)],
    score,
  };
}
