import type { RgbImage } from '../../contract/image.ts';
import { eyeCentres, landmark, type Landmarks, meshPoint } from './face-landmarks.ts';
import { fitSimilarity, luma, move, type Point, type Raster, warp } from './raster.ts';

/** What is measured of a face that may be covered in part, or whose mouth may be open. */
export interface CoverMeasures {
  /**
   * How much darker the line between the lips is than what lies above and below it, as a share of the light on the upper
   * face. Hands and smooth cloth have no such line.
   */
  readonly mouthLine: number;
  /**
   * How much redder the lips are than what lies above and below them, as a logarithm of red over green. Cloth may be creased,
   * but is of one colour. Infinity in a picture without colour.
   */
  readonly lipColour: number;
  /** Detail of the eye that shows less, beyond a slope of light, as a share of the light on the cheeks. Dark glass has none. */
  readonly eyeDetail: number;
  /** Distance between the inner edges of the lips, as a share of that between the eyes. */
  readonly mouthGap: number;
}

/** The upright face that is measured: 40 pixels between the eyes, about what the smallest face that is taken has. */
const upright = { widthPx: 120, heightPx: 160, eyesPx: 40, eyesDownPx: 48 } as const;
const patchPx = 3;
/** Added to light before it is divided by, so that noise in the dark stays small. */
const darkest = 8;
/** The least redness anywhere of a picture that has colour. */
const leastColour = 0.02;
/** Around the bridge of the nose and below the eyes: free where the mouth is covered. */
const upperSkin = [6, 9, 117, 195, 346] as const;
/** Cheeks and the nose: free where the eyes are covered. */
const lowerSkin = [50, 195, 205, 280, 425] as const;

/** Measures an upright copy of the face, so that size and tilt do not matter. */
export function measureCover(raster: Raster, landmarks: Landmarks): CoverMeasures {
  const { widthPx, heightPx, eyesPx, eyesDownPx } = upright;
  const places = [-1, 1].map((side) => ({ x: (widthPx + side * eyesPx) / 2, y: eyesDownPx }));
  const eyes = eyeCentres(landmarks);
  const toUpright = fitSimilarity(eyes, places);
  const image = warp(raster, fitSimilarity(places, eyes), widthPx, heightPx);
  const face: Face = {
    grey: luma(image),
    redness: redness(image),
    at: (index) => move(landmark(landmarks, index), toUpright),
  };
  const { rightEyeOuter, rightEyeInner, leftEyeInner, leftEyeOuter, upperLipInner, lowerLipInner } = meshPoint;
  const [upper, lower] = [skinLight(face, upperSkin), skinLight(face, lowerSkin)];
  return {
    ...measureLips(face, upper),
    eyeDetail:
      Math.min(
        detailBetween(face, face.at(rightEyeOuter), face.at(rightEyeInner)),
        detailBetween(face, face.at(leftEyeInner), face.at(leftEyeOuter)),
      ) / lower,
    mouthGap: apart(face.at(upperLipInner), face.at(lowerLipInner)) / eyesPx,
  };
}

/** The upright face in grey and as the logarithm of red over green, and its landmarks. */
interface Face {
  readonly grey: Uint8Array;
  readonly redness: Float32Array;
  readonly at: (index: number) => Point;
}

/** The median light of small patches; never 0. */
function skinLight(face: Face, points: readonly number[]): number {
  const lights = points.map((index) => {
    const { x, y } = face.at(index);
    const patch = cut(face.grey, { x: x - patchPx, y: y - patchPx }, { x: x + patchPx, y: y + patchPx });
    return patch.values.reduce((sum, value) => sum + value, 0) / patch.values.length;
  });
  return (
    at(
      lights.toSorted((one, other) => one - other),
      0.5,
    ) + darkest
  );
}

/** Over the width of the mouth, from the nose to the chin: the darkest row against the lighter ones, the reddest against the rest. */
function measureLips(face: Face, upper: number): Pick<CoverMeasures, 'mouthLine' | 'lipColour'> {
  const [right, left] = [face.at(meshPoint.lipRight), face.at(meshPoint.lipLeft)];
  const inset = (left.x - right.x) / 10;
  const from = { x: right.x + inset, y: face.at(meshPoint.upperLip).y };
  const to = { x: left.x - inset, y: face.at(meshPoint.underLip).y };
  const [lights, tints] = [rowMeans(cut(face.grey, from, to)), rowMeans(cut(face.redness, from, to))];
  const coloured = face.redness.some((value) => Math.abs(value) > leastColour);
  return {
    mouthLine: (at(lights, 0.75) - at(lights, 0)) / upper,
    lipColour: coloured ? at(tints, 0.9) - at(tints, 0.25) : Infinity,
  };
}

/** The means of the rows, the least first. */
function rowMeans({ values, columns }: { values: Float32Array; columns: number }): number[] {
  return Array.from({ length: values.length / columns }, (_, row) => {
    const line = values.subarray(row * columns, (row + 1) * columns);
    return line.reduce((sum, value) => sum + value, 0) / columns;
  }).toSorted((one, other) => one - other);
}

/** The value that the given share of sorted values lies below. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}

/** The logarithm of red over green of each pixel, steady in the dark. */
function redness({ pixels }: RgbImage): Float32Array {
  return Float32Array.from({ length: pixels.length / 3 }, (_, index) =>
    Math.log(((pixels[index * 3] ?? 0) + darkest) / ((pixels[index * 3 + 1] ?? 0) + darkest)),
  );
}

/** Deviation from the plane that fits the light of an eye best: glass that mirrors a bright sky is a plane. */
function detailBetween(face: Face, one: Point, other: Point): number {
  const width = apart(one, other);
  const [x, y] = [(one.x + other.x) / 2, (one.y + other.y) / 2];
  const { values, columns } = cut(
    face.grey,
    { x: x - width / 2, y: y - width / 4 },
    { x: x + width / 2, y: y + width / 4 },
  );
  const rows = values.length / columns;
  const across = (index: number) => (index % columns) - (columns - 1) / 2;
  const down = (index: number) => Math.floor(index / columns) - (rows - 1) / 2;
  let [sum, alongX, alongY, squaresX, squaresY] = [0, 0, 0, 0, 0];
  for (const [index, value] of values.entries()) {
    sum += value;
    alongX += value * across(index);
    alongY += value * down(index);
    squaresX += across(index) ** 2;
    squaresY += down(index) ** 2;
  }
  const [mean, slopeX, slopeY] = [sum / values.length, alongX / (squaresX || 1), alongY / (squaresY || 1)];
  let rest = 0;
  for (const [index, value] of values.entries()) {
    rest += (value - mean - slopeX * across(index) - slopeY * down(index)) ** 2;
  }
  return Math.sqrt(rest / values.length);
}

/** The pixels of a rectangle, at least one, as far as it lies in the picture. */
function cut(of: Uint8Array | Float32Array, from: Point, to: Point): { values: Float32Array; columns: number } {
  const inside = (value: number, sidePx: number) => Math.min(Math.max(Math.round(value), 0), sidePx - 1);
  const [left, top] = [inside(from.x, upright.widthPx), inside(from.y, upright.heightPx)];
  const [right, bottom] = [
    Math.max(left, inside(to.x, upright.widthPx)),
    Math.max(top, inside(to.y, upright.heightPx)),
  ];
  const columns = right - left + 1;
  const values = new Float32Array(columns * (bottom - top + 1));
  for (let row = top; row <= bottom; row++) {
    const start = row * upright.widthPx + left;
    values.set(of.subarray(start, start + columns), (row - top) * columns);
  }
  return { values, columns };
}

function apart(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
