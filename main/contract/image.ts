import * as z from 'zod';
import { Bytes } from './bytes.ts';

/** A grey image as a sensor gives it: one byte a pixel, row by row, 0 = black. */
export interface GreyImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pixels per inch at the subject. */
  readonly dpi: number;
  readonly pixels: Uint8Array;
}

/** A colour image: three bytes a pixel (R, G, B), row by row. */
export interface RgbImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Uint8Array;
}

const side = z.int().min(1).max(2048);

/** A colour image off a wire; refused when its bytes do not fit its size. */
export const RgbImage = z
  .strictObject({ widthPx: side, heightPx: side, pixels: Bytes })
  .refine((image) => image.pixels.length === image.widthPx * image.heightPx * 3, 'pixels do not fit the size');

const fraction = z.number().min(0).max(1);

/** A rectangle as fractions of the frame it lies in: 0,0 is the top left corner, 1,1 the bottom right. */
export const Rect = z.strictObject({ x: fraction, y: fraction, width: fraction, height: fraction });
export type Rect = z.infer<typeof Rect>;

/** A camera frame for detection: its luma scaled down and, where the core asked for one, a colour crop of the full frame. */
export const CameraFrame = z
  .strictObject({
    /** Counts up by one for each frame the page takes. */
    sequence: z.int().nonnegative(),
    /** Milliseconds on the page's monotonic clock. */
    takenAtMs: z.number().nonnegative(),
    /** Size of the camera's own frame, before scaling. */
    sourceWidthPx: z.int().min(1).max(8192),
    sourceHeightPx: z.int().min(1).max(8192),
    widthPx: z.int().min(16).max(640),
    heightPx: z.int().min(16).max(640),
    /** One byte a pixel, row by row. */
    luma: Bytes,
    crop: z.strictObject({ rect: Rect, image: RgbImage }).optional(),
  })
  .refine((frame) => frame.luma.length === frame.widthPx * frame.heightPx, 'luma does not fit the size');
export type CameraFrame = z.infer<typeof CameraFrame>;
