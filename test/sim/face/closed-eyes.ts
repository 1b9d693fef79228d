import { landmark, type Landmarks } from '../../../main/biometrics/face/face-landmarks.ts';
import type { Point, Raster } from '../../../main/biometrics/face/raster.ts';

/** The lids and the lower edge of the brow of each eye, from one corner to the other: points of the face mesh. */
const eyes = [
  {
    upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    brow: [46, 53, 52, 65, 55],
  },
  {
    upper: [263, 466, 388, 387, 386, 385, 384, 398, 362],
    lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
    brow: [276, 283, 282, 295, 285],
  },
] as const;

/**
 * The picture with the upper lids drawn down: what lies between brow and lashes is stretched over the eye, so that the
 * lashes come to lie on the lower lid. `closing` of 1 shuts the eyes. Faces have to be about upright.
 */
export function closeEyes(raster: Raster, landmarks: Landmarks, closing = 1): Raster {
  const pixels = raster.pixels.slice();
  for (const { upper, lower, brow } of eyes) {
    const line = (indices: readonly number[]) => lineThrough(indices.map((index) => landmark(landmarks, index)));
    const [upperAt, lowerAt, browAt] = [line(upper), line(lower), line(brow)];
    const xs = upper.map((index) => landmark(landmarks, index).x);
    const [from, to] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs))];
    const eyeWidth = to - from;
    for (let x = Math.max(0, from - 1); x <= Math.min(raster.widthPx - 1, to + 1); x++) {
      const [top, lid, bottom] = [browAt(x), upperAt(x), lowerAt(x)];
      const shut = lid + (bottom - lid) * closing + eyeWidth * 0.04;
      const source = lid + eyeWidth * 0.02;
      for (let y = Math.ceil(top); y <= shut && y < raster.heightPx; y++) {
        if (y < 0) continue;
        // The stretch is all near the eye: the brow itself stays where it is.
        const share = ((y - top) / (shut - top)) ** 1.5;
        const wanted = y + (top + ((y - top) / (shut - top)) * (source - top) - y) * Math.min(1, share * 1.4);
        copy(raster, pixels, x, y, wanted);
      }
    }
  }
  return { ...raster, pixels };
}

function copy(raster: Raster, pixels: Uint8Array, x: number, y: number, fromY: number): void {
  const row = Math.min(Math.max(fromY, 0), raster.heightPx - 1);
  const [above, part] = [Math.floor(row), row - Math.floor(row)];
  const below = Math.min(above + 1, raster.heightPx - 1);
  for (let channel = 0; channel < raster.channels; channel++) {
    const at = (line: number) => raster.pixels[(line * raster.widthPx + x) * raster.channels + channel] ?? 0;
    pixels[(y * raster.widthPx + x) * raster.channels + channel] = at(above) * (1 - part) + at(below) * part + 0.5;
  }
}

/** The height of a line of points at any x, straight between them. */
function lineThrough(points: readonly Point[]): (x: number) => number {
  const sorted = points.toSorted((one, other) => one.x - other.x);
  return (x) => {
    const after = sorted.findIndex((point) => point.x >= x);
    const [left, right] = [sorted[Math.max(after - 1, 0)], sorted[after]];
    if (!left || !right) return (after < 0 ? sorted.at(-1) : sorted[0])?.y ?? 0;
    return right.x === left.x ? left.y : left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
  };
}
