import { normal } from './random.ts';

/** The part of the finger that touches: an uneven oval, pixels at 500 dpi from the middle of the finger. */
export interface Outline {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** How far the rim departs from the oval, by two, three and four waves round. */
  readonly waves: readonly number[];
}

/** Draws an outline about these half axes; `rollPx` is how far its middle strays from the finger's. */
export function drawOutline(
  random: () => number,
  halfWidth: number,
  halfHeight: number,
  rollPx: number,
  uneven = 0.05,
): Outline {
  return {
    x: rollPx * normal(random),
    y: rollPx * normal(random),
    halfWidth: halfWidth * (1 + 0.06 * normal(random)),
    halfHeight: halfHeight * (1 + 0.06 * normal(random)),
    waves: Array.from({ length: 5 }, () => uneven * normal(random)),
  };
}

/** How far out a point of the finger lies: 0 in the middle, 1 on the rim. */
export function outwards({ x, y, halfWidth, halfHeight, waves }: Outline, fingerX: number, fingerY: number): number {
  const across = (fingerX - x) / halfWidth;
  const down = (fingerY - y) / halfHeight;
  const far = Math.sqrt(across * across + down * down);
  if (far < 0.5) return far;
  const c = across / far;
  const s = down / far;
  const twoC = c * c - s * s;
  const twoS = 2 * c * s;
  const [a = 0, b = 0, d = 0, e = 0, f = 0] = waves;
  const rim =
    1 + a * twoC + b * twoS + d * (twoC * c - twoS * s) + e * (twoS * c + twoC * s) + f * (twoC * twoC - twoS * twoS);
  return far / rim;
}
