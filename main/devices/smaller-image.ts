import type { GreyImage } from '../contract/image.ts';

/** The image made smaller by a whole factor, each pixel the mean of those it stands for, neither side above `mostPx`. */
export function smaller(image: GreyImage, mostPx: number): GreyImage {
  const factor = Math.max(1, Math.ceil(Math.max(image.widthPx, image.heightPx) / mostPx));
  const [widthPx, heightPx] = [Math.floor(image.widthPx / factor), Math.floor(image.heightPx / factor)];
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let row = 0; row < factor; row++) {
        const from = (y * factor + row) * image.widthPx + x * factor;
        for (let column = 0; column < factor; column++) sum += image.pixels[from + column]!;
      }
      pixels[y * widthPx + x] = Math.round(sum / factor ** 2);
    }
  }
  return { widthPx, heightPx, dpi: Math.round(image.dpi / factor), pixels };
}
