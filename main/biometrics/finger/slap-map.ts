import type { GreyImage } from '../../contract/image.ts';

/** Pixels at 500 dpi to a cell of the map, each way. */
export const cellPx = 8;

/** A slap at an eighth of its size, a value a cell, row by row. */
export interface SlapMap {
  readonly columns: number;
  readonly rows: number;
  /** 0 bare glass to 1 ridges that stand out. */
  readonly ridges: Float32Array;
  /** Mean grey level of a cell, and of bare glass. */
  readonly light: Float32Array;
  readonly glass: number;
  /** How far pixels, averaged two by two, depart from the cell's mean, in grey levels: smoothed, and that of bare glass. */
  readonly deviation: Float32Array;
  readonly noise: number;
}

/** Glass is never taken for quieter or noisier than this, in grey levels. */
const leastNoise = 1.5;
const mostNoise = 9;
/** How many times the noise a cell's deviation must be to count at all, and to count in full. */
const someRidge = 1.7;
const sureRidge = 2.8;
/** The same as shares of what well inked ridges show: in the whole slap, and in the finger looked at. */
const someInk = 0.36;
const sureInk = 0.6;

/**
 * Maps a slap by the deviation of each cell: shadows, moisture and uneven light are too smooth to show in 8 pixels. Ridges
 * count by how they stand against the clearest in the image, so that the print of a hand before is overlooked.
 */
export function mapRidges({ widthPx, heightPx, pixels }: GreyImage): SlapMap {
  const columns = Math.floor(widthPx / cellPx);
  const rows = Math.floor(heightPx / cellPx);
  const rough = new Float32Array(columns * rows);
  const light = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      measure(pixels, (row * widthPx + column) * cellPx, widthPx, row * columns + column, rough, light);
  const deviation = smoothed(rough, columns);
  const noise = Math.max(leastNoise, Math.min(mostNoise, rank(deviation, 0.1)));
  const inked = rank(
    deviation.filter((value) => value > sureRidge * noise),
    0.75,
  );
  const map = { columns, rows, ridges: deviation, light, glass: rank(light, 0.9), deviation, noise };
  return mapAgainst(map, inked);
}

/** The same map with all ridges in full that stand out of the noise, however faint and patchy. */
export function mapFaintRidges(map: SlapMap): SlapMap {
  let { deviation } = map;
  for (let round = 0; round < 3; round++) deviation = smoothed(deviation, map.columns);
  return mapAgainst({ ...map, deviation }, 0);
}

/** The same map seen with an eye for ridges of such a deviation. */
export function mapAgainst(map: SlapMap, inked: number): SlapMap {
  const from = Math.max(someRidge * map.noise, someInk * inked);
  const to = Math.max(sureRidge * map.noise, sureInk * inked);
  const scale = 1 / (to - from);
  return { ...map, ridges: map.deviation.map((value) => Math.max(0, Math.min(1, (value - from) * scale))) };
}

/** The value that a share of all do not reach, by every eighth of them; 0 of none. */
function rank(values: Float32Array, share: number): number {
  const some = new Float32Array(Math.ceil(values.length / 8));
  for (let i = 0; i < some.length; i++) some[i] = values[8 * i]!;
  return some.toSorted()[Math.floor(share * some.length)] ?? 0;
}

/** A cell's mean, and the deviation of its pixels averaged two by two, which quietens noise and leaves ridges. */
function measure(
  pixels: Uint8Array,
  from: number,
  widthPx: number,
  to: number,
  deviation: Float32Array,
  light: Float32Array,
): void {
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < cellPx; y += 2) {
    let at = from + y * widthPx;
    for (let x = 0; x < cellPx; x += 2, at += 2) {
      const four = pixels[at]! + pixels[at + 1]! + pixels[at + widthPx]! + pixels[at + widthPx + 1]!;
      sum += four;
      squares += four * four;
    }
  }
  const count = (cellPx / 2) ** 2;
  light[to] = sum / count / 4;
  deviation[to] = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / 4;
}

/** Each cell with its neighbours, itself counting four times and those beside it twice. */
function smoothed(values: Float32Array, columns: number): Float32Array {
  const across = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const column = at % columns;
    const left = column > 0 ? values[at - 1]! : values[at]!;
    const right = column + 1 < columns ? values[at + 1]! : values[at]!;
    across[at] = (left + 2 * values[at]! + right) / 4;
  }
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const above = at >= columns ? across[at - columns]! : across[at]!;
    const below = at + columns < values.length ? across[at + columns]! : across[at]!;
    out[at] = (above + 2 * across[at]! + below) / 4;
  }
  return out;
}

/** The ridges or the light at a place in cells (a cell's middle lies at a whole number); `beyond` outside the map. */
export function valueAt(
  { columns, rows }: SlapMap,
  values: Float32Array,
  x: number,
  y: number,
  beyond: number,
): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column + 1 >= columns || row + 1 >= rows) return beyond;
  const at = row * columns + column;
  const acrossX = x - column;
  const upper = values[at]! + acrossX * (values[at + 1]! - values[at]!);
  const lower = values[at + columns]! + acrossX * (values[at + columns + 1]! - values[at + columns]!);
  return upper + (y - row) * (lower - upper);
}
