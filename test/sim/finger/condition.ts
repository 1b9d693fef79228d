/** How a finger lay on the glass. */
export type Condition = 'good' | 'dry' | 'wet' | 'light' | 'partial';

/** What a condition does to an image. Lengths in pixels at 500 dpi, greys from 0 (black) to 1 (white). */
export interface Touch {
  /** Half axes of the skin that touches. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** How far the middle of the finger may lie from the middle of the glass, one deviation. */
  readonly wander: number;
  /** Added to the ridge profile (-1 to 1): above 0 ridges are wider than valleys. */
  readonly pressure: number;
  /** How sharply a ridge ends at its edge. */
  readonly sharpness: number;
  /** How deep the skin's unevenness cuts into ridges. */
  readonly roughness: number;
  readonly pores: number;
  readonly ridgeGrey: number;
  readonly valleyGrey: number;
  readonly noise: number;
}

const good: Touch = {
  halfWidth: 165,
  halfHeight: 215,
  wander: 12,
  pressure: 0,
  sharpness: 1.6,
  roughness: 0.35,
  pores: 0.7,
  ridgeGrey: 0.22,
  valleyGrey: 0.86,
  noise: 0.03,
};

export const touches: Readonly<Record<Condition, Touch>> = {
  good,
  dry: { ...good, pressure: -0.35, sharpness: 2.2, roughness: 1.1, pores: 1, ridgeGrey: 0.34, noise: 0.05 },
  wet: { ...good, pressure: 0.55, sharpness: 1.1, roughness: 0.3, pores: 0.1, ridgeGrey: 0.14, valleyGrey: 0.72 },
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
};
