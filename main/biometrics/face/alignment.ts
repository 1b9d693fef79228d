import type { RgbImage } from '../../contract/image.ts';
import { eyeCentres, landmark, type Landmarks, meshPoint } from './face-landmarks.ts';
import { fitSimilarity, type Point, type Raster, type Similarity, warp } from './raster.ts';

/** Where landmarks lie in an aligned face whose side is 1. Two landmarks stand for the point between them. */
export type Alignment = readonly (readonly [readonly number[], Point])[];

/**
 * dlib's face chip of side 1 without padding: the outer and inner corners of the eyes and the base of the nose in the
 * mean shape its network was trained on.
 */
const chipPoints: Alignment = [
  [[meshPoint.leftEyeOuter], { x: 0.8595674595992, y: 0.2134981538014 }],
  [[meshPoint.leftEyeInner], { x: 0.6460604764104, y: 0.2289674387677 }],
  [[meshPoint.rightEyeOuter], { x: 0.1205750620789, y: 0.2137274526848 }],
  [[meshPoint.rightEyeInner], { x: 0.3340850613712, y: 0.2290642403242 }],
  [[meshPoint.noseBase], { x: 0.4901123135679, y: 0.6277975316475 }],
];
const chipPadding = 0.25;

/** dlib's face chip with a quarter of its side added all around. */
export const dlibChip: Alignment = chipPoints.map(([points, { x, y }]) => {
  const padded = (value: number) => (value + chipPadding) / (1 + 2 * chipPadding);
  return [points, { x: padded(x), y: padded(y) }];
});

/** The template of five points that ArcFace networks are trained on: eyes, tip of the nose, corners of the mouth; of 112 pixels. */
export const arcFace: Alignment = [
  [[meshPoint.rightEyeOuter, meshPoint.rightEyeInner], { x: 38.2946 / 112, y: 51.6963 / 112 }],
  [[meshPoint.leftEyeOuter, meshPoint.leftEyeInner], { x: 73.5318 / 112, y: 51.5014 / 112 }],
  [[meshPoint.noseTip], { x: 56.0252 / 112, y: 71.7366 / 112 }],
  [[meshPoint.mouthRight], { x: 41.5493 / 112, y: 92.3655 / 112 }],
  [[meshPoint.mouthLeft], { x: 70.7299 / 112, y: 92.2041 / 112 }],
];

/** A view a little off the aligned one: zoomed, turned by degrees about the middle, and moved by shares of the side. */
export interface View {
  readonly zoom: number;
  readonly turn: number;
  readonly right: number;
  readonly down: number;
}

/** The face as aligned. */
export const straightView: View = { zoom: 1, turn: 0, right: 0, down: 0 };

/** The face turned upright and scaled so that its landmarks come to lie as the alignment says, in a square. */
export function alignFace(
  raster: Raster,
  landmarks: Landmarks,
  alignment: Alignment,
  sidePx: number,
  view: View = straightView,
): RgbImage {
  const targets = alignment.map(([, { x, y }]) => ({ x: x * sidePx, y: y * sidePx }));
  const found = alignment.map(([points]) => middle(points.map((index) => landmark(landmarks, index))));
  return warp(raster, after(viewOf(view, sidePx), fitSimilarity(targets, found)), sidePx, sidePx);
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

function viewOf({ zoom, turn, right, down }: View, sidePx: number): Similarity {
  const angle = (turn * Math.PI) / 180;
  const [a, b] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
  const half = sidePx / 2;
  return { a, b, dx: half * (1 - a + b) + right * sidePx, dy: half * (1 - a - b) + down * sidePx };
}

/** One similarity after another. */
function after(first: Similarity, second: Similarity): Similarity {
  return {
    a: first.a * second.a - first.b * second.b,
    b: first.b * second.a + first.a * second.b,
    dx: second.a * first.dx - second.b * first.dy + second.dx,
    dy: second.b * first.dx + second.a * first.dy + second.dy,
  };
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
