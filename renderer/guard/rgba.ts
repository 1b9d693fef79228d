import type { RgbImage } from '../../main/contract/image.ts';

/** The pixels with an opaque alpha, as a canvas takes them. */
export function rgbaOf(image: RgbImage): Uint8ClampedArray<ArrayBuffer> {
  const count = image.widthPx * image.heightPx;
  const rgba = new Uint8ClampedArray(count * 4);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) rgba[i * 4 + channel] = image.pixels[i * 3 + channel] ?? 0;
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}
