import { findModel, thresholdOf } from '../../../models/manifest.ts';
import type { RgbImage } from '../../contract/image.ts';
import type { CoverMeasures } from './face-cover.ts';
import { eyeCentres, type Landmarks } from './face-landmarks.ts';
import { type HeadPose, headPose } from './head-pose.ts';
import { luma } from './raster.ts';

/** What is measured of a face image. */
export interface FaceMeasures extends HeadPose, CoverMeasures {
  /** Distance between the eyes in pixels that the camera really took. */
  readonly interEyePx: number;
  /** Fine detail of the aligned face, as a share of its contrast. */
  readonly sharpness: number;
  /** Shares of the face's pixels that are nearly black and nearly white. */
  readonly underexposed: number;
  readonly overexposed: number;
  /** Standard deviation of the face's luma. */
  readonly contrast: number;
  /** How far the eyes are open; see eye-opening.ts. */
  readonly eyeOpening: number;
}

/** What is measured that may be wrong, named after the quality components of ISO/IEC 29794-5. */
type MeasuredDefect =
  | 'inter-eye-distance'
  | 'head-pose-yaw'
  | 'head-pose-pitch'
  | 'head-pose-roll'
  | 'sharpness'
  | 'eyes-open'
  | 'eyes-visible'
  | 'mouth-closed'
  | 'mouth-occlusion'
  | 'under-exposure'
  | 'over-exposure'
  | 'dynamic-range';

/** What may be wrong with a face image; `face-occlusion` where there is a face in which no landmarks are found. */
export type FaceDefect = MeasuredDefect | 'face-occlusion';

/** What the measures amount to. */
export interface FaceQuality {
  /** 0 to 100: the weakest component. A measure of Limen's own. */
  readonly score: number;
  readonly defects: readonly FaceDefect[];
}

/** For each component the value that is no good, the least that will do, and the value no better than needed. */
interface Rule {
  readonly measure: (measures: FaceMeasures) => number;
  readonly worst: number;
  readonly limit: number;
  readonly best: number;
}

/** FaceMesh sees a head looking straight ahead as tilted down by this much: its median over lfw-dev. */
const neutralPitch = -5;

/** The model's own limit for eyes that are open. */
const openEyes = thresholdOf(findModel('iris'), 'opening');

/** In the order in which defects are told: without light nothing else can be judged. */
const rules: Readonly<Record<MeasuredDefect, Rule>> = {
  'under-exposure': { measure: ({ underexposed }) => underexposed, worst: 1, limit: 0.6, best: 0.1 },
  'over-exposure': { measure: ({ overexposed }) => overexposed, worst: 0.6, limit: 0.3, best: 0.02 },
  'dynamic-range': { measure: ({ contrast }) => contrast, worst: 0, limit: 10, best: 30 },
  'inter-eye-distance': { measure: ({ interEyePx }) => interEyePx, worst: 20, limit: 45, best: 90 },
  'head-pose-yaw': { measure: ({ yaw }) => Math.abs(yaw), worst: 45, limit: 25, best: 5 },
  'head-pose-pitch': { measure: ({ pitch }) => Math.abs(pitch - neutralPitch), worst: 45, limit: 25, best: 8 },
  'head-pose-roll': { measure: ({ roll }) => Math.abs(roll), worst: 45, limit: 20, best: 5 },
  sharpness: { measure: ({ sharpness }) => sharpness, worst: 0.03, limit: 0.065, best: 0.15 },
  // Set on lfw-dev and on what test/sim/face/occlusions.ts draws over its faces: `evaluate face-hints`.
  'mouth-occlusion': {
    measure: ({ mouthLine, lipColour }) => Math.min(mouthLine / 0.14, lipColour / 0.03),
    worst: 0,
    limit: 1,
    best: 1.3,
  },
  'eyes-visible': { measure: ({ eyeDetail }) => eyeDetail, worst: 0, limit: 0.05, best: 0.07 },
  'eyes-open': { measure: ({ eyeOpening }) => eyeOpening, worst: 0.1, limit: openEyes, best: 0.3 },
  'mouth-closed': { measure: ({ mouthGap }) => mouthGap, worst: 0.6, limit: 0.3, best: 0.2 },
};

/**
 * After so many frames that have no other defect a face is taken with it: eyes are narrow by nature, some mouths do not
 * close, and what is taken for a mask may be a beard.
 */
const patienceFrames = { 'eyes-open': 12, 'mouth-closed': 12, 'eyes-visible': 36, 'mouth-occlusion': 36 } as const;
type Bearable = keyof typeof patienceFrames;

/** Whether a face with the defect is taken when the traveller cannot help it. */
export function isBearable(defect: FaceDefect): defect is Bearable {
  return defect in patienceFrames;
}

/** How many frames are waited for the traveller to mend the defects; Infinity where one must be mended. */
export function patienceWith(defects: readonly FaceDefect[]): number {
  return Math.max(0, ...defects.map((defect) => (isBearable(defect) ? patienceFrames[defect] : Infinity)));
}

/** Measures a face by its landmarks and its aligned image; `sourceScale` is source pixels per pixel of the landmarks. */
export function measureFace(
  landmarks: Landmarks,
  aligned: RgbImage,
  sourceScale: number,
  { eyeOpening, ...cover }: CoverMeasures & { readonly eyeOpening: number },
): FaceMeasures {
  const [right, left] = eyeCentres(landmarks);
  return {
    ...headPose(landmarks),
    ...measureLight(aligned),
    ...cover,
    eyeOpening,
    interEyePx: Math.hypot(left.x - right.x, left.y - right.y) * Math.min(sourceScale, 1),
  };
}

/** Judges the measures rule by rule. */
export function judgeFace(measures: FaceMeasures): FaceQuality {
  let score = 1;
  const defects: FaceDefect[] = [];
  for (const defect of Object.keys(rules) as MeasuredDefect[]) {
    const { measure, worst, limit, best } = rules[defect];
    const reach = (value: number) => (value - worst) / (best - worst);
    const reached = reach(measure(measures));
    if (!(reached >= reach(limit))) defects.push(defect);
    score = Math.min(score, Math.max(reached, 0));
  }
  return { score: Math.round(score * 100), defects };
}

/** Light and detail in the middle of the aligned face, away from hair and background. */
function measureLight(
  aligned: RgbImage,
): Pick<FaceMeasures, 'sharpness' | 'underexposed' | 'overexposed' | 'contrast'> {
  const { widthPx } = aligned;
  const grey = luma(aligned);
  const [from, to] = [Math.round(widthPx * 0.22), Math.round(widthPx * 0.78)];
  let [sum, squares, dark, bright, detail, count] = [0, 0, 0, 0, 0, 0];
  for (let row = from; row < to; row++) {
    for (let column = from; column < to; column++, count++) {
      const at = row * widthPx + column;
      const value = grey[at] ?? 0;
      sum += value;
      squares += value * value;
      if (value < 25) dark++;
      if (value > 247) bright++;
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - widthPx] ?? 0) + (grey[at + widthPx] ?? 0);
      detail += (around - 4 * value) ** 2;
    }
  }
  const contrast = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  return {
    sharpness: Math.sqrt(detail / count) / Math.max(contrast, 1),
    underexposed: dark / count,
    overexposed: bright / count,
    contrast,
  };
}
