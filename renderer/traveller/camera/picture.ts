import type { CameraFrame, Rect } from '../../../main/contract/image.ts';
import { fullRange, lumaOf, type Raster, shrink } from './pixels.ts';
import { cropArea, cropSize, fractions, lumaSize, type Area, type Size } from './scaling.ts';

/** What is made of one camera frame before it is numbered and sent. */
export interface Picture extends Omit<CameraFrame, 'sequence'> {
  /** The whole frame as JPEG, where it was asked for. */
  readonly page?: Uint8Array<ArrayBuffer>;
}

function whole(size: Size): Area {
  return { xPx: 0, yPx: 0, widthPx: size.widthPx, heightPx: size.heightPx };
}

function assemble(source: Size, luma: Uint8Array, takenAtMs: number, crop: Picture['crop']): Picture {
  return {
    takenAtMs,
    sourceWidthPx: source.widthPx,
    sourceHeightPx: source.heightPx,
    ...lumaSize(source),
    luma,
    ...(crop && { crop }),
  };
}

function cut(rgba: Raster, area: Area, source: Size, within: Area): Picture['crop'] {
  const size = cropSize(area);
  return { rect: fractions(area, source), image: { ...size, pixels: shrink(rgba, within, size, 3) } };
}

/** A picture from RGBA pixels of the whole frame; `crop` is the rectangle wanted in colour. */
export function pictureOfRgba(rgba: Raster, crop: Rect | null, takenAtMs: number): Picture {
  const luma = lumaOf(shrink(rgba, whole(rgba), lumaSize(rgba), 3));
  const area = crop && cropArea(crop, rgba);
  return assemble(rgba, luma, takenAtMs, area ? cut(rgba, area, rgba, area) : undefined);
}

/** Memory used again from frame to frame, so that a stream of frames leaves no trail of copies behind. */
export class Scratch {
  #bytes = new Uint8Array(0);

  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < length) {
      this.wipe();
      this.#bytes = new Uint8Array(length);
    }
    return this.#bytes.subarray(0, length);
  }

  wipe(): void {
    this.#bytes.fill(0);
  }
}

const pageQuality = 0.92;

/** All of a frame, as JPEG. */
export async function pageOf(source: CanvasImageSource, { widthPx, heightPx }: Size): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  canvas.getContext('2d')?.drawImage(source, 0, 0, widthPx, heightPx);
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: pageQuality });
  canvas.width = canvas.height = 1;
  return new Uint8Array(await jpeg.arrayBuffer());
}

const planar = new Set<string | null>(['I420', 'I420A', 'I422', 'I444', 'NV12']);

async function copyRgba(frame: VideoFrame, area: Area, scratch: Scratch): Promise<Raster> {
  const visible = frame.visibleRect;
  const rect = {
    x: (visible?.x ?? 0) + area.xPx,
    y: (visible?.y ?? 0) + area.yPx,
    width: area.widthPx,
    height: area.heightPx,
  };
  const bytes = scratch.take(frame.allocationSize({ rect, format: 'RGBA' }));
  const [layout] = await frame.copyTo(bytes, { rect, format: 'RGBA' });
  const stride = layout?.stride ?? area.widthPx * 4;
  return { widthPx: area.widthPx, heightPx: area.heightPx, bytes, offset: layout?.offset ?? 0, stride, channels: 4 };
}

/** A picture from a video frame, which stays open. Luma is taken as the camera gave it where the format has a plane of it. */
export async function pictureOf(
  frame: VideoFrame,
  crop: Rect | null,
  takenAtMs: number,
  scratch: Scratch,
): Promise<Picture> {
  const visible = frame.visibleRect;
  const source = { widthPx: visible?.width ?? frame.codedWidth, heightPx: visible?.height ?? frame.codedHeight };
  if (!planar.has(frame.format)) return pictureOfRgba(await copyRgba(frame, whole(source), scratch), crop, takenAtMs);

  const bytes = scratch.take(frame.allocationSize());
  const [layout] = await frame.copyTo(bytes);
  const stride = layout?.stride ?? source.widthPx;
  const plane: Raster = { ...source, bytes, offset: layout?.offset ?? 0, stride, channels: 1 };
  const luma = shrink(plane, whole(source), lumaSize(source), 1);
  if (frame.colorSpace.fullRange !== true) fullRange(luma);
  if (!crop) return assemble(source, luma, takenAtMs, undefined);
  const area = cropArea(crop, source);
  return assemble(source, luma, takenAtMs, cut(await copyRgba(frame, area, scratch), area, source, whole(area)));
}
