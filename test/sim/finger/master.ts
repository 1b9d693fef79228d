import { directionAt, layFlow } from './flow.ts';
import { drawPattern } from './pattern.ts';
import { normal, stream } from './random.ts';

/** A whole finger's ridges at 500 dpi before anything touched it: -127 the middle of a valley, 127 of a ridge. */
export interface Master {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ridges: Int8Array;
}

const widthPx = 416;
const heightPx = 560;
const margin = 12;
const orientations = 64;
const periods = 12;
const minPeriodPx = 7;
const maxPeriodPx = 11.5;
const alongReach = 7;
const acrossReach = 8;
const rounds = 24;
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

interface Field {
  /** Which of the filters' orientations holds at a pixel. */
  readonly orientation: Uint8Array;
  /** Which of their periods. */
  readonly period: Uint8Array;
}

function layOut(random: () => number): Field {
  const flow = layFlow(drawPattern(random), 4);
  const base = 9 + 0.45 * normal(random);
  const waves = Array.from({ length: 3 }, () => ({
    x: (random() - 0.5) / 40,
    y: (random() - 0.5) / 40,
    phase: 2 * Math.PI * random(),
    height: 0.25 * normal(random),
  }));
  const orientation = new Uint8Array(widthPx * heightPx);
  const period = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const x = column - widthPx / 2;
      const y = heightPx / 2 - row;
      const angle = directionAt(flow, x, -y) / Math.PI;
      const at = row * widthPx + column;
      orientation[at] = Math.round((angle - Math.floor(angle)) * orientations) % orientations;
      // Ridges lie closer above the core than towards the joint.
      let length = base - y / 260;
      for (const wave of waves) length += wave.height * Math.sin(wave.x * x + wave.y * y + wave.phase);
      const step = ((length - minPeriodPx) / (maxPeriodPx - minPeriodPx)) * (periods - 1);
      period[at] = Math.max(0, Math.min(periods - 1, Math.round(step)));
    }
  }
  return { orientation, period };
}

/** For each orientation, how far in the buffer each tap along it (or across it) lies. */
function taps(reach: number, turn: number): Int32Array {
  const steps = new Int32Array(orientations * (2 * reach + 1));
  for (let o = 0; o < orientations; o++) {
    const angle = (Math.PI * o) / orientations + turn;
    for (let i = -reach; i <= reach; i++)
      steps[o * (2 * reach + 1) + i + reach] =
        Math.round(i * Math.sin(angle)) * widthPx + Math.round(i * Math.cos(angle));
  }
  return steps;
}

function alongWeights(): Float32Array {
  const weights = Float32Array.from({ length: 2 * alongReach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - alongReach) / 3.2) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function acrossWeights(): Float32Array {
  const length = 2 * acrossReach + 1;
  const all = new Float32Array(periods * length);
  for (let p = 0; p < periods; p++) {
    const period = minPeriodPx + ((maxPeriodPx - minPeriodPx) * p) / (periods - 1);
    const envelope = Float32Array.from({ length }, (_, i) =>
      Math.exp(-0.5 * ((i - acrossReach) / (0.42 * period)) ** 2),
    );
    const wave = envelope.map((weight, i) => weight * Math.cos((2 * Math.PI * (i - acrossReach)) / period));
    const level = wave.reduce((a, b) => a + b, 0) / envelope.reduce((a, b) => a + b, 0);
    const even = wave.map((weight, i) => weight - level * (envelope[i] ?? 0));
    const size = even.reduce((total, weight) => total + Math.abs(weight), 0);
    all.set(
      even.map((weight) => weight / size),
      p * length,
    );
  }
  return all;
}

/** Ridges grow from scattered seeds under a filter that follows the orientation, until they meet: minutiae where they do. */
function grow(finger: number): Master {
  const random = stream(finger, 1);
  const { orientation, period } = layOut(random);
  const alongSteps = taps(alongReach, 0);
  const acrossSteps = taps(acrossReach, Math.PI / 2);
  const along = alongWeights();
  const across = acrossWeights();
  const size = widthPx * heightPx;
  const ridges = new Float32Array(size);
  const smooth = new Float32Array(size);
  const seeds = 110 + Math.floor(60 * random());
  for (let i = 0; i < seeds; i++) {
    const x = margin + Math.floor((widthPx - 2 * margin) * random());
    const y = margin + Math.floor((heightPx - 2 * margin) * random());
    ridges[y * widthPx + x] = random() < 0.5 ? 1 : -1;
  }
  const pass = (
    from: Float32Array,
    to: Float32Array,
    steps: Int32Array,
    reach: number,
    weigh: (at: number) => number,
    weights: Float32Array,
    settle: boolean,
  ): void => {
    const length = 2 * reach + 1;
    for (let y = margin; y < heightPx - margin; y++) {
      const reachX = Math.floor((widthPx / 2 - margin) * Math.sqrt(1 - ((y - heightPx / 2) / (heightPx / 2)) ** 2));
      for (let x = widthPx / 2 - reachX; x < widthPx / 2 + reachX; x++) {
        const at = y * widthPx + x;
        const step = (orientation[at] ?? 0) * length;
        const weight = weigh(at) * length;
        let sum = 0;
        for (let i = 0; i < length; i++) sum += (weights[weight + i] ?? 0) * (from[at + (steps[step + i] ?? 0)] ?? 0);
        to[at] = settle ? Math.max(-1, Math.min(1, 5 * sum)) : sum;
      }
    }
  };
  for (let round = 0; round < rounds; round++) {
    pass(ridges, smooth, alongSteps, alongReach, () => 0, along, false);
    pass(smooth, ridges, acrossSteps, acrossReach, (at) => period[at] ?? 0, across, true);
  }
  return {
    widthPx,
    heightPx,
    ridges: Int8Array.from(smooth, (value) => Math.round(127 * Math.max(-1, Math.min(1, 1.6 * value)))),
  };
}
