import { fingerHeightPx, fingerWidthPx, layFlow } from './flow.ts';
import { drawCreases, type Mark } from './marks.ts';
import { drawPattern, type Pattern } from './pattern.ts';
import { normal, stream } from './random.ts';

/** A whole finger's ridges at 500 dpi before anything touched it: -127 the middle of a valley, 127 of a ridge. */
export interface Master {
  readonly pattern: Pattern;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ridges: Int8Array;
  /** Pixels from ridge to ridge at a point from the middle of the finger, y down, as they were wanted. */
  readonly periodAt: (x: number, y: number) => number;
  readonly creases: readonly Mark[];
}

// Ridges grow at half the resolution, where a quarter of the points and of the taps will do.
const columns = fingerWidthPx / 2;
const rows = fingerHeightPx / 2;
const reach = 4;
const side = 2 * reach + 1;
const orientations = 64;
const periods = 12;
const minPeriod = 3.5;
const maxPeriod = 5.75;
const rounds = 22;
const keptFingers = 64;

const masters = new Map<number, Master>();

/** The finger of a number; the same number always gives the same finger. The most recent stay in memory. */
export function masterOf(finger: number): Master {
  const known = masters.get(finger);
  if (known) return known;
  const grown = grow(finger);
  masters.set(finger, grown);
  if (masters.size > keptFingers) masters.delete(masters.keys().next().value ?? finger);
  return grown;
}

function drawPeriods(random: () => number): (x: number, y: number) => number {
  const base = 9 + 0.5 * normal(random);
  const waves = Array.from({ length: 3 }, () => ({
    x: (random() - 0.5) / 40,
    y: (random() - 0.5) / 40,
    phase: 2 * Math.PI * random(),
    height: 0.3 * normal(random),
  }));
  return (x, y) => {
    // Ridges lie closer above the core than towards the joint.
    let length = base + y / 260;
    for (const wave of waves) length += wave.height * Math.sin(wave.x * x + wave.y * y + wave.phase);
    return length;
  };
}

let filters: Float32Array | undefined;

/** A filter for each orientation and period: a wave across the ridges under an oval hump, its mean taken away. */
function filterBank(): Float32Array {
  if (filters) return filters;
  filters = new Float32Array(orientations * periods * side * side);
  const hump = new Float32Array(side * side);
  for (let o = 0; o < orientations; o++) {
    const angle = (Math.PI * o) / orientations;
    for (let p = 0; p < periods; p++) {
      const period = minPeriod + ((maxPeriod - minPeriod) * p) / (periods - 1);
      const filter = filters.subarray((o * periods + p) * side * side, (o * periods + p + 1) * side * side);
      for (let i = 0; i < side * side; i++) {
        const x = (i % side) - reach;
        const y = Math.floor(i / side) - reach;
        const along = (x * Math.cos(angle) + y * Math.sin(angle)) / 1.9;
        const across = y * Math.cos(angle) - x * Math.sin(angle);
        hump[i] = Math.exp(-0.5 * (along * along + (across / (0.42 * period)) ** 2));
        filter[i] = hump[i]! * Math.cos((2 * Math.PI * across) / period);
      }
      const level = filter.reduce((a, b) => a + b, 0) / hump.reduce((a, b) => a + b, 0);
      let size = 0;
      for (let i = 0; i < side * side; i++) size += Math.abs((filter[i]! -= level * hump[i]!));
      for (let i = 0; i < side * side; i++) filter[i]! /= size;
    }
  }
  return filters;
}

/** Ridges grow from scattered seeds under a filter that follows the flow, until they meet: minutiae where they do. */
function grow(finger: number): Master {
  const random = stream(finger, 1);
  const pattern = drawPattern(random);
  const periodAt = drawPeriods(random);
  const chosen = chooseFilters(pattern, periodAt);
  let from = new Float32Array(columns * rows);
  let to = new Float32Array(columns * rows);
  const seeds = 190 + Math.floor(90 * random());
  for (let i = 0; i < seeds; i++) {
    const x = reach + Math.floor((columns - 2 * reach) * random());
    const y = reach + Math.floor((rows - 2 * reach) * random());
    from[y * columns + x] = random() < 0.5 ? 1 : -1;
  }
  for (let round = 0; round < rounds; round++) {
    filterOnce(from, to, chosen);
    [from, to] = [to, from];
  }
  return {
    pattern,
    widthPx: fingerWidthPx,
    heightPx: fingerHeightPx,
    ridges: doubled(from),
    periodAt,
    creases: drawCreases(random),
  };
}

/** Where each point's filter begins in the bank. */
function chooseFilters(pattern: Pattern, periodAt: (x: number, y: number) => number): Int32Array {
  const { cosine, sine } = layFlow(pattern, 2);
  return Int32Array.from({ length: columns * rows }, (_, at) => {
    const turn = Math.atan2(sine[at] ?? 0, cosine[at] ?? 0) / (2 * Math.PI);
    const o = Math.round((turn - Math.floor(turn)) * orientations) % orientations;
    const period = periodAt(2 * (at % columns) - columns, 2 * Math.floor(at / columns) - rows) / 2;
    const step = Math.round(((period - minPeriod) / (maxPeriod - minPeriod)) * (periods - 1));
    return (o * periods + Math.max(0, Math.min(periods - 1, step))) * side * side;
  });
}

function filterOnce(from: Float32Array, to: Float32Array, chosen: Int32Array): void {
  const bank = filterBank();
  for (let y = reach; y < rows - reach; y++) {
    const half = Math.floor((columns / 2 - reach) * Math.sqrt(1 - ((y - rows / 2) / (rows / 2)) ** 2));
    for (let x = columns / 2 - half; x < columns / 2 + half; x++) {
      const at = y * columns + x;
      let tap = chosen[at]!;
      let sum = 0;
      for (let row = at - reach * columns - reach; row <= at + reach * columns - reach; row += columns)
        for (let i = row; i < row + side; i++) sum += bank[tap++]! * from[i]!;
      to[at] = Math.max(-1, Math.min(1, 5 * sum));
    }
  }
}

/** Twice as many points a side, through cubic curves (Catmull and Rom) at a quarter and three quarters. */
function doubled(half: Float32Array): Int8Array {
  const weights = [-0.0703125, 0.8671875, 0.2265625, -0.0234375] as const;
  const wide = new Float32Array(fingerWidthPx * rows);
  const out = new Int8Array(fingerWidthPx * fingerHeightPx);
  for (let row = 0; row < rows; row++)
    for (let column = 2; column < columns - 2; column++) {
      const at = row * columns + column;
      for (const way of [-1, 1] as const)
        wide[row * fingerWidthPx + 2 * column + (way + 1) / 2] =
          weights[0] * half[at - way]! +
          weights[1] * half[at]! +
          weights[2] * half[at + way]! +
          weights[3] * half[at + 2 * way]!;
    }
  for (let row = 2; row < rows - 2; row++)
    for (const way of [-1, 1] as const)
      for (let column = 0; column < fingerWidthPx; column++) {
        const at = row * fingerWidthPx + column;
        const value =
          weights[0] * wide[at - way * fingerWidthPx]! +
          weights[1] * wide[at]! +
          weights[2] * wide[at + way * fingerWidthPx]! +
          weights[3] * wide[at + 2 * way * fingerWidthPx]!;
        out[(2 * row + (way + 1) / 2) * fingerWidthPx + column] = Math.round(127 * Math.max(-1, Math.min(1, value)));
      }
  return out;
}
