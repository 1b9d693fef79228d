import { thresholdOf } from '../../../models/manifest.ts';
import type { DetectedFace } from './face-detector.ts';
import type { Network } from './network.ts';
import { type Point, move, type Raster, type Similarity, warp } from './raster.ts';

/** A landmark in the raster's pixels; `depth` is in pixels too, smaller nearer to the camera. */
export interface Landmark extends Point {
  readonly depth: number;
}

/** The 468 points of a face in MediaPipe's order. */
export type Landmarks = readonly Landmark[];

/** Finds the landmarks of a detected face; null where there turns out to be no face. */
export type Landmarker = (raster: Raster, face: DetectedFace) => Promise<Landmarks | null>;

/** Points of the mesh by name; right and left are the person's own. */
export const meshPoint = {
  rightEyeOuter: 33,
  rightEyeInner: 133,
  leftEyeInner: 362,
  leftEyeOuter: 263,
  noseBase: 2,
  noseTip: 1,
  mouthRight: 61,
  mouthLeft: 291,
  upperLip: 164,
  underLip: 199,
  upperLipInner: 13,
  lowerLipInner: 14,
  lipRight: 78,
  lipLeft: 308,
  forehead: 10,
  chin: 152,
  rightCheek: 234,
  leftCheek: 454,
} as const;

const widening = 1.5;

/** Finds landmarks with FaceMesh in a square around the face, turned so that the eyes are level. */
export function createLandmarker(network: Network): Landmarker {
  const sidePx = network.model.input.widthPx;
  const threshold = thresholdOf(network.model, 'presence');
  return async (raster, face) => {
    const toRaster = frame(face, sidePx);
    const { points, presence } = await network.run([warp(raster, toRaster, sidePx, sidePx)]);
    const [raw = -Infinity] = presence ?? [];
    if (!points || !(raw >= threshold)) return null;
    const scale = Math.hypot(toRaster.a, toRaster.b);
    return Array.from({ length: points.length / 3 }, (_, index) => {
      const [x = 0, y = 0, depth = 0] = points.subarray(index * 3, index * 3 + 3);
      return { ...move({ x, y }, toRaster), depth: depth * scale };
    });
  };
}

export function landmark(landmarks: Landmarks, index: number): Landmark {
  const point = landmarks[index];
  if (!point) throw new RangeError(`no landmark ${index}`);
  return point;
}

/** The middle of an eye, between its corners: the person's right, then left. */
export function eyeCentres(landmarks: Landmarks): readonly [Point, Point] {
  const middle = (one: number, other: number): Point => {
    const [a, b] = [landmark(landmarks, one), landmark(landmarks, other)];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  return [
    middle(meshPoint.rightEyeOuter, meshPoint.rightEyeInner),
    middle(meshPoint.leftEyeInner, meshPoint.leftEyeOuter),
  ];
}

function frame({ centre, widthPx, heightPx, eyes: [right, left] }: DetectedFace, sidePx: number): Similarity {
  const angle = Math.atan2(left.y - right.y, left.x - right.x);
  const scale = (Math.max(widthPx, heightPx) * widening) / sidePx;
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const half = sidePx / 2;
  return { a, b, dx: centre.x - a * half + b * half, dy: centre.y - b * half - a * half };
}
