import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { noise, seededRandom } from '../face/random.ts';

/** Writes a picture that lies still before a camera as a file for Chromium's fake camera: it differs by the sensor's noise only. */
export async function writePageFilm(file: string, jpeg: Uint8Array, frames = 8): Promise<void> {
  const { data, info } = await sharp(jpeg)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pictures: Buffer[] = [];
  for (let index = 0; index < frames; index++) {
    const random = seededRandom(index + 1);
    const grain = Float32Array.from({ length: 4099 }, () => noise(random));
    const pixels = Uint8ClampedArray.from(data, (value, at) => value + (grain[at % grain.length] ?? 0));
    const raw = { width: info.width, height: info.height, channels: 3 } as const;
    pictures.push(await sharp(Buffer.from(pixels.buffer), { raw }).jpeg({ quality: 92 }).toBuffer());
  }
  await writeFile(file, Buffer.concat(pictures));
}
