import { fitPolynomial, type Point, slopeAt, strayOf, valueAt } from './polynomial.ts';

/** How dark the points of a strip are: 0 for paper, 1 for black. */
export interface Ink {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly values: Float32Array;
}

/** How far a line's middle lies below a straight axis; the place runs from 0 at its beginning to 1 at its end. */
export type Bend = (place: number) => number;

const stations = 28;
/** From one station to the next a line moves by no more than this, in heights of its print. */
const mostMove = 0.55;
/** Stations that lie further than this from the curve through all are left out. */
const outlier = 0.3;
/** A line is bent when it strays so far from a straight one, in heights of its print, and a curve leaves no more than this share. */
const leastStray = 0.1;
const mostShare = 0.4;
/** A curve has four coefficients: with fewer stations than these it is not to be trusted. */
const fewestStations = 20;

/**
 * Follows a line of print through a strip about its axis from the middle to both ends, as over a page that curls near its
 * binding, and gives the cubic curve through what was met, in pixels of the strip; `from` and `to` are the columns of the
 * axis' ends and `printPx` the height of the print. Undefined for a line that is straight, or of which too little was met.
 */
export function followBend(ink: Ink, from: number, to: number, printPx: number): Bend | undefined {
  const half = stations >> 1;
  const first = nearestMiddle(ink, from, to, half, ink.heightPx / 2, printPx);
  if (first === undefined) return undefined;
  const found: Point[] = [[placeOf(half), first]];
  for (const way of [1, -1]) {
    let [row, move] = [first, 0];
    for (let station = half + way; station >= 0 && station < stations; station += way) {
      const next = nearestMiddle(ink, from, to, station, row + move, printPx);
      if (next === undefined) {
        row += move;
        continue;
      }
      // A line turns slowly: half of the last move is expected again.
      move = (next - row) / 2;
      row = next;
      found.push([placeOf(station), row]);
    }
  }
  let curve = fitPolynomial(found, 3);
  const near = found.filter(([place, row]) => Math.abs(valueAt(curve, place) - row) < outlier * printPx);
  if (near.length < fewestStations) return undefined;
  curve = fitPolynomial(near, 3);
  // Print of a straight line strays about it as well: a curve has to explain what no straight line does.
  const [straightPx, curvedPx] = [strayOf(fitPolynomial(found, 1), found), strayOf(curve, found)];
  if (straightPx < leastStray * printPx || curvedPx > mostShare * straightPx) return undefined;
  const middle = ink.heightPx / 2;
  // Beyond its ends a line goes on straight.
  const [begin, end] = [Math.min(...near.map(([place]) => place)), Math.max(...near.map(([place]) => place))];
  return (place) => {
    const within = Math.min(end, Math.max(begin, place));
    return valueAt(curve, within) + slopeAt(curve, within) * (place - within) - middle;
  };
}

function placeOf(station: number): number {
  return (station + 0.5) / stations;
}

/** The middle of the print at a station, near where it is expected; undefined where there is none. */
function nearestMiddle(
  { widthPx, heightPx, values }: Ink,
  from: number,
  to: number,
  station: number,
  expected: number,
  printPx: number,
): number | undefined {
  const column = (share: number) => Math.min(widthPx, Math.max(0, Math.round(from + share * (to - from))));
  const [left, right] = [column((station - 0.5) / stations), column((station + 1.5) / stations)];
  const rows = new Float32Array(heightPx);
  for (let row = 0; row < heightPx; row++) {
    for (let x = left; x < right; x++) rows[row]! += values[row * widthPx + x]!;
  }
  // The window as high as the print that holds most of it, then the middle of what it holds.
  const reach = Math.round(printPx / 2);
  let [best, at] = [0, -1];
  const furthest = Math.ceil(mostMove * printPx);
  for (let row = Math.round(expected) - furthest; row <= Math.round(expected) + furthest; row++) {
    let sum = 0;
    for (let y = Math.max(0, row - reach); y <= Math.min(heightPx - 1, row + reach); y++) sum += rows[y]!;
    if (sum > best) [best, at] = [sum, row];
  }
  // Print covers a seventh of its line at least.
  if (at < 0 || best < 0.03 * (right - left) * printPx) return undefined;
  let [weight, sum] = [0, 0];
  for (let y = Math.max(0, at - reach - 1); y <= Math.min(heightPx - 1, at + reach + 1); y++) {
    weight += rows[y]!;
    sum += rows[y]! * y;
  }
  return sum / weight + 0.5;
}
