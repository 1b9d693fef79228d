import { type SlapMap, valueAt } from './slap-map.ts';

/** Where a fingertip may be: its place, half width and depth in cells of the map, and the way the finger points, radians clockwise. */
export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly halfWidth: number;
  /** 0 to 1: how much the place looks like the end of a finger. */
  readonly score: number;
}

const mostAngle = (36 / 180) * Math.PI;
const angleStep = (6 / 180) * Math.PI;
/** Half widths that are tried, in cells: from a child's little finger to a large thumb. */
const halfWidths = [10, 13, 16, 20, 25] as const;
const leastScore = 0.3;
const mostTips = 14;

/** Finds what may be the ends of fingers that point up, give or take 36 degrees; the likeliest first, no two in one place. */
export function findTips(map: SlapMap): Tip[] {
  const found: Tip[] = [];
  for (let angle = -mostAngle; angle < mostAngle + angleStep / 2; angle += angleStep) scan(map, angle, found);
  const tips: Tip[] = [];
  for (const tip of found.toSorted((a, b) => b.score - a.score)) {
    if (!tips.some((stronger) => within(stronger, tip))) tips.push(tip);
    if (tips.length === mostTips) break;
  }
  return tips;
}

/** Anything that lies as a fingertip does. */
type Placed = Omit<Tip, 'score'>;

/** Whether a tip lies on the finger of another one, or just outside its dome. */
export function within({ x, y, angle, halfWidth }: Placed, tip: Pick<Placed, 'x' | 'y'>): boolean {
  const across = Math.cos(angle) * (tip.x - x) + Math.sin(angle) * (tip.y - y);
  const down = Math.cos(angle) * (tip.y - y) - Math.sin(angle) * (tip.x - x);
  return Math.abs(across) < 1.1 * halfWidth && down > -0.8 * halfWidth && down < 5 * halfWidth;
}

/** Sums of all cells above and to the left, of the map turned so that fingers at the angle stand upright. */
interface Upright {
  readonly side: number;
  readonly sums: Float32Array;
}

function upright(map: SlapMap, angle: number): Upright {
  const side = Math.ceil(Math.hypot(map.columns, map.rows));
  const sums = new Float32Array((side + 1) * (side + 1));
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  for (let row = 0; row < side; row++) {
    let line = 0;
    const v = row - side / 2;
    for (let column = 0; column < side; column++) {
      const u = column - side / 2;
      // Beyond the map nothing is added: its corners leave much of the turned square empty.
      line += valueAt(
        map,
        map.ridges,
        map.columns / 2 + cosine * u - sine * v,
        map.rows / 2 + sine * u + cosine * v,
        0,
      );
      sums[(row + 1) * (side + 1) + column + 1] = sums[row * (side + 1) + column + 1]! + line;
    }
  }
  return { side, sums };
}

/** Mean of a rectangle; what of it lies outside counts as bare. */
function mean({ side, sums }: Upright, left: number, top: number, right: number, bottom: number): number {
  const l = left < 0 ? 0 : left > side ? side : left | 0;
  const r = right < 0 ? 0 : right > side ? side : right | 0;
  const upper = (side + 1) * (top < 0 ? 0 : top > side ? side : top | 0);
  const lower = (side + 1) * (bottom < 0 ? 0 : bottom > side ? side : bottom | 0);
  return (
    (sums[lower + r]! - sums[upper + r]! - sums[lower + l]! + sums[upper + l]!) / ((right - left) * (bottom - top))
  );
}

/** How much a place looks like the end of a finger of half width `w`: ridges below, none above and none beside the dome. */
function scoreOf(plane: Upright, x: number, y: number, w: number): number {
  const core = mean(plane, x - 0.6 * w, y + 0.4 * w, x + 0.6 * w, y + 2.2 * w);
  if (core < leastScore) return 0;
  const above = mean(plane, x - 0.8 * w, y - 0.8 * w, x + 0.8 * w, y - 0.1 * w);
  if (core - 0.8 * above < leastScore) return 0;
  const near = mean(plane, x - 0.4 * w, y + 0.05 * w, x + 0.4 * w, y + 0.5 * w);
  const shoulders =
    mean(plane, x - 1.2 * w, y - 0.5 * w, x - 0.75 * w, y + 0.2 * w) +
    mean(plane, x + 0.75 * w, y - 0.5 * w, x + 1.2 * w, y + 0.2 * w);
  const sides =
    mean(plane, x - 1.25 * w, y + 0.2 * w, x - w, y + 2 * w) + mean(plane, x + w, y + 0.2 * w, x + 1.25 * w, y + 2 * w);
  return 0.7 * core + 0.3 * near - 0.8 * above - 0.25 * shoulders - 0.12 * sides;
}

/** Looks for tips at one angle and adds the best of each neighbourhood. */
function scan(map: SlapMap, angle: number, found: Tip[]): void {
  const plane = upright(map, angle);
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  for (const w of halfWidths) {
    const step = w < 16 ? 2 : 3;
    const columns = Math.floor(plane.side / step);
    const scores = new Float32Array(columns * columns);
    for (let row = 1; row < columns - 1; row++)
      for (let column = 1; column < columns - 1; column++)
        scores[row * columns + column] = scoreOf(plane, column * step, row * step, w);
    for (let at = columns + 1; at < scores.length - columns - 1; at++) {
      const score = scores[at]!;
      if (score < leastScore || !topmost(scores, at, columns)) continue;
      const u = (at % columns) * step - plane.side / 2;
      const v = Math.floor(at / columns) * step - plane.side / 2;
      const [x, y] = [map.columns / 2 + cosine * u - sine * v, map.rows / 2 + sine * u + cosine * v];
      found.push({ x, y, angle, halfWidth: w, score });
    }
  }
}

/** Whether none of the eight neighbours is higher. */
function topmost(scores: Float32Array, at: number, columns: number): boolean {
  for (let row = at - columns; row <= at + columns; row += columns)
    for (let by = row - 1; by <= row + 1; by++) if (scores[by]! > scores[at]!) return false;
  return true;
}
