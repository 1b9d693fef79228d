import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { findFingers } from '../../main/biometrics/finger/slap.ts';
import { drawSlap } from '../sim/finger/draw-slap.ts';
import { slapConditions } from '../sim/finger/slap-condition.ts';

const [tileWidth, tileHeight] = [240, 225];
const columns = 4;
const persons = 40;

/** Draws a slap of each condition with the boxes of the fingers found into a folder, as `slaps.png`, for docs/fingerprint.md. */
export async function evaluate([dir = '']: readonly string[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const tiles = await Promise.all(
    slapConditions.map(async (condition, at) => {
      const { image } = drawSlap({ person: persons + at, impression: 1, hand: at % 2 ? 'left' : 'right', condition });
      const { widthPx: width, heightPx: height } = image;
      const boxes = findFingers(image).fingers.map(({ box }) => {
        const [x, y] = [-box.widthPx / 2, -box.heightPx / 2];
        const turn = `translate(${box.centreX} ${box.centreY}) rotate(${(box.angle * 180) / Math.PI})`;
        return `<rect x="${x}" y="${y}" width="${box.widthPx}" height="${box.heightPx}" transform="${turn}"/>`;
      });
      const marks = `<svg width="${width}" height="${height}" fill="none" stroke="#d00" stroke-width="8">${boxes.join('')}</svg>`;
      const marked = await sharp(image.pixels, { raw: { width, height, channels: 1 } })
        .toColourspace('srgb')
        .composite([{ input: Buffer.from(marks) }])
        .png()
        .toBuffer();
      const input = await sharp(marked).resize(tileWidth, tileHeight).toBuffer();
      return { input, left: (at % columns) * tileWidth, top: Math.floor(at / columns) * tileHeight };
    }),
  );
  const height = tileHeight * Math.ceil(slapConditions.length / columns);
  await sharp({ create: { width: tileWidth * columns, height, channels: 3, background: 'white' } })
    .composite(tiles)
    .png({ palette: true, colours: 16 })
    .toFile(join(dir, 'slaps.png'));
}
