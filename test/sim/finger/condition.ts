import { normal } from './random.ts';

/** How a finger lay on the glass; `usual` is drawn afresh for each impression, easy and hard as in real collections. */
export const conditions = ['good', 'usual', 'dry', 'wet', 'light', 'partial', 'smudged', 'scarred'] as const;
export type Condition = (typeof conditions)[number];

/** What a condition does to an image. Lengths in pixels at 500 dpi, greys from 0 (black) to 1 (white). */
export interface Touch {
  /** Half axes of the skin that touches. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** How far the finger may lie from the middle of the glass, and its tip roll, one deviation. */
  readonly wander: number;
  readonly roll: number;
  /** How far it may be turned, radians, and its skin pulled, one deviation. */
  readonly turn: number;
  readonly pull: number;
  /** Added to the ridge profile (-1 to 1): above 0 ridges are wider than valleys. */
  readonly pressure: number;
  /** How much that differs from place to place. */
  readonly patchiness: number;
  /** How sharply a ridge ends at its edge. */
  readonly sharpness: number;
  /** How deep the skin's unevenness cuts into ridges. */
  readonly roughness: number;
  readonly pores: number;
  readonly ridgeGrey: number;
  readonly valleyGrey: number;
  readonly noise: number;
  /** How much of the print is smeared, 0 to 1. */
  readonly smudge: number;
  /** Fresh cuts, and scratches on the glass. */
  readonly cuts: number;
  readonly scratches: number;
  /** How much of the touch before is left on the glass. */
  readonly residue: number;
}

const good: Touch = {
  halfWidth: 165,
  halfHeight: 215,
  wander: 12,
  roll: 0,
  turn: 0.13,
  pull: 3.5,
  pressure: 0,
  patchiness: 0.2,
  sharpness: 1.6,
  roughness: 0.3,
  pores: 0.7,
  ridgeGrey: 0.22,
  valleyGrey: 0.86,
  noise: 0.03,
  smudge: 0,
  cuts: 0,
  scratches: 0,
  residue: 0,
};

const touches: Readonly<Record<Exclude<Condition, 'usual'>, Touch>> = {
  good,
  dry: { ...good, pressure: -0.35, sharpness: 2.2, roughness: 1.1, pores: 1, ridgeGrey: 0.34, noise: 0.05 },
  wet: { ...good, pressure: 0.6, sharpness: 1.1, pores: 0.1, ridgeGrey: 0.12, valleyGrey: 0.7 },
  light: {
    ...good,
    halfWidth: 85,
    halfHeight: 110,
    pressure: -0.85,
    sharpness: 2,
    roughness: 1.9,
    ridgeGrey: 0.66,
    noise: 0.08,
  },
  partial: { ...good, halfWidth: 62, halfHeight: 80, wander: 45 },
  smudged: { ...good, smudge: 0.6, residue: 0.3, roughness: 0.5 },
  scarred: { ...good, cuts: 6, scratches: 3 },
};

/** The touch of a condition; `random` is asked for `usual` only. */
export function touchOf(condition: Condition, random: () => number): Touch {
  if (condition !== 'usual') return touches[condition];
  // How hard this one is: most are easy, some are not.
  const hardness = Math.min(1.3, -0.4 * Math.log(1 - random()));
  const moisture = 0.1 + (0.22 + 0.1 * hardness) * normal(random);
  const small = 1 - 0.14 * hardness * random();
  return {
    halfWidth: 138 * small,
    halfHeight: 176 * small,
    wander: 26 + 7 * hardness,
    roll: 14 + 7 * hardness,
    turn: 0.14 + 0.06 * hardness,
    pull: 8 + 5 * hardness,
    pressure: moisture,
    patchiness: 0.4 + 0.15 * hardness,
    sharpness: moisture > 0 ? 1.5 : 2,
    roughness: Math.max(0.5, 1.1 + 0.4 * hardness - 0.6 * moisture),
    pores: Math.max(0.1, 0.8 - moisture),
    ridgeGrey: 0.22 - 0.2 * Math.min(0.5, moisture),
    valleyGrey: 0.86 - 0.2 * Math.max(0, moisture),
    noise: 0.04 + 0.025 * hardness,
    smudge: random() < 0.3 ? 0.4 * hardness : 0,
    cuts: Math.floor(2 * random() * hardness),
    scratches: Math.floor(2.5 * random() * hardness),
    residue: random() < 0.3 ? 0.25 * random() : 0,
  };
}
