import { normal } from './random.ts';

/** A line in the skin or on the glass: its middle, direction and half length and width, pixels at 500 dpi. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly cosine: number;
  readonly sine: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  /** How far it bows aside at its ends. */
  readonly bow: number;
}

/** Draws a line somewhere about the middle, of about this length and width. */
export function drawMark(random: () => number, halfLength: number, halfWidth: number): Mark {
  const angle = Math.PI * random();
  return {
    x: 70 * normal(random),
    y: 90 * normal(random),
    cosine: Math.cos(angle),
    sine: Math.sin(angle),
    halfLength: halfLength * (0.5 + random()),
    halfWidth: halfWidth * (0.6 + 0.8 * random()),
    bow: 0.15 * halfLength * normal(random),
  };
}

/** The creases that a finger always has: none to four, thin. */
export function drawCreases(random: () => number): Mark[] {
  return Array.from({ length: Math.floor(5 * random() * random()) }, () => drawMark(random, 55, 1.4));
}

/** How much of any of the lines lies at a point: 1 on one. */
export function markedAt(marks: readonly Mark[], x: number, y: number): number {
  let most = 0;
  for (const mark of marks) {
    const dx = x - mark.x;
    const dy = y - mark.y;
    const along = (dx * mark.cosine + dy * mark.sine) / mark.halfLength;
    if (along < -1 || along > 1) continue;
    const across = Math.abs(dy * mark.cosine - dx * mark.sine - mark.bow * along * along);
    most = Math.max(most, Math.min(1, 1.5 - across / mark.halfWidth) * Math.min(1, 6 * (1 - Math.abs(along))));
  }
  return most;
}
