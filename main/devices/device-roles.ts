import * as z from 'zod';

const id = z.int().min(0).max(0xffff);

/** Which HID device fills a role: all that is given must fit. Without anything, whatever declares the right usage. */
export const HidMatch = z.strictObject({
  usagePage: id.optional(),
  usage: id.optional(),
  vendorId: id.optional(),
  productId: id.optional(),
  serial: z.string().max(64).optional(),
});
export type HidMatch = z.infer<typeof HidMatch>;

/** Which serial device fills a role: all that is given must fit; a path alone need not be listed. */
export const ByteMatch = z.strictObject({
  path: z.string().min(1).max(256).optional(),
  vendorId: id.optional(),
  productId: id.optional(),
  serial: z.string().max(64).optional(),
  /** Bits per second. USB devices do not care. */
  baud: z.int().min(300).max(4_000_000).default(115_200),
});
export type ByteMatch = z.infer<typeof ByteMatch>;

/** Which role is filled by what; a role that is not named is never filled and not shown. */
export const DeviceRoles = z.strictObject({
  fingerScanner: HidMatch.extend({
    /** Days from one calibration to the next; an older one is warned of. Without it none is. */
    calibrationDays: z.int().min(1).max(3650).optional(),
    settings: z
      .strictObject({
        /** 1 to 100; 0 lets the device choose. */
        gainPercent: z.int().min(0).max(100).default(0),
        /** Seconds without a command until its light goes out; 0 = never. */
        sleepAfterSeconds: z.int().min(0).max(65_535).default(0),
        /** Own quality, 1 to 100, from which the device captures by itself; 0 lets it choose. */
        captureQualityPercent: z.int().min(0).max(100).default(0),
        /** Whether the device tells of fingers outside of captures. */
        watchFinger: z.boolean().default(false),
      })
      .optional(),
  }).optional(),
  documentReader: ByteMatch.extend({
    /** `framed` speaks all of docs/document-reader.md; `ocr` is a plain reader that only sends text frames. */
    protocol: z.enum(['framed', 'ocr']).default('framed'),
    /** Whether text frames end in a longitudinal redundancy check. */
    lrc: z.boolean().default(false),
    /** What a plain reader is called, as it cannot say so itself. */
    model: z.string().max(64).default('OCR reader'),
  }).optional(),
  gate: ByteMatch.optional(),
});
/** As written in a configuration: what has a default may be left out. */
export type DeviceRoles = z.input<typeof DeviceRoles>;
