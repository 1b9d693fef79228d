import { Fault } from '../../contract/fault.ts';
import type { Plane } from './plane.ts';

/** A picture of a document's page or of its zone alone: one byte (grey) or three (R, G, B) a pixel, row by row. */
export interface PageImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

const minSidePx = 24;
const maxSidePx = 8192;
const maxPixels = 40_000_000;

/** The picture's luma (ITU-R BT.601). Fault: `image.malformed` for sides outside 24 to 8192 pixels, or bytes that do not fit. */
export function greyOf({ widthPx, heightPx, channels, pixels }: PageImage): Plane {
  const sound = [widthPx, heightPx].every((side) => Number.isInteger(side) && side >= minSidePx && side <= maxSidePx);
  if (!sound || widthPx * heightPx > maxPixels) throw new Fault('image.malformed', `${widthPx} x ${heightPx} pixels`);
  if (channels !== 1 && channels !== 3) throw new Fault('image.malformed', 'neither grey nor colour');
  if (!(pixels instanceof Uint8Array) || pixels.length !== widthPx * heightPx * channels) {
    throw new Fault('image.malformed', 'pixels do not fit the size');
  }
  if (channels === 1) return { widthPx, heightPx, values: pixels };
  const values = new Uint8Array(widthPx * heightPx);
  for (let index = 0, at = 0; index < values.length; index++, at += 3) {
    values[index] = (77 * pixels[at]! + 150 * pixels[at + 1]! + 29 * pixels[at + 2]! + 128) >> 8;
  }
  return { widthPx, heightPx, values };
}
