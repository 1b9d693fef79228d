import { knotColumns, knotPx, type Pattern } from './pattern.ts';

/**
 * Ridge directions of a finger on a raster: cosine and sine of twice the angle, y down. The first sample lies half a
 * spacing from the corner of the finger, whose middle is 0, 0.
 */
export interface Flow {
  readonly spacingPx: number;
  readonly columns: number;
  readonly rows: number;
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
}

/** A finger's whole skin, pixels at 500 dpi. */
export const fingerWidthPx = 416;
export const fingerHeightPx = 560;

/**
 * Lays a pattern out. Twice the ridge angle is the sum of the angles about the cores less those about the deltas
 * (Sherlock and Monro 1993: a quotient of complex products, so no arc tangent is taken), each angle corrected by a smooth
 * periodic function of itself (after Vizcaya and Gerhardt 1996, who correct by straight pieces), plus a bend that wraps
 * ridges round the tip and the finger's own slow deviations.
 */
export function layFlow(pattern: Pattern, spacingPx: number): Flow {
  const columns = Math.ceil(fingerWidthPx / spacingPx);
  const rows = Math.ceil(fingerHeightPx / spacingPx);
  const cosine = new Float32Array(columns * rows).fill(1);
  const sine = new Float32Array(columns * rows);
  const height = pattern.cores[0]?.y ?? 20;
  for (let row = 0; row < rows; row++) {
    const y = fingerHeightPx / 2 - (row + 0.5) * spacingPx;
    const rising = (y - height + 40) / 60;
    const above = 0.5 + (0.5 * rising) / Math.sqrt(1 + rising * rising);
    const hill = pattern.rise ? pattern.rise * Math.exp(-(((y + 10) / 110) ** 2)) : 0;
    // The skin is an oval; a little beyond it, so that what lies on its rim has neighbours.
    const reach = fingerWidthPx * Math.sqrt(Math.max(0, 0.3 - (y / fingerHeightPx) ** 2)) + spacingPx;
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * spacingPx - fingerWidthPx / 2;
      if (x < -reach || x > reach) continue;
      const across = Math.max(-1.2, Math.min(1.2, x / 190));
      let turn = -2 * pattern.bend * above * across * Math.sqrt(Math.abs(across)) + 2 * swayAt(pattern, x, y);
      if (hill) turn -= 2 * hill * Math.sin(Math.PI * across) * Math.exp(-across * across);
      let re = 1;
      let im = 0;
      for (const core of pattern.cores) {
        const dx = x - core.x;
        const dy = y - core.y;
        const inverse = 1 / Math.sqrt(dx * dx + dy * dy + 1e-6);
        const c = dx * inverse;
        const s = dy * inverse;
        turn += s * c * (core.pull * (1 - s) + core.twist);
        const was = re;
        re = re * c - im * s;
        im = was * s + im * c;
      }
      for (const delta of pattern.deltas) {
        const dx = x - delta.x;
        const dy = y - delta.y;
        const inverse = 1 / Math.sqrt(dx * dx + dy * dy + 1e-6);
        const c = dx * inverse;
        const s = dy * inverse;
        turn -= s * c * (delta.pull * (1 - s) + delta.twist);
        const was = re;
        re = re * c + im * s;
        im = im * c - was * s;
      }
      const c = Math.cos(turn);
      const s = Math.sin(turn);
      const at = row * columns + column;
      cosine[at] = re * c - im * s;
      sine[at] = -(re * s + im * c);
    }
  }
  return { spacingPx, columns, rows, cosine, sine };
}

function swayAt({ sway }: Pattern, x: number, y: number): number {
  const across = (x + fingerWidthPx / 2) / knotPx + 0.5;
  const down = (y + fingerHeightPx / 2) / knotPx + 0.5;
  const left = Math.floor(across);
  const top = Math.floor(down);
  const wx = ease(across - left);
  const wy = ease(down - top);
  const at = top * knotColumns + left;
  const first = sway[at] ?? 0;
  const third = sway[at + knotColumns] ?? 0;
  const upper = first + wx * ((sway[at + 1] ?? 0) - first);
  const lower = third + wx * ((sway[at + knotColumns + 1] ?? 0) - third);
  return upper + wy * (lower - upper);
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

/** The angle of ridges (radians, y down, of half a turn) at a point of the finger, between the samples of a flow. */
export function directionAt(flow: Flow, x: number, y: number): number {
  const { spacingPx, columns, rows, cosine, sine } = flow;
  const across = Math.max(0, Math.min(columns - 1.001, (x + fingerWidthPx / 2) / spacingPx - 0.5));
  const down = Math.max(0, Math.min(rows - 1.001, (y + fingerHeightPx / 2) / spacingPx - 0.5));
  const left = across | 0;
  const top = down | 0;
  const wx = across - left;
  const wy = down - top;
  const at = top * columns + left;
  const a = (1 - wx) * (1 - wy);
  const b = wx * (1 - wy);
  const c = (1 - wx) * wy;
  const d = wx * wy;
  const below = at + columns;
  return (
    Math.atan2(
      a * sine[at]! + b * sine[at + 1]! + c * sine[below]! + d * sine[below + 1]!,
      a * cosine[at]! + b * cosine[at + 1]! + c * cosine[below]! + d * cosine[below + 1]!,
    ) / 2
  );
}
