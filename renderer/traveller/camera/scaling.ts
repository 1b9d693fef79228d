import type { Rect } from '../../../main/contract/image.ts';

/** Width and height in pixels. */
export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A rectangle of whole pixels in a frame. */
export interface Area extends Size {
  readonly xPx: number;
  readonly yPx: number;
}

const lumaShortSidePx = 240;
const lumaLongSidePx = 640;
const lumaLeastPx = 16;
const cropLongSidePx = 384;

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** The size a frame's luma is sent in: its own shape, 240 px on the shorter side, within the bounds of CameraFrame. */
export function lumaSize(source: Size): Size {
  const short = Math.min(source.widthPx, source.heightPx);
  const scale = Math.min(1, lumaShortSidePx / short);
  const side = (px: number) => clamp(Math.round(px * scale), lumaLeastPx, lumaLongSidePx);
  return { widthPx: side(source.widthPx), heightPx: side(source.heightPx) };
}

function span(start: number, length: number, sidePx: number): { first: number; lengthPx: number } {
  const first = clamp(Math.floor((start * sidePx) / 2) * 2, 0, Math.floor((sidePx - 1) / 2) * 2);
  const end = clamp(Math.ceil((start + length) * sidePx), first + 1, sidePx);
  return { first, lengthPx: end - first };
}

/**
 * The pixels of a wanted rectangle: all it touches, at least one, inside the frame. It begins on even pixels because
 * chroma is sampled at every second one.
 */
export function cropArea(rect: Rect, source: Size): Area {
  const across = span(rect.x, rect.width, source.widthPx);
  const down = span(rect.y, rect.height, source.heightPx);
  return { xPx: across.first, yPx: down.first, widthPx: across.lengthPx, heightPx: down.lengthPx };
}

/** An area as fractions of its frame. */
export function fractions(area: Area, source: Size): Rect {
  return {
    x: area.xPx / source.widthPx,
    y: area.yPx / source.heightPx,
    width: area.widthPx / source.widthPx,
    height: area.heightPx / source.heightPx,
  };
}

/** The size a colour crop is sent in: at most 384 px on the longer side, never larger than it was. */
export function cropSize(area: Size): Size {
  const scale = Math.min(1, cropLongSidePx / Math.max(area.widthPx, area.heightPx));
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  return { widthPx: side(area.widthPx), heightPx: side(area.heightPx) };
}
