import type { RgbImage } from '../../contract/image.ts';
import { landmark, type Landmarks, meshPoint } from './face-landmarks.ts';
import type { Point } from './raster.ts';

/** Mean red, green and blue of some pixels. */
export type Colour = readonly [number, number, number];

/** What a challenge measures of a head in one frame. */
export interface HeadMeasures {
  /** The corners of eyes and mouth, which lie about in a plane; in the crop's pixels. */
  readonly plane: readonly Point[];
  /** The tip of the nose, which stands out of it. */
  readonly noseTip: Point;
  /** The light on the face, and on what lies beside the head. */
  readonly face: Colour;
  readonly beside: Colour;
}

const planePoints = [
  meshPoint.rightEyeOuter,
  meshPoint.rightEyeInner,
  meshPoint.leftEyeInner,
  meshPoint.leftEyeOuter,
  meshPoint.mouthRight,
  meshPoint.mouthLeft,
] as const;

/** Measures a head by its landmarks, its aligned face and the crop that both were found in. */
export function measureHead(landmarks: Landmarks, aligned: RgbImage, crop: RgbImage): HeadMeasures {
  const point = (index: number): Point => ({ x: landmark(landmarks, index).x, y: landmark(landmarks, index).y });
  const [left, right] = [meanColour(crop, 0, 0, 0.12, 0.4), meanColour(crop, 0.88, 0, 1, 0.4)];
  return {
    plane: planePoints.map(point),
    noseTip: point(meshPoint.noseTip),
    face: meanColour(aligned, 0.28, 0.3, 0.72, 0.7),
    beside: [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2, (left[2] + right[2]) / 2],
  };
}

/**
 * How far the tip of the nose has moved against eyes and mouth since the head looked straight ahead, as a share of the
 * distance from eyes to mouth; positive to the person's left. An affine map of the plane through eyes and mouth is taken
 * out first, so a flat picture gives nearly nothing however it is held, and only depth shows.
 */
export function noseParallax(straight: HeadMeasures, now: HeadMeasures): number {
  const map = fitAffine(straight.plane, now.plane);
  const expected = map(straight.noseTip);
  const [rightEye, , , leftEye] = now.plane;
  const height = eyesToMouth(now.plane);
  if (!rightEye || !leftEye || !(height > 0)) return 0;
  const across = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y) || 1;
  const [u, v] = [(leftEye.x - rightEye.x) / across, (leftEye.y - rightEye.y) / across];
  return ((now.noseTip.x - expected.x) * u + (now.noseTip.y - expected.y) * v) / height;
}

function eyesToMouth(plane: readonly Point[]): number {
  const middle = (points: readonly Point[]): Point => ({
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  });
  const [eyes, mouth] = [middle(plane.slice(0, 4)), middle(plane.slice(4))];
  return Math.hypot(mouth.x - eyes.x, mouth.y - eyes.y);
}

/** The affine map that takes the points `from` as near as can be to the points `to` (least squares). */
function fitAffine(from: readonly Point[], to: readonly Point[]): (point: Point) => Point {
  const count = from.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const [mx, my] = [mean(from.map(({ x }) => x)), mean(from.map(({ y }) => y))];
  const [nx, ny] = [mean(to.map(({ x }) => x)), mean(to.map(({ y }) => y))];
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  for (const [index, point] of from.entries()) {
    const [x, y] = [point.x - mx, point.y - my];
    const [u, v] = [(to[index]?.x ?? nx) - nx, (to[index]?.y ?? ny) - ny];
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xu += x * u;
    yu += y * u;
    xv += x * v;
    yv += y * v;
  }
  const determinant = xx * yy - xy * xy || 1;
  const row = (alongX: number, alongY: number) =>
    [(alongX * yy - alongY * xy) / determinant, (alongY * xx - alongX * xy) / determinant] as const;
  const [[a, b], [c, d]] = [row(xu, yu), row(xv, yv)];
  return ({ x, y }) => ({ x: nx + a * (x - mx) + b * (y - my), y: ny + c * (x - mx) + d * (y - my) });
}

/** The mean colour of a part of an image, given in fractions of its sides. */
function meanColour(
  { widthPx, heightPx, pixels }: RgbImage,
  x: number,
  y: number,
  right: number,
  bottom: number,
): Colour {
  const [fromX, toX] = [Math.floor(x * widthPx), Math.max(Math.ceil(right * widthPx), 1)];
  const [fromY, toY] = [Math.floor(y * heightPx), Math.max(Math.ceil(bottom * heightPx), 1)];
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let row = fromY; row < toY; row++) {
    for (let at = (row * widthPx + fromX) * 3; at < (row * widthPx + toX) * 3; at += 3, count++) {
      red += pixels[at] ?? 0;
      green += pixels[at + 1] ?? 0;
      blue += pixels[at + 2] ?? 0;
    }
  }
  return [red / count, green / count, blue / count];
}
