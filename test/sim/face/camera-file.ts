import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { renderScene, type Scene } from './scene.ts';

/**
 * Writes a scene as a film for Chromium's `--use-file-for-fake-video-capture`, which loops it: JPEG pictures one after
 * another. The file's name has to end in `.mjpeg`. The motion's period is the film, so that the loop has no seam.
 */
export async function writeCameraFile(file: string, scene: Scene, frames = 60): Promise<void> {
  const pictures: Buffer[] = [];
  for (let index = 0; index < frames; index++) {
    const { widthPx, heightPx, pixels } = await renderScene({ ...scene, period: frames }, index);
    const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
    pictures.push(await sharp(pixels, { raw }).jpeg({ quality: 88, chromaSubsampling: '4:2:0' }).toBuffer());
  }
  await writeFile(file, Buffer.concat(pictures));
}
