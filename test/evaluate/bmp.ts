import type { FileImage } from './finger-image.ts';

const metresPerInch = 0.0254;

/**
 * Decodes an uncompressed Windows bitmap of 8 bits (palette), 24 or 32 bits a pixel, bottom row first or top row first, to
 * grey. Throws a RangeError when it is cut short or of another kind.
 */
export function decodeBmp(bytes: Uint8Array): FileImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixelsAt = view.getUint32(10, true);
  const headerLength = view.getUint32(14, true);
  const widthPx = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const perMetre = view.getInt32(38, true);
  const colours = view.getUint32(46, true) || 256;
  const heightPx = Math.abs(signedHeight);
  if (headerLength < 40 || compression !== 0 || ![8, 24, 32].includes(bits) || widthPx < 1 || heightPx < 1)
    throw new RangeError('not an uncompressed bitmap of 8, 24 or 32 bits a pixel');
  const rowLength = Math.ceil((widthPx * bits) / 32) * 4;
  if (pixelsAt + rowLength * heightPx > bytes.length) throw new RangeError('the bitmap is cut short');

  const greyAt = (at: number): number =>
    Math.round(0.114 * view.getUint8(at) + 0.587 * view.getUint8(at + 1) + 0.299 * view.getUint8(at + 2));
  const palette = bits === 8 ? Uint8Array.from({ length: colours }, (_, i) => greyAt(14 + headerLength + 4 * i)) : [];
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    const from = pixelsAt + rowLength * (signedHeight < 0 ? row : heightPx - 1 - row);
    for (let column = 0; column < widthPx; column++)
      pixels[row * widthPx + column] =
        bits === 8 ? (palette[view.getUint8(from + column)] ?? 0) : greyAt(from + (column * bits) / 8);
  }
  const dpi = Math.round(perMetre * metresPerInch);
  return dpi > 0 ? { widthPx, heightPx, pixels, dpi } : { widthPx, heightPx, pixels };
}
