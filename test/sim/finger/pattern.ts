import { normal } from './random.ts';

/** A finger's pattern class, after Henry. */
type PatternClass = 'left-loop' | 'right-loop' | 'whorl' | 'twin-loop' | 'tented-arch' | 'arch';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a pattern turns about: coordinates in pixels at 500 dpi from the middle of the finger, y up. */
export interface Pattern {
  readonly cores: readonly Point[];
  readonly deltas: readonly Point[];
  /** How strongly ridges bend down towards the sides above the core, radians at the rim. */
  readonly bend: number;
  /** How high an arch rises; 0 for the others. */
  readonly rise: number;
}

/** Rough shares of the classes among fingers. */
const shares: readonly (readonly [PatternClass, number])[] = [
  ['left-loop', 0.34],
  ['right-loop', 0.65],
  ['whorl', 0.86],
  ['twin-loop', 0.93],
  ['tented-arch', 0.96],
  ['arch', 1],
];

/** Draws a pattern: its class and where its cores and deltas lie. */
export function drawPattern(random: () => number): Pattern {
  const draw = random();
  const kind = shares.find(([, upTo]) => draw < upTo)?.[0] ?? 'arch';
  const about = (x: number, y: number, spread: number): Point => ({
    x: x + spread * normal(random),
    y: y + spread * normal(random),
  });
  const bend = 0.75 + 0.1 * normal(random);
  const gap = 18 + 22 * random();
  const low = -105 - 15 * random();
  switch (kind) {
    case 'left-loop':
      return { cores: [about(0, 25, 10)], deltas: [about(105, low, 10)], bend, rise: 0 };
    case 'right-loop':
      return { cores: [about(0, 25, 10)], deltas: [about(-105, low, 10)], bend, rise: 0 };
    case 'whorl':
      return {
        cores: [about(0, 15 + gap, 6), about(0, 15 - gap, 6)],
        deltas: [about(-115, low, 10), about(115, low, 10)],
        bend,
        rise: 0,
      };
    case 'twin-loop':
      return {
        cores: [about(-gap, 45, 6), about(gap, -15, 6)],
        deltas: [about(-115, low, 10), about(115, low, 10)],
        bend,
        rise: 0,
      };
    case 'tented-arch':
      return { cores: [about(0, 10, 6)], deltas: [about(0, low, 6)], bend, rise: 0 };
    case 'arch':
      return { cores: [], deltas: [], bend, rise: 0.9 + 0.2 * normal(random) };
  }
}

/**
 * The ridge orientation at a point, radians, y up: half the sum of the angles about the cores less those about the
 * deltas (Sherlock and Monro 1993), each angle corrected as a smooth function of itself (the idea of Vizcaya and
 * Gerhardt 1996), and a bend that wraps ridges round the fingertip.
 */
export function ridgeOrientation(pattern: Pattern, x: number, y: number): number {
  let twice = 0;
  for (const core of pattern.cores) twice += corrected(Math.atan2(y - core.y, x - core.x), 0.25);
  for (const delta of pattern.deltas) twice -= corrected(Math.atan2(y - delta.y, x - delta.x), 0.15);
  const height = pattern.cores[0]?.y ?? 20;
  const above = 1 / (1 + Math.exp(-(y - height + 40) / 45));
  const across = Math.max(-1.2, Math.min(1.2, x / 190));
  const hill =
    pattern.rise * Math.exp(-(((y + 10) / 110) ** 2)) * Math.sin(Math.PI * across) * Math.exp(-across * across);
  return twice / 2 - pattern.bend * above * across * Math.abs(across) ** 0.5 - hill;
}

/** Leaves a full turn a full turn, and pulls directions below the point towards the vertical. */
function corrected(angle: number, pull: number): number {
  return angle + pull * Math.sin(2 * angle) * 0.5 * (1 - Math.sin(angle));
}
