import sharp from 'sharp';
import type { RgbImage } from '../../../main/contract/image.ts';
import { encodeJpeg2000 } from './jpeg2000.ts';
import { noise, seededRandom } from './random.ts';

/** What a document does to a portrait. The picture comes out encoded, as a chip or a scanner gives it. */
export type PortraitLook = (image: RgbImage) => Promise<Uint8Array>;

const picture = ({ widthPx, heightPx, pixels }: RgbImage) =>
  sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } });

const grain: PortraitLook = async (image) => {
  const random = seededRandom(1);
  const soft = await picture(image).blur(1).modulate({ saturation: 0.5 }).linear(0.75, 30).raw().toBuffer();
  const pixels = Uint8ClampedArray.from(soft, (value) => value + 6 * noise(random));
  const scanned = picture({ ...image, pixels: new Uint8Array(pixels.buffer) });
  return scanned.jpeg({ quality: 60 }).toBuffer();
};

/** The looks that portraits are compared in. */
export const portraitLooks: Readonly<Record<string, PortraitLook>> = {
  'JPEG of quality 20': (image) => picture(image).jpeg({ quality: 20 }).toBuffer(),
  'JPEG 2000 at a fortieth': (image) => encodeJpeg2000(image, true, 40),
  'half the size': (image) =>
    picture(image)
      .resize(Math.round(image.widthPx / 2))
      .jpeg({ quality: 75 })
      .toBuffer(),
  'printed and scanned': grain,
};
