import * as z from 'zod';

/** What a camera of the traveller's page is for. */
export const CameraRole = z.enum(['face', 'document']);
export type CameraRole = z.infer<typeof CameraRole>;

const id = z.int().min(0).max(0xffff);

/**
 * Which camera fills a role: all that is given must fit what Chromium calls it, such as `HD Webcam (046d:0825)`. Its ids of
 * devices cannot be used: they are made anew for each profile.
 */
export const CameraMatch = z.strictObject({
  /** A part of its name, in capitals or not. */
  label: z.string().min(1).max(128).optional(),
  vendorId: id.optional(),
  productId: id.optional(),
});
export type CameraMatch = z.infer<typeof CameraMatch>;

/** The cameras of this kiosk. `face` is null where any will do, `document` where none is used. */
export const Cameras = z.strictObject({ face: CameraMatch.nullable(), document: CameraMatch.nullable() });
export type Cameras = z.infer<typeof Cameras>;

/** What may be wrong with a camera, by codes of the fault table. */
export const CameraFault = z.enum([
  'camera.absent',
  'camera.unmatched',
  'camera.denied',
  'camera.silent',
  'camera.frozen',
  'camera.black',
  'camera.white',
]);
export type CameraFault = z.infer<typeof CameraFault>;

const count = z.int().nonnegative();
const name = z.string().max(128);

/** How a camera of the page does; nothing in it tells of a traveller. */
export const CameraReport = z.strictObject({
  role: CameraRole,
  /** There but not in use, giving pictures, or of no use for the reason given. */
  state: z.enum(['present', 'running', 'away']),
  fault: CameraFault.nullable(),
  label: name,
  /** What every camera that is plugged in is called. */
  cameras: z.array(name).max(16),
  /** Since the page was loaded: pictures taken, frames the browser dropped, pictures that stood still or were black or white, changes of size. */
  counters: z.strictObject({
    frames: count,
    dropped: count,
    frozen: count,
    black: count,
    white: count,
    resized: count,
  }),
});
export type CameraReport = z.infer<typeof CameraReport>;

/** The longest picture of a page, in bytes. */
const longestPageBytes = 4 * 1024 * 1024;

/** A picture of what lies before the document's camera, as JPEG. */
export const PagePicture = z.strictObject({
  bytes: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= longestPageBytes, 'no such length'),
});
