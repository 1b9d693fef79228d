import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decodeWsq } from '../../main/biometrics/finger/wsq.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { decodeBmp } from './bmp.ts';

const usualDpi = 500;

/** The names of images that can be read: `<finger>_<impression>` and one of these. */
export const fingerImageName = /^\d+_\d+\.(png|wsq|bmp|tiff?)$/;

/** A finger's image without its resolution, where the file does not tell it. */
export type FileImage = Omit<GreyImage, 'dpi'> & { readonly dpi?: number };

/**
 * Reads an image of a finger: WSQ, BMP, or what sharp reads. The resolution is `dpi` where that is given, else what the
 * file tells (PNG pHYs, BMP pixels a metre, the NIST comment of WSQ), else 500 dpi. Throws when the file is no such image.
 */
export async function readFingerImage(path: string, dpi?: number): Promise<GreyImage> {
  const image = await decode(await readFile(path));
  return { ...image, dpi: dpi ?? image.dpi ?? usualDpi };
}

function decode(bytes: Uint8Array): Promise<FileImage> | FileImage {
  if (bytes[0] === 0xff && bytes[1] === 0xa0) return decodeWsq(bytes);
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) return decodeBmp(bytes);
  return decodeOther(bytes);
}

async function decodeOther(bytes: Uint8Array): Promise<FileImage> {
  const source = sharp(bytes);
  // 72 is what stands in files, and in sharp's answer, when nobody said anything.
  const { density } = await source.metadata();
  const { data, info } = await source.greyscale().raw().toBuffer({ resolveWithObject: true });
  const image = { widthPx: info.width, heightPx: info.height, pixels: new Uint8Array(data) };
  return density === undefined || density === 72 ? image : { ...image, dpi: Math.round(density) };
}
