import { native } from '../../../native/native.ts';
import type { GreyImage } from '../../contract/image.ts';
import { typed } from './native-fault.ts';

/** A grey image out of a WSQ file; `dpi` is there when the file's NIST comment tells it. */
export type WsqImage = Omit<GreyImage, 'dpi'> & { readonly dpi?: number };

/** The rate of the specification that compresses a print to about a fifteenth. */
export const usualWsqBitsPerPixel = 0.75;

/**
 * Decodes an image of up to 4000 x 4000 pixels that was compressed by the WSQ Gray-Scale Fingerprint Image Compression
 * Specification (IAFIS-IC-0110 V3.1), on the thread pool. Faults: `image.malformed`.
 */
export async function decodeWsq(bytes: Uint8Array): Promise<WsqImage> {
  const { dpi, ...image } = await typed(native().decodeWsq(bytes));
  return dpi > 0 ? { ...image, dpi } : image;
}

/**
 * Encodes an image of up to 4000 x 4000 pixels by the same specification, on the thread pool, its resolution in a NIST
 * comment. `bitsPerPixel`, over 0 and up to 8, is the specification's target rate r; what a print comes to is about 0.7 of
 * it, less where much of the image is blank. Faults: `image.malformed`.
 */
export function encodeWsq(
  image: WsqImage,
  options: { readonly bitsPerPixel: number } = { bitsPerPixel: usualWsqBitsPerPixel },
): Promise<Uint8Array> {
  const { pixels, widthPx, heightPx, dpi = 0 } = image;
  return typed(native().encodeWsq(pixels, widthPx, heightPx, dpi, options.bitsPerPixel));
}
