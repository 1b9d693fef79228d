import { normal } from './random.ts';

/** How a slap was taken; each names what is hard about it. */
export const slapConditions = [
  'good',
  'usual',
  'dry',
  'wet',
  'touching',
  'spread',
  'turned',
  'high',
  'faint-finger',
  'latent',
  'dirty',
  'child',
] as const;
export type SlapCondition = (typeof slapConditions)[number];

/** What a condition does. Lengths in pixels at 500 dpi, angles in radians, greys 0 to 1. */
export interface SlapTouch {
  readonly scale: number;
  readonly turn: number;
  /** From tip to tip across, as a share of the mean width of two neighbours. */
  readonly pitch: number;
  readonly pressure: number;
  readonly roughness: number;
  readonly ridgeGrey: number;
  readonly valleyGrey: number;
  readonly noise: number;
  /** How much darker the glass is beside wet skin. */
  readonly halo: number;
  /** How much of the hand before is still to be seen. */
  readonly latent: number;
  readonly specks: number;
  readonly scratches: number;
  /** Which finger in order hardly touches; -1 for none. */
  readonly faint: number;
  /** Whether the hand lies far up the glass, so that lower phalanges and palm are in view. */
  readonly high: boolean;
}

/** Draws what a condition does to one slap. */
export function slapTouch(condition: SlapCondition, random: () => number): SlapTouch {
  const moisture = 0.18 * normal(random);
  const usual: SlapTouch = {
    scale: 0.96 + 0.06 * normal(random),
    turn: 0.1 * normal(random),
    pitch: 1.16 + 0.06 * normal(random),
    pressure: moisture,
    roughness: 0.6 + 0.2 * random(),
    ridgeGrey: 0.24,
    valleyGrey: 0.84 - 0.1 * Math.max(0, moisture),
    noise: 0.03,
    halo: 0.15 * Math.max(0, moisture),
    latent: 0,
    specks: Math.floor(4 * random()),
    scratches: Math.floor(2 * random()),
    faint: -1,
    high: random() < 0.2,
  };
  switch (condition) {
    case 'usual':
      return usual;
    case 'good':
      return { ...usual, turn: 0.04 * normal(random), pressure: 0, roughness: 0.3, halo: 0, specks: 0, scratches: 0 };
    case 'dry':
      return { ...usual, pressure: -0.5, roughness: 1.2, ridgeGrey: 0.4 + 0.15 * random(), noise: 0.05, halo: 0 };
    case 'wet':
      return { ...usual, pressure: 0.6, ridgeGrey: 0.12, valleyGrey: 0.68, halo: 0.25 + 0.2 * random() };
    case 'touching':
      return { ...usual, pitch: 0.95 + 0.04 * random() };
    case 'spread':
      return { ...usual, scale: 0.9 + 0.04 * normal(random), pitch: 1.45 + 0.15 * random() };
    case 'turned':
      return {
        ...usual,
        scale: 0.9 + 0.05 * normal(random),
        turn: (random() < 0.5 ? -1 : 1) * (0.26 + 0.26 * random()),
      };
    case 'high':
      return { ...usual, scale: 0.82 + 0.06 * random(), high: true };
    case 'faint-finger':
      return { ...usual, faint: Math.floor(4 * random()) };
    case 'latent':
      return { ...usual, latent: 0.2 + 0.15 * random(), specks: 5 };
    case 'dirty':
      return { ...usual, specks: 30 + Math.floor(40 * random()), scratches: 8 };
    case 'child':
      return { ...usual, scale: 0.72 + 0.05 * random() };
  }
}
