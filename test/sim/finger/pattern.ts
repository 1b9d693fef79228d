import { normal } from './random.ts';

/** A finger's pattern class, after Henry. */
export type PatternClass = 'arch' | 'tented-arch' | 'left-loop' | 'right-loop' | 'whorl' | 'twin-loop';

/** Where ridges turn about, and how their directions about it differ from a plain turn. */
export interface Singularity {
  readonly x: number;
  readonly y: number;
  /** How far directions below it are drawn to the vertical, radians. */
  readonly pull: number;
  readonly twist: number;
}

/** A pattern: coordinates in pixels at 500 dpi from the middle of the finger, x right, y up. */
export interface Pattern {
  readonly kind: PatternClass;
  readonly cores: readonly Singularity[];
  readonly deltas: readonly Singularity[];
  /** How strongly ridges bend down towards the sides above the core, radians at the rim. */
  readonly bend: number;
  /** How high an arch rises; 0 for the others. */
  readonly rise: number;
  /** Slow deviations of the direction that are this finger's own, radians: a raster of knots a `knotPx` apart. */
  readonly sway: Float32Array;
}

export const knotPx = 80;
export const knotColumns = 8;
const knotRows = 10;

/** Shares of the classes among fingers (Wilson, Candela and Watson 1994), whorls split into plain and twin loops. */
const shares: readonly (readonly [PatternClass, number])[] = [
  ['arch', 0.037],
  ['tented-arch', 0.029],
  ['left-loop', 0.338],
  ['right-loop', 0.317],
  ['whorl', 0.224],
  ['twin-loop', 0.055],
];

/** Draws a pattern: its class, unless one is given, and where its cores and deltas lie. */
export function drawPattern(random: () => number, wanted?: PatternClass): Pattern {
  const kind = drawClass(random(), wanted);
  const bend = 0.75 + 0.15 * normal(random);
  const sway = Float32Array.from({ length: knotColumns * knotRows }, () => 0.13 * normal(random));
  const at = (x: number, y: number, spread: number, pull: number): Singularity => ({
    x: x + spread * normal(random),
    y: y + spread * normal(random),
    pull: pull + 0.1 * normal(random),
    twist: 0.07 * normal(random),
  });
  const core = (x: number, y: number): Singularity => at(x, y, 9, 0.25);
  const delta = (x: number, y: number): Singularity => at(x, y, 16, 0.15);
  const low = -100 - 25 * random();
  const side = 85 + 40 * random();
  const gap = 10 + 32 * random();
  const common = { kind, bend, rise: 0, sway };
  switch (kind) {
    case 'left-loop':
      return { ...common, cores: [core(0, 25)], deltas: [delta(side, low)] };
    case 'right-loop':
      return { ...common, cores: [core(0, 25)], deltas: [delta(-side, low)] };
    case 'whorl':
      return {
        ...common,
        cores: [core(0, 15 + gap), core(0, 15 - gap)],
        deltas: [delta(-side - 15, low), delta(side + 15, low)],
      };
    case 'twin-loop': {
      const hand = random() < 0.5 ? -1 : 1;
      return {
        ...common,
        cores: [core(-hand * (12 + gap), 48), core(hand * (12 + gap), -18)],
        deltas: [delta(-side - 15, low), delta(side + 15, low)],
      };
    }
    case 'tented-arch':
      return { ...common, cores: [core(0, 0)], deltas: [delta(0, low)] };
    case 'arch':
      return { ...common, cores: [], deltas: [], rise: 0.85 + 0.2 * normal(random) };
  }
}

function drawClass(draw: number, wanted: PatternClass | undefined): PatternClass {
  if (wanted) return wanted;
  let upTo = 0;
  for (const [kind, share] of shares) {
    upTo += share;
    if (draw < upTo) return kind;
  }
  return 'right-loop';
}
