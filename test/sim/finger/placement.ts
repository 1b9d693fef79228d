import { normal } from './random.ts';

/**
 * How a finger came to lie on the glass: turned, shifted, and its skin pulled. Points are pixels at 500 dpi from the middle
 * of the glass or of the finger, y down.
 */
export interface Placement {
  readonly turn: number;
  readonly cosine: number;
  readonly sine: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly slip: Slip;
}

/**
 * Plastic distortion after Cappelli, Maio and Maltoni (2001): skin that sticks to the glass stays (an oval), skin far from
 * it follows the finger's bone, which moves and turns, and skin between is braked.
 */
interface Slip {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly plasticity: number;
  readonly dx: number;
  readonly dy: number;
  readonly turn: number;
}

/** Draws a placement. `wanderPx` and `turn` are deviations, `pullPx` that of the skin. */
export function drawPlacement(random: () => number, wanderPx: number, turn: number, pullPx: number): Placement {
  const angle = turn * normal(random);
  return {
    turn: angle,
    cosine: Math.cos(angle),
    sine: Math.sin(angle),
    shiftX: wanderPx * normal(random),
    shiftY: wanderPx * normal(random),
    slip: {
      x: 40 * normal(random),
      y: 50 * normal(random),
      halfWidth: 45 + 35 * random(),
      halfHeight: 60 + 45 * random(),
      plasticity: 1.4 + 1.4 * random(),
      dx: pullPx * normal(random),
      dy: pullPx * normal(random),
      turn: (pullPx / 150) * normal(random),
    },
  };
}

/** Where on the finger a point of the glass lies; x and y are put into `out`. */
export function toFinger(placement: Placement, x: number, y: number, out: Float64Array): void {
  const { cosine, sine, slip } = placement;
  const glassX = x - placement.shiftX;
  const glassY = y - placement.shiftY;
  const boneX = cosine * glassX + sine * glassY;
  const boneY = cosine * glassY - sine * glassX;
  const fromX = boneX - slip.x;
  const fromY = boneY - slip.y;
  const across = fromX / slip.halfWidth;
  const down = fromY / slip.halfHeight;
  const square = across * across + down * down;
  out[0] = boneX;
  out[1] = boneY;
  if (square <= 1) return;
  const far = Math.min(1, (Math.sqrt(square) - 1) / slip.plasticity);
  const free = far * far * (3 - 2 * far);
  out[0] = boneX + free * (slip.dx - slip.turn * fromY);
  out[1] = boneY + free * (slip.dy + slip.turn * fromX);
}

/** Where on the glass a point of the finger lies: the inverse, to a fraction of a pixel. */
export function toGlass(placement: Placement, x: number, y: number, out: Float64Array): void {
  const { cosine, sine, shiftX, shiftY } = placement;
  let boneX = x;
  let boneY = y;
  for (let round = 0; round < 3; round++) {
    const glassX = cosine * boneX - sine * boneY + shiftX;
    const glassY = sine * boneX + cosine * boneY + shiftY;
    toFinger(placement, glassX, glassY, out);
    boneX += x - (out[0] ?? 0);
    boneY += y - (out[1] ?? 0);
  }
  out[0] = cosine * boneX - sine * boneY + shiftX;
  out[1] = sine * boneX + cosine * boneY + shiftY;
}

/** A direction on the finger as it lies at a point of the glass, radians, y down. */
export function directionOnGlass(
  placement: Placement,
  x: number,
  y: number,
  directionAt: (x: number, y: number) => number,
  out: Float64Array,
): number {
  toFinger(placement, x, y, out);
  const [fromX = 0, fromY = 0] = out;
  toFinger(placement, x + 1, y, out);
  const xx = (out[0] ?? 0) - fromX;
  const xy = (out[1] ?? 0) - fromY;
  toFinger(placement, x, y + 1, out);
  const yx = (out[0] ?? 0) - fromX;
  const yy = (out[1] ?? 0) - fromY;
  const angle = directionAt(fromX, fromY);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return Math.atan2(xx * s - xy * c, yy * c - yx * s);
}
