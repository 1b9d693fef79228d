import type { RgbImage } from '../../contract/image.ts';

/** Pixels of one or three bytes, row by row. */
export interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** A point in pixels; 0,0 is the outer corner of the first pixel, whose centre is 0.5,0.5. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Turns, scales and moves points: x' = a x - b y + dx, y' = b x + a y + dy. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

export function rgbRaster(image: RgbImage): Raster {
  return { ...image, channels: 3 };
}

export function move(point: Point, { a, b, dx, dy }: Similarity): Point {
  return { x: a * point.x - b * point.y + dx, y: b * point.x + a * point.y + dy };
}

/** The similarity that takes the points `from` as near as can be to the points `to` (least squares). */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [fromMean, toMean] = [mean(from), mean(to)];
  let along = 0;
  let across = 0;
  let spread = 0;
  for (const [index, point] of from.entries()) {
    const target = to[index] ?? toMean;
    const [x, y] = [point.x - fromMean.x, point.y - fromMean.y];
    const [u, v] = [target.x - toMean.x, target.y - toMean.y];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  const [a, b] = [along / (spread || 1), across / (spread || 1)];
  return { a, b, dx: toMean.x - a * fromMean.x + b * fromMean.y, dy: toMean.y - b * fromMean.x - a * fromMean.y };
}

/**
 * A picture of the given size whose every point is found in the source through `toSource`. Colours are interpolated
 * between the four nearest pixels, of a source first shrunk where the picture is much smaller; beyond the source its
 * border goes on, or black where `beyond` says so.
 */
export function warp(
  source: Raster,
  toSource: Similarity,
  widthPx: number,
  heightPx: number,
  beyond: 'border' | 'black' = 'border',
): RgbImage {
  const factor = Math.floor(Math.hypot(toSource.a, toSource.b));
  if (factor >= 2 && Math.min(source.widthPx, source.heightPx) >= factor) {
    const { a, b, dx, dy } = toSource;
    const smaller = { a: a / factor, b: b / factor, dx: dx / factor, dy: dy / factor };
    return warp(shrink(source, factor), smaller, widthPx, heightPx, beyond);
  }
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  const { a, b } = toSource;
  const [lastX, lastY] = [source.widthPx - 1, source.heightPx - 1];
  const step = source.channels;
  let at = 0;
  for (let row = 0; row < heightPx; row++) {
    const start = move({ x: 0.5, y: row + 0.5 }, toSource);
    for (let column = 0; column < widthPx; column++, at += 3) {
      const x = start.x + a * column - 0.5;
      const y = start.y + b * column - 0.5;
      if (beyond === 'black' && (x < -0.5 || y < -0.5 || x > lastX + 0.5 || y > lastY + 0.5)) continue;
      const clearX = Math.min(Math.max(x, 0), lastX);
      const clearY = Math.min(Math.max(y, 0), lastY);
      const left = Math.floor(clearX);
      const top = Math.floor(clearY);
      const right = left < lastX ? step : 0;
      const below = top < lastY ? source.widthPx * step : 0;
      const u = clearX - left;
      const v = clearY - top;
      let from = (top * source.widthPx + left) * step;
      for (let channel = 0; channel < 3; channel++) {
        const upper = byte(source, from) * (1 - u) + byte(source, from + right) * u;
        const lower = byte(source, from + below) * (1 - u) + byte(source, from + below + right) * u;
        pixels[at + channel] = upper * (1 - v) + lower * v + 0.5;
        if (step === 3) from++;
      }
    }
  }
  return { widthPx, heightPx, pixels };
}

/** Luma of a colour image (ITU-R BT.601), one byte a pixel. */
export function luma(image: RgbImage): Uint8Array {
  const grey = new Uint8Array(image.widthPx * image.heightPx);
  const { pixels } = image;
  for (let index = 0, at = 0; index < grey.length; index++, at += 3) {
    grey[index] = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0) + 0.5;
  }
  return grey;
}

/** The image as a mirror shows it. */
export function mirror(image: RgbImage): RgbImage {
  const { widthPx, heightPx } = image;
  const pixels = new Uint8Array(image.pixels.length);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const from = (row * widthPx + column) * 3;
      pixels.set(image.pixels.subarray(from, from + 3), (row * widthPx + widthPx - 1 - column) * 3);
    }
  }
  return { widthPx, heightPx, pixels };
}

/** Every pixel the mean of a square of the source's; what is left over at the right and the bottom is cut off. */
function shrink(source: Raster, factor: number): Raster {
  const { channels } = source;
  const widthPx = Math.floor(source.widthPx / factor);
  const heightPx = Math.floor(source.heightPx / factor);
  const pixels = new Uint8Array(widthPx * heightPx * channels);
  let at = 0;
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        let sum = 0;
        for (let y = 0; y < factor; y++) {
          let from = ((row * factor + y) * source.widthPx + column * factor) * channels + channel;
          for (let x = 0; x < factor; x++, from += channels) sum += byte(source, from);
        }
        pixels[at] = sum / (factor * factor) + 0.5;
      }
    }
  }
  return { widthPx, heightPx, channels, pixels };
}

function byte(source: Raster, at: number): number {
  return source.pixels[at] ?? 0;
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
