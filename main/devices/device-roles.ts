import * as z from 'zod';
import { CameraMatch } from '../contract/camera.ts';

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

const Roles = z.strictObject({
  fingerScanner: HidMatch.extend({
    settings: z
      .strictObject({
        /** 1 to 100; 0 lets the device choose. */
        gainPercent: z.int().min(0).max(100).default(0),
        /** Seconds without a command until its light goes out; 0 = never. */
        sleepAfterSeconds: z.int().min(0).max(65_535).default(0),
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
  /** Without it any camera will do, and the gate is in service without one. */
  faceCamera: CameraMatch.optional(),
  /** Reads documents that lie before it, where there is no document reader. */
  documentCamera: CameraMatch.optional(),
});

/** Which role is filled by what; a role that is not named is never filled and not shown. */
export const DeviceRoles = Roles.superRefine(({ documentReader, documentCamera, faceCamera }, context) => {
  const complain = (message: string) => context.addIssue({ code: 'custom', path: ['documentCamera'], message });
  if (!documentCamera) return;
  if (documentReader) complain('a kiosk has a document reader or a document camera, not both');
  if (Object.keys(documentCamera).length === 0) complain('say which camera: its label, vendorId or productId');
  if (faceCamera && JSON.stringify(faceCamera) === JSON.stringify(documentCamera)) {
    complain('the same camera as faceCamera: each needs one of its own');
  }
});
/** As written in a configuration: what has a default may be left out. */
export type DeviceRoles = z.input<typeof DeviceRoles>;
