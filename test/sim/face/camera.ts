import type { FrameAnswer } from '../../../main/contract/biometrics.ts';
import { luma, rgbRaster, warp } from '../../../main/biometrics/face/raster.ts';
import type { CameraFrame, Rect, RgbImage } from '../../../main/contract/image.ts';
import { renderScene, type Scene } from './scene.ts';

const lumaWidthPx = 320;
const frameIntervalMs = 100;

/** A camera frame as the page makes it of a picture: luma of at most 320 pixels' width, and the crop asked for. */
export function cameraFrame(image: RgbImage, sequence: number, crop: Rect | null = null): CameraFrame {
  const scale = Math.max(1, image.widthPx / lumaWidthPx);
  const [widthPx, heightPx] = [Math.round(image.widthPx / scale), Math.round(image.heightPx / scale)];
  const small = warp(rgbRaster(image), { a: scale, b: 0, dx: 0, dy: 0 }, widthPx, heightPx);
  return {
    sequence,
    takenAtMs: sequence * frameIntervalMs,
    sourceWidthPx: image.widthPx,
    sourceHeightPx: image.heightPx,
    widthPx,
    heightPx,
    luma: luma(small),
    ...(crop && { crop: cut(image, crop) }),
  };
}

/** Whatever takes frames and answers them. */
export interface FrameTaker {
  offer(frame: CameraFrame): Promise<FrameAnswer>;
}

/** Films a scene into a capture until it wants no more or the frames are used up; gives every answer. */
export async function film(taker: FrameTaker, scene: Scene, frames: number, first = 0): Promise<FrameAnswer[]> {
  const answers: FrameAnswer[] = [];
  let crop: Rect | null = null;
  for (let index = first; index < first + frames; index++) {
    const answer: FrameAnswer = await taker.offer(cameraFrame(await renderScene(scene, index), index, crop));
    answers.push(answer);
    if (!answer.wanted) break;
    crop = answer.crop;
  }
  return answers;
}

function cut(image: RgbImage, rect: Rect): NonNullable<CameraFrame['crop']> {
  const left = Math.floor(rect.x * image.widthPx);
  const top = Math.floor(rect.y * image.heightPx);
  const widthPx = Math.max(1, Math.floor((rect.x + rect.width) * image.widthPx) - left);
  const heightPx = Math.max(1, Math.floor((rect.y + rect.height) * image.heightPx) - top);
  return {
    rect: {
      x: left / image.widthPx,
      y: top / image.heightPx,
      width: widthPx / image.widthPx,
      height: heightPx / image.heightPx,
    },
    image: warp(rgbRaster(image), { a: 1, b: 0, dx: left, dy: top }, widthPx, heightPx),
  };
}
