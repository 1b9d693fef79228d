import { mapAgainst, type SlapMap, valueAt } from './slap-map.ts';
import type { Tip } from './slap-tips.ts';

/**
 * The first phalanx of a finger, in cells of the map: the middle of its tip, the way it points (radians clockwise from
 * upright), half its width, and its length to the first crease.
 */
export interface Outline {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly halfWidth: number;
  readonly length: number;
  /** How far its skin is darker than bare glass, in grey levels. */
  readonly contrast: number;
  /** 0 to 1: how much of it shows ridges. */
  readonly filled: number;
  readonly score: number;
}

/** The first phalanx's length as a multiple of its half width: usual, and how far it may be from that. */
const usualLength = 3.3;
const lengthSpread = 0.45;
const shortest = 2.3;
const longest = 4.1;
const passes = 3;

/** A profile across or along a finger. */
type Profile = (at: number) => number;

/**
 * Finds the sides, the end and the first crease of the finger whose tip is given; it points within `angles`. Undefined when
 * there is no finger after all.
 */
export function outlineOf(whole: SlapMap, tip: Tip, angles: readonly [number, number]): Outline | undefined {
  let { x, y, angle, halfWidth } = tip;
  const map = mapAgainst(
    whole,
    meanOf(whole, whole.deviation, 0, tip, -0.5 * halfWidth, 0.5 * halfWidth, 0.4 * halfWidth, 2 * halfWidth),
  );
  for (let pass = 0; pass < passes; pass++) {
    const frame = { x, y, angle };
    const bands = [0.9, 1.2, 1.5, 1.8, 2.1, 2.4].map((down) => {
      const [from, to] = [(down - 0.2) * halfWidth, (down + 0.2) * halfWidth];
      const sides = sidesOf(map, frame, from, to, halfWidth);
      return { down: down * halfWidth, middle: (sides.left + sides.right) / 2, half: (sides.right - sides.left) / 2 };
    });
    const line = fitLine(bands.map(({ down, middle }) => [down, middle]));
    const turn = Math.max(-0.2, Math.min(0.2, -Math.atan(line.slope)));
    const shift = line.offset;
    x += Math.cos(angle) * shift;
    y += Math.sin(angle) * shift;
    angle = Math.max(angles[0], Math.min(angles[1], angle + turn));
    halfWidth = Math.max(6, Math.min(30, median(bands.map(({ half }) => half))));
    const top = topOf(map, { x, y, angle }, halfWidth);
    x -= Math.sin(angle) * top;
    y += Math.cos(angle) * top;
  }
  const frame = { x, y, angle };
  const length = creaseOf(map, frame, halfWidth);
  const ridges = meanOf(map, map.ridges, 0, frame, -0.7 * halfWidth, 0.7 * halfWidth, 0.3 * halfWidth, 0.9 * length);
  const skin = meanOf(
    map,
    map.light,
    map.glass,
    frame,
    -0.7 * halfWidth,
    0.7 * halfWidth,
    0.3 * halfWidth,
    0.9 * length,
  );
  if (ridges < 0.15) return undefined;
  return { x, y, angle, halfWidth, length, contrast: Math.max(0, map.glass - skin), filled: ridges, score: tip.score };
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** Mean over a rectangle of a finger's frame, a sample a cell. */
function meanOf(
  map: SlapMap,
  values: Float32Array,
  beyond: number,
  { x, y, angle }: Frame,
  left: number,
  right: number,
  top: number,
  bottom: number,
): number {
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  let sum = 0;
  let count = 0;
  for (let v = top; v <= bottom; v++)
    for (let u = left; u <= right; u++, count++)
      sum += valueAt(map, values, x + cosine * u - sine * v, y + sine * u + cosine * v, beyond);
  return count > 0 ? sum / count : 0;
}

/**
 * Where a finger's sides are between two depths: where ridges end, or, where a neighbour touches, the lightest line between;
 * where neither shows, as far as was thought.
 */
function sidesOf(
  map: SlapMap,
  frame: Frame,
  from: number,
  to: number,
  halfWidth: number,
): { left: number; right: number } {
  const ridges: Profile = (u) => meanOf(map, map.ridges, 0, frame, u, u, from, to);
  const light: Profile = (u) => meanOf(map, map.light, map.glass, frame, u, u, from, to);
  const core = meanOf(map, map.ridges, 0, frame, -0.5 * halfWidth, 0.5 * halfWidth, from, to);
  const skin = meanOf(map, map.light, map.glass, frame, -0.6 * halfWidth, 0.6 * halfWidth, from, to);
  const clear = map.glass - skin;
  const side = (way: -1 | 1): number => {
    const far = 1.45 * halfWidth;
    for (let u = 0.5 * halfWidth; u < far; u++) {
      const [here, next] = [ridges(way * u), ridges(way * (u + 1))];
      if (next < 0.5 * core)
        return way * (here > next ? u + Math.min(1, Math.max(0, (here - 0.5 * core) / (here - next))) : u);
    }
    let best = 0.12 * clear;
    let at = halfWidth;
    for (let u = 0.75 * halfWidth; u < far; u++) {
      const rise = (light(way * u) - skin) * Math.exp(-0.5 * ((u / halfWidth - 1) / 0.25) ** 2);
      if (rise > best) [best, at] = [rise, u];
    }
    return way * at;
  };
  return { left: side(-1), right: side(1) };
}

/** How far below the frame's zero the finger ends, upwards. */
function topOf(map: SlapMap, frame: Frame, halfWidth: number): number {
  const ridges: Profile = (v) => meanOf(map, map.ridges, 0, frame, -0.25 * halfWidth, 0.25 * halfWidth, v, v);
  const core = meanOf(map, map.ridges, 0, frame, -0.4 * halfWidth, 0.4 * halfWidth, 0.6 * halfWidth, 2 * halfWidth);
  for (let v = 0.7 * halfWidth; v > -1.2 * halfWidth; v--) {
    const [here, next] = [ridges(v), ridges(v - 1)];
    // A crease or a faint patch near the tip does not end the finger: nothing must follow.
    if (next < 0.5 * core && ridges(v - 4) < 0.5 * core)
      return here > next ? v - Math.min(1, Math.max(0, (here - 0.5 * core) / (here - next))) : v;
  }
  return -1.2 * halfWidth;
}

/** Length to the first crease: where the skin turns lighter across the finger, nearest to where creases usually are. */
function creaseOf(map: SlapMap, frame: Frame, halfWidth: number): number {
  const depth = Math.ceil(longest * halfWidth) + 8;
  const light = Array.from({ length: depth }, (_, v) =>
    meanOf(map, map.light, map.glass, frame, -0.7 * halfWidth, 0.7 * halfWidth, v, v),
  );
  const ridges = Array.from({ length: depth }, (_, v) =>
    meanOf(map, map.ridges, 0, frame, -0.7 * halfWidth, 0.7 * halfWidth, v, v),
  );
  const clear = Math.max(
    8,
    map.glass -
      meanOf(map, map.light, map.glass, frame, -0.6 * halfWidth, 0.6 * halfWidth, 0.5 * halfWidth, 2 * halfWidth),
  );
  const near = (values: readonly number[], from: number, to: number): number => {
    let sum = 0;
    for (let v = from; v <= to; v++) sum += values[v] ?? 0;
    return sum / (to - from + 1);
  };
  let best = 0.06;
  let found = usualLength * halfWidth;
  for (let v = Math.floor(shortest * halfWidth); v <= longest * halfWidth; v++) {
    const rise = (near(light, v - 1, v + 1) - near(light, v - 8, v - 5)) / clear;
    const peak = (near(light, v - 1, v + 1) - near(light, v + 5, v + 8)) / clear;
    const fall = near(ridges, v - 8, v - 5) - near(ridges, v - 1, v + 1);
    const sign = 0.6 * rise + 0.4 * Math.max(-0.3, Math.min(rise, peak)) + 0.3 * fall;
    const likely = Math.exp(-0.5 * ((v / halfWidth - usualLength) / lengthSpread) ** 2);
    if (sign * likely > best) [best, found] = [sign * likely, v];
  }
  return found;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** A line through points (x, y) that few strays do not turn: each pair of points three apart votes (after Theil and Sen). */
function fitLine(points: readonly (readonly [number, number])[]): { slope: number; offset: number } {
  const slopes: number[] = [];
  for (const [i, [x, y]] of points.entries())
    for (const [otherX, otherY] of points.slice(i + 2)) slopes.push((otherY - y) / (otherX - x));
  const slope = median(slopes);
  return { slope, offset: median(points.map(([x, y]) => y - slope * x)) };
}
