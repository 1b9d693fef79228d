import type { FaceTemplate } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';

/** A face template in bytes, as galleries hold it: the values times 127 / `clip`, rounded, beyond that cut off. */
export interface GalleryTemplate {
  readonly model: string;
  readonly version: string;
  readonly values: Int8Array;
}

/** The value that becomes 127. Templates of unit length seldom hold greater ones. */
export const clip = 0.3;

/**
 * The template as a gallery holds it. Scores of two such templates are cosines too: the scale falls out. Fault:
 * `template.malformed` for values that are no numbers, or that all round to nothing.
 */
export function toGallery({ model, version, values }: FaceTemplate): GalleryTemplate {
  const bytes = Int8Array.from(values, (value) => Math.max(-127, Math.min(127, Math.round((value * 127) / clip))));
  if (!values.every(Number.isFinite) || bytes.every((value) => value === 0)) {
    throw new Fault('template.malformed', 'values are not a direction');
  }
  return { model, version, values: bytes };
}

/** The template that a gallery's form stands for, at unit length again. */
export function fromGallery({ model, version, values }: GalleryTemplate): FaceTemplate {
  const length = Math.hypot(...values) || 1;
  return { model, version, values: Float32Array.from(values, (value) => value / length) };
}
