import type { Rect } from '../../../main/contract/image.ts';
import type { Picture } from './picture.ts';

/** How a face, or the place for one, is lit. */
export type Exposure = 'good' | 'dark' | 'bright' | 'backlit';

/** Where a face is expected when none has been found. */
const place: Rect = { x: 0.36, y: 0.25, width: 0.28, height: 0.5 };
/** Mean luma of a face; against a background that is so much lighter it counts as backlit earlier. */
const darkest = 50;
const brightest = 210;
const backlit = { face: 90, lighterBy: 90 } as const;
const adjustEveryMs = 1000;
/** A third of a stop, about what can be seen. */
const adjustBy = 1 / 3;

/** Judges the light on a face by its box, or in the middle of the picture, against that at both sides. */
export function judgeExposure({ luma, widthPx, heightPx }: Omit<Picture, 'takenAtMs'>, box: Rect | null): Exposure {
  const mean = ({ x, y, width, height }: Rect): number => {
    const [left, top] = [Math.floor(x * widthPx), Math.floor(y * heightPx)];
    const [right, bottom] = [Math.ceil((x + width) * widthPx), Math.ceil((y + height) * heightPx)];
    let [sum, count] = [0, 0];
    for (let row = top; row < bottom; row += 2) {
      for (let column = left; column < right; column += 2, count++) sum += luma[row * widthPx + column] ?? 0;
    }
    return sum / Math.max(count, 1);
  };
  const face = box ?? place;
  // The middle of the box: no hair, no background.
  const light = mean({
    x: face.x + face.width * 0.25,
    y: face.y + face.height * 0.25,
    width: face.width * 0.5,
    height: face.height * 0.5,
  });
  const beside =
    (mean({ x: 0, y: 0, width: 0.12, height: 0.6 }) + mean({ x: 0.88, y: 0, width: 0.12, height: 0.6 })) / 2;
  if (light < backlit.face && beside - light > backlit.lighterBy) return 'backlit';
  if (light < darkest) return 'dark';
  return light > brightest ? 'bright' : 'good';
}

/** What a camera says of a setting that can be set within bounds. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The compensation, in stops, that comes next; the same where nothing is to be done or can be. */
export function nextCompensation(now: number, { min, max, step }: Range, exposure: Exposure): number {
  if (exposure === 'good') return now;
  const steps = Math.max(1, Math.round(adjustBy / (step || adjustBy)));
  const by = steps * (step || adjustBy) * (exposure === 'bright' ? -1 : 1);
  return Math.min(Math.max(now + by, min), max);
}

/** The part of a track that exposure needs; TypeScript does not know of compensation (Image Capture, W3C). */
export interface ExposedTrack {
  getCapabilities?(): MediaTrackCapabilities & { readonly exposureCompensation?: Range };
  getSettings(): MediaTrackSettings & { readonly exposureCompensation?: number };
  applyConstraints(constraints: MediaTrackConstraints): Promise<void>;
}

/** Follows the light on faces and asks the camera for more or less of it, where it can; `end` puts it back as it was. */
export function followExposure(track: ExposedTrack): { see(exposure: Exposure, atMs: number): void; end(): void } {
  const range = track.getCapabilities?.().exposureCompensation;
  const first = track.getSettings().exposureCompensation ?? 0;
  let now = first;
  let lastMs = -Infinity;
  const apply = (exposureCompensation: number) => {
    now = exposureCompensation;
    const advanced = [{ exposureMode: 'continuous', exposureCompensation } as MediaTrackConstraintSet];
    // A camera that refuses is left as it is.
    track.applyConstraints({ advanced }).catch(() => undefined);
  };
  return {
    see(exposure, atMs) {
      if (!range || atMs - lastMs < adjustEveryMs) return;
      const next = nextCompensation(now, range, exposure);
      if (next === now) return;
      lastMs = atMs;
      apply(next);
    },
    end() {
      if (now !== first) apply(first);
    },
  };
}
