import type { Plane } from './plane.ts';

/** A patch of touching set pixels: how many, its middle, its direction (radians, -pi/2 to pi/2), and its extent along and across. */
export interface Component {
  readonly area: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly length: number;
  readonly thickness: number;
}

interface Moments {
  area: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/** The patches of pixels that are at least `threshold`, from `minArea` pixels on; extents are those of a bar of the same moments. */
export function findComponents(plane: Plane, threshold: number, minArea: number): Component[] {
  const { widthPx, heightPx, values } = plane;
  const parents: number[] = [];
  const moments: Moments[] = [];
  const rootOf = (label: number): number => {
    let root = label;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = label; at !== root;) [at, parents[at]] = [parents[at]!, root];
    return root;
  };
  let above: { start: number; end: number; label: number }[] = [];
  for (let y = 0; y < heightPx; y++) {
    const runs: typeof above = [];
    let from = 0;
    for (let x = 0; x < widthPx; x++) {
      if (values[y * widthPx + x]! < threshold) continue;
      const start = x;
      while (x < widthPx && values[y * widthPx + x]! >= threshold) x++;
      let label = -1;
      while (from < above.length && above[from]!.end <= start) from++;
      for (let at = from; at < above.length && above[at]!.start < x; at++) {
        const other = rootOf(above[at]!.label);
        if (label < 0) label = other;
        else parents[other] = label;
      }
      if (label < 0) {
        label = parents.length;
        parents.push(label);
        moments.push({ area: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 });
      }
      addRun(moments[label]!, start, x, y);
      runs.push({ start, end: x, label });
    }
    above = runs;
  }
  for (const [label, own] of moments.entries()) {
    const root = rootOf(label);
    if (root !== label) addAll(moments[root]!, own);
  }
  return moments.filter((own, label) => parents[label] === label && own.area >= minArea).map(describe);
}

/** Adds the pixels of a row from `start` up to `end`. */
function addRun(to: Moments, start: number, end: number, y: number): void {
  const count = end - start;
  const sum = ((start + end - 1) * count) / 2;
  const squares = (n: number) => ((n - 1) * n * (2 * n - 1)) / 6;
  to.area += count;
  to.x += sum;
  to.y += y * count;
  to.xx += squares(end) - squares(start);
  to.xy += y * sum;
  to.yy += y * y * count;
}

function addAll(to: Moments, from: Moments): void {
  for (const key of ['area', 'x', 'y', 'xx', 'xy', 'yy'] as const) to[key] += from[key];
}

function describe({ area, x: sumX, y: sumY, xx, xy, yy }: Moments): Component {
  const [x, y] = [sumX / area, sumY / area];
  // A pixel is a square: it spreads by a twelfth of its own.
  const [a, b, c] = [xx / area - x * x + 1 / 12, xy / area - x * y, yy / area - y * y + 1 / 12];
  const angle = Math.atan2(2 * b, a - c) / 2;
  const [mean, apart] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  const extent = (variance: number) => Math.sqrt(12 * Math.max(variance, 1 / 12));
  return { area, x, y, angle, length: extent(mean + apart), thickness: extent(mean - apart) };
}
