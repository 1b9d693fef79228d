import type { Area, Size } from './scaling.ts';

/** Pixels in memory: `channels` bytes each, the first at `offset`, `stride` bytes from row to row. */
export interface Raster extends Size {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly channels: number;
}

/** The first and the one-past-last source index that fall on each target index; never empty. */
function spans(from: number, length: number, target: number): Uint32Array {
  const edges = new Uint32Array(target * 2);
  for (let i = 0; i < target; i++) {
    const first = Math.floor((i * length) / target);
    edges[i * 2] = from + first;
    edges[i * 2 + 1] = from + Math.max(first + 1, Math.floor(((i + 1) * length) / target));
  }
  return edges;
}

/**
 * Scales an area of a raster by averaging, keeping the first `keep` channels. The area lies inside the raster; a
 * target larger than the area repeats pixels.
 */
export function shrink(raster: Raster, area: Area, target: Size, keep: number): Uint8Array {
  const { bytes, offset, stride, channels } = raster;
  const out = new Uint8Array(target.widthPx * target.heightPx * keep);
  const across = spans(area.xPx, area.widthPx, target.widthPx);
  const down = spans(area.yPx, area.heightPx, target.heightPx);
  let at = 0;
  for (let row = 0; row < target.heightPx; row++) {
    const top = down[row * 2] ?? 0;
    const bottom = down[row * 2 + 1] ?? 0;
    for (let column = 0; column < target.widthPx; column++) {
      const left = across[column * 2] ?? 0;
      const right = across[column * 2 + 1] ?? 0;
      const count = (bottom - top) * (right - left);
      for (let channel = 0; channel < keep; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          const line = offset + y * stride + channel;
          for (let x = left; x < right; x++) sum += bytes[line + x * channels] ?? 0;
        }
        out[at++] = Math.round(sum / count);
      }
    }
  }
  return out;
}

/** Spreads video-range luma (16 to 235, ITU-R BT.601) over 0 to 255, in place. */
export function fullRange(luma: Uint8Array): Uint8Array {
  for (let i = 0; i < luma.length; i++) {
    luma[i] = Math.min(255, Math.max(0, Math.round((((luma[i] ?? 0) - 16) * 255) / 219)));
  }
  return luma;
}

/** Luma of packed RGB by the weights of ITU-R BT.601. */
export function lumaOf(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < luma.length; i++) {
    const r = rgb[i * 3] ?? 0;
    const g = rgb[i * 3 + 1] ?? 0;
    const b = rgb[i * 3 + 2] ?? 0;
    luma[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return luma;
}
