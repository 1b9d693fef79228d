import { directionAt, type Flow, fingerHeightPx, fingerWidthPx } from './flow.ts';
import { normal } from './random.ts';

/** A minutia of a finger: from its middle, y down, pixels at 500 dpi; the angle as in a record's, radians, y down. */
export interface TrueMinutia {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** 1 a ridge's end, 2 a fork (ISO/IEC 19794-2:2005 clause 6.4.2). */
  readonly kind: 1 | 2;
  /** How surely it is found, 0 to 1; some are small, or look now like an end and now like a fork. */
  readonly clear: number;
}

/** Minutiae a square pixel: about 0.17 a square millimetre. */
const usualDensity = 0.17 / 387.5;
const closestPx = 7;
const cellPx = 16;
const cells = 64;

/**
 * Minutiae as a ridge pattern of this flow and period must have them. Where ridges fan out along their direction, ridges
 * begin: the count of those that begin less those that end in an area is the divergence of the direction over the period
 * (the dislocations of Larkin and Fletcher 2007); a usual density of either sort comes on top.
 */
export function scatterMinutiae(flow: Flow, periodPx: number, random: () => number): TrueMinutia[] {
  const density = usualDensity * Math.exp(0.15 * normal(random));
  const most = 2.2 * density;
  const tries = Math.round(most * fingerWidthPx * fingerHeightPx);
  const near = new Int16Array(cells * cells).fill(-1);
  const found: TrueMinutia[] = [];
  for (let i = 0; i < tries; i++) {
    const x = (random() - 0.5) * fingerWidthPx;
    const y = (random() - 0.5) * fingerHeightPx;
    const wanted = random() * most;
    const across = x / (fingerWidthPx / 2);
    const down = y / (fingerHeightPx / 2);
    if (across * across + down * down > 1) continue;
    const net = divergence(flow, x, y) / periodPx;
    const here = Math.min(most, Math.sqrt(density * density + net * net));
    if (wanted > here || crowded(near, found, x, y)) continue;
    const begins = random() * 2 * here < here + net;
    near[cellOf(x, y)] = found.length;
    found.push({
      x,
      y,
      angle: directionAt(flow, x, y) + (begins ? 0 : Math.PI),
      kind: random() < 0.57 ? 1 : 2,
      clear: Math.sqrt(random()),
    });
  }
  return found;
}

function cellOf(x: number, y: number): number {
  return (((y + 512) / cellPx) | 0) * cells + (((x + 512) / cellPx) | 0);
}

/** Whether another lies closer than two ridges can. One of each cell is remembered, which is enough. */
function crowded(near: Int16Array, found: readonly TrueMinutia[], x: number, y: number): boolean {
  const cell = cellOf(x, y);
  for (let row = -cells; row <= cells; row += cells) {
    for (let column = -1; column <= 1; column++) {
      const index = near[cell + row + column] ?? -1;
      if (index < 0) continue;
      const other = found[index];
      if (other && Math.abs(other.x - x) < closestPx && Math.abs(other.y - y) < closestPx) return true;
    }
  }
  return false;
}

/** How ridges fan out along their direction, taken to the right, a pixel. */
function divergence({ spacingPx, columns, rows, cosine, sine }: Flow, x: number, y: number): number {
  const column = Math.max(1, Math.min(columns - 2, ((x + fingerWidthPx / 2) / spacingPx) | 0));
  const row = Math.max(1, Math.min(rows - 2, ((y + fingerHeightPx / 2) / spacingPx) | 0));
  const at = row * columns + column;
  const c = cosine[at] ?? 1;
  const s = sine[at] ?? 0;
  const turn = (from: number, to: number): number =>
    (c * ((sine[to] ?? 0) - (sine[from] ?? 0)) - s * ((cosine[to] ?? 0) - (cosine[from] ?? 0))) / (4 * spacingPx);
  // The ridge's own direction, of half the angle, without an arc tangent.
  const alongX = Math.sqrt(Math.max(0, 1 + c) / 2);
  const alongY = Math.sign(s) * Math.sqrt(Math.max(0, 1 - c) / 2);
  return alongX * turn(at - columns, at + columns) - alongY * turn(at - 1, at + 1);
}
