import type { Plane } from './plane.ts';

/** The box about a character's middle that is compared, in pixels of a line 48 pixels high. */
const box = { left: -10, right: 10, top: 9, bottom: 39 };
/** A step of the network is eight pixels: so far may a character lie from the middle of its step, on either side. */
const shifts = [-8, -6, -4, -2, 0, 2, 4, 6, 8];
/** How many of the fillers that are sure a character is compared with. */
const samples = 6;
/** From this correlation on it is one. */
const leastAlike = 0.5;

/**
 * Whether a line's picture shows about a column what it shows about one of those of sure filler: so filler that the
 * network passed over is told from what lies on the page.
 */
export function looksLikeFiller(line: Plane, column: number, fillers: readonly number[]): boolean {
  const every = Math.max(1, Math.ceil(fillers.length / samples));
  const known = fillers.filter((_, index) => index % every === 0).map((filler) => patchAt(line, filler));
  return shifts.some((shift) => {
    const patch = patchAt(line, column + shift);
    return known.some((one) => alike(one, patch) >= leastAlike);
  });
}

/** The picture about a column, its mean taken off, of length one; all zeros where it is plain. */
function patchAt({ widthPx, values }: Plane, column: number): Float32Array {
  const wide = box.right - box.left;
  const patch = new Float32Array(wide * (box.bottom - box.top));
  let sum = 0;
  for (let at = 0; at < patch.length; at++) {
    const x = Math.min(widthPx - 1, Math.max(0, Math.round(column) + box.left + (at % wide)));
    sum += patch[at] = values[(box.top + Math.floor(at / wide)) * widthPx + x]!;
  }
  const mean = sum / patch.length;
  const norm = Math.sqrt(patch.reduce((total, value) => total + (value - mean) ** 2, 0));
  return patch.map((value) => (norm > 0 ? (value - mean) / norm : 0));
}

function alike(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * other[at]!, 0);
}
