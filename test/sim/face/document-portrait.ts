import sharp from 'sharp';
import { fitSimilarity, warp } from '../../../main/biometrics/face/raster.ts';
import type { RgbImage } from '../../../main/contract/image.ts';
import { type Person, photograph } from './people.ts';
import { noise, seededRandom } from './random.ts';

const widthPx = 240;
const heightPx = 320;

/** The person as a document shows them, before it is encoded: printed, faded, scanned. */
export async function portraitImage(person: Person, seed: number): Promise<RgbImage> {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  const middle = { x: widthPx * between(0.48, 0.52), y: heightPx * between(0.43, 0.47) };
  const half = (widthPx * between(0.25, 0.28)) / 2;
  const slope = half * between(-0.04, 0.04);
  const eyes = [
    { x: middle.x - half, y: middle.y - slope },
    { x: middle.x + half, y: middle.y + slope },
  ];
  const portrait = warp(await photograph(person), fitSimilarity(eyes, person.eyes), widthPx, heightPx);
  const printed = await sharp(portrait.pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .blur(between(0.6, 1))
    .modulate({ saturation: between(0.6, 0.9) })
    .linear(between(0.8, 0.95), between(8, 20))
    .raw()
    .toBuffer();
  const scanned = Uint8ClampedArray.from(printed, (value) => value + 3 * noise(random));
  return { widthPx, heightPx, pixels: new Uint8Array(scanned.buffer) };
}

/** The person's portrait as a chip holds it: JPEG, 240 x 320 pixels. */
export async function documentPortrait(person: Person, seed: number): Promise<Uint8Array> {
  const { pixels } = await portraitImage(person, seed);
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  return new Uint8Array(await sharp(pixels, { raw }).jpeg({ quality: 75 }).toBuffer());
}
