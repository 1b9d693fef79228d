import type { RgbImage } from '../../contract/image.ts';
import { eyeCentres, landmark, type Landmarks, meshPoint } from './face-landmarks.ts';
import { fitSimilarity, type Point, type Raster, warp } from './raster.ts';

/**
 * Where dlib's face chip of side 1 without padding has the outer and inner corners of the eyes and the base of the
 * nose: the mean shape its network was trained on.
 */
const chipPoints: readonly (readonly [number, Point])[] = [
  [meshPoint.leftEyeOuter, { x: 0.8595674595992, y: 0.2134981538014 }],
  [meshPoint.leftEyeInner, { x: 0.6460604764104, y: 0.2289674387677 }],
  [meshPoint.rightEyeOuter, { x: 0.1205750620789, y: 0.2137274526848 }],
  [meshPoint.rightEyeInner, { x: 0.3340850613712, y: 0.2290642403242 }],
  [meshPoint.noseBase, { x: 0.4901123135679, y: 0.6277975316475 }],
];
const chipPadding = 0.25;

/** The face turned upright and scaled as dlib's network wants it. */
export function alignFace(raster: Raster, landmarks: Landmarks, sidePx: number): RgbImage {
  const place = (value: number) => ((value + chipPadding) / (1 + 2 * chipPadding)) * sidePx;
  const targets = chipPoints.map(([, { x, y }]) => ({ x: place(x), y: place(y) }));
  const found = chipPoints.map(([index]) => landmark(landmarks, index));
  return warp(raster, fitSimilarity(targets, found), sidePx, sidePx);
}

/** Size of the token image kept of a live face. */
export const token = { widthPx: 240, heightPx: 320 } as const;

/** The head framed as a token face image: eyes level at 0.6 of the width, a quarter of it apart (ISO/IEC 19794-5:2005, 9). */
export function frameToken(raster: Raster, landmarks: Landmarks): RgbImage {
  const { widthPx, heightPx } = token;
  const eyes = [
    { x: widthPx * 0.375, y: widthPx * 0.6 },
    { x: widthPx * 0.625, y: widthPx * 0.6 },
  ];
  return warp(raster, fitSimilarity(eyes, eyeCentres(landmarks)), widthPx, heightPx);
}
