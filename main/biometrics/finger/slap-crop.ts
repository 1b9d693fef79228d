import type { GreyImage } from '../../contract/image.ts';

/** A box that is turned about its middle: pixels, y down; radians clockwise. */
export interface TurnedBox {
  readonly centreX: number;
  readonly centreY: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly angle: number;
}

/** What lies in a turned box, set upright, through interpolation of the four nearest pixels; `beyond` is the grey outside. */
export function cropUpright(image: GreyImage, box: TurnedBox, beyond: number): GreyImage {
  const widthPx = Math.max(1, Math.round(box.widthPx));
  const heightPx = Math.max(1, Math.round(box.heightPx));
  const pixels = new Uint8Array(widthPx * heightPx);
  const cosine = Math.cos(box.angle);
  const sine = Math.sin(box.angle);
  const from = image.pixels;
  const across = image.widthPx;
  for (let row = 0, at = 0; row < heightPx; row++) {
    const v = row - (heightPx - 1) / 2;
    let x = box.centreX - cosine * ((widthPx - 1) / 2) - sine * v;
    let y = box.centreY - sine * ((widthPx - 1) / 2) + cosine * v;
    for (let column = 0; column < widthPx; column++, at++, x += cosine, y += sine) {
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < 0 || top < 0 || left + 1 >= across || top + 1 >= image.heightPx) {
        pixels[at] = beyond;
        continue;
      }
      const corner = top * across + left;
      const shareX = x - left;
      const upper = from[corner]! + shareX * (from[corner + 1]! - from[corner]!);
      const lower = from[corner + across]! + shareX * (from[corner + across + 1]! - from[corner + across]!);
      pixels[at] = upper + (y - top) * (lower - upper) + 0.5;
    }
  }
  return { widthPx, heightPx, dpi: image.dpi, pixels };
}
