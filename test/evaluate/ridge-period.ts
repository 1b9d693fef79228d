import type { GreyImage } from '../../main/contract/image.ts';

const side = 64;
const slowest = 4;
const fastest = 13;

/** The ridge period of an image, pixels at 500 dpi: the median over windows whose spectrum has a clear ring; NaN without any. */
export function ridgePeriod({ pixels, widthPx, heightPx, dpi }: GreyImage): number {
  const found: number[] = [];
  for (let top = 0; top + side <= heightPx; top += side)
    for (let left = 0; left + side <= widthPx; left += side) {
      const period = windowPeriod(pixels, widthPx, left, top);
      if (period !== undefined) found.push((period * 500) / dpi);
    }
  return found.toSorted((a, b) => a - b)[found.length >> 1] ?? NaN;
}

/** By the strongest wave of a window and its neighbours in frequency; nothing where waves are weak or of all kinds. */
function windowPeriod(pixels: Uint8Array, widthPx: number, left: number, top: number): number | undefined {
  const span = 2 * fastest + 1;
  const power = new Float64Array(span * (fastest + 1));
  const acrossRe = new Float64Array(side * span);
  const acrossIm = new Float64Array(side * span);
  for (let y = 0; y < side; y++)
    for (let u = -fastest; u <= fastest; u++)
      for (let x = 0; x < side; x++) {
        const value = (pixels[(top + y) * widthPx + left + x] ?? 0) * hump[x]! * hump[y]!;
        acrossRe[y * span + u + fastest]! += value * wave(u * x);
        acrossIm[y * span + u + fastest]! += value * wave(u * x + side / 4);
      }
  let [best, total] = [0, 0];
  for (let v = 0; v <= fastest; v++)
    for (let u = -fastest; u <= fastest; u++) {
      const radius = Math.hypot(u, v);
      if (radius < slowest || radius > fastest) continue;
      let [re, im] = [0, 0];
      for (let y = 0; y < side; y++) {
        const [c, s] = [wave(v * y), wave(v * y + side / 4)];
        const [a, b] = [acrossRe[y * span + u + fastest]!, acrossIm[y * span + u + fastest]!];
        re += a * c - b * s;
        im += a * s + b * c;
      }
      const at = v * span + u + fastest;
      power[at] = re * re + im * im;
      total += power[at];
      if (power[at] > power[best]!) best = at;
    }
  let [sum, weighted] = [0, 0];
  const [u0, v0] = [(best % span) - fastest, Math.floor(best / span)];
  for (let v = Math.max(0, v0 - 1); v <= Math.min(fastest, v0 + 1); v++)
    for (let u = Math.max(-fastest, u0 - 1); u <= Math.min(fastest, u0 + 1); u++) {
      sum += power[v * span + u + fastest]!;
      weighted += power[v * span + u + fastest]! * Math.hypot(u, v);
    }
  if (sum < 0.5 * total || total < 1e9) return undefined;
  return (side * sum) / weighted;
}

const cosines = Float64Array.from({ length: side }, (_, i) => Math.cos((2 * Math.PI * i) / side));
const hump = Float64Array.from({ length: side }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side));

function wave(step: number): number {
  return cosines[step & (side - 1)]!;
}
