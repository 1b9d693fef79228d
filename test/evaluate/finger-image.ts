import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decodeWsq } from '../../main/biometrics/finger/wsq.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { decodeBmp } from './bmp.ts';

const usualDpi = 500;
/** Files say 72 or 96 dpi when nobody said anything: what no scanner of fingers has is not believed. */
const leastDpi = 250;
const mostDpi = 1000;

/** The names of images that can be read: `<finger>_<impression>` and one of these. */
export const fingerImageName = /^\d+_\d+\.(png|wsq|bmp|tiff?)$/;

/** A finger's image without its resolution, where the file does not tell it. */
export type FileImage = Omit<GreyImage, 'dpi'> & { readonly dpi?: number };

/**
 * Reads an image of a finger: WSQ, BMP, or what sharp reads. The resolution is `dpi` where that is given, else what the
 * file tells (PNG pHYs, BMP pixels a metre, the NIST comment of WSQ), else 500 dpi. Throws when the file is no such image.
 */
export async function readFingerImage(path: string, dpi?: number): Promise<GreyImage> {
  const { dpi: told = 0, ...image } = await decode(await readFile(path));
  return { ...image, dpi: dpi ?? (told >= leastDpi && told <= mostDpi ? told : usualDpi) };
}

function decode(bytes: Uint8Array): Promise<FileImage> | FileImage {
  if (bytes[0] === 0xff && bytes[1] === 0xa0) return decodeWsq(bytes);
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) return decodeBmp(bytes);
  return decodeOther(bytes);
}

async function decodeOther(bytes: Uint8Array): Promise<FileImage> {
  const source = sharp(bytes);
  const { density } = await source.metadata();
  const { data, info } = await source.greyscale().raw().toBuffer({ resolveWithObject: true });
  const image = { widthPx: info.width, heightPx: info.height, pixels: new Uint8Array(data) };
  return density === undefined ? image : { ...image, dpi: Math.round(density) };
}
