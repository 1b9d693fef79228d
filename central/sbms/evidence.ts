import { falseMatchRate as faceRate } from '../../models/false-match-rate.ts';
import { type Model, thresholdOf } from '../../models/manifest.ts';
import { falseMatchRate as fingerRate } from '../../native/false-match-rate.ts';
import { defaultFingerThreshold, falseCandidates, listThreshold } from '../../native/finger-model.ts';

/** What the comparison of a probe with a file gave: the fused score of its fingers, and the cosine of the faces; what was not compared is absent. */
export interface Scores {
  readonly finger?: number;
  readonly face?: { readonly score: number; readonly model: Model };
}

/** How many fingers and faces a search was over. */
export interface Extent {
  readonly fingers: number;
  readonly faces: number;
}

/** How often a stranger's file would look so much alike, at most, and what of it agrees by itself. */
export interface Evidence {
  readonly rate: number;
  readonly agrees: readonly ('finger' | 'face')[];
  readonly differs: readonly ('finger' | 'face')[];
}

/**
 * Two rates of chance as one (Fisher 1932): how often two that are independent come to a product so small. Exact for rates that are
 * evenly spread; those here are upper bounds, and so is what comes of them.
 */
export function combinedRate(one: number, other: number): number {
  const product = one * other;
  return product <= 0 ? 0 : Math.min(1, product * (1 - Math.log(product)));
}

/** How alike a probe and a file are by all that was compared. With fingers and face there are three ways to be so, which is counted. */
export function evidenceOf({ finger, face }: Scores): Evidence {
  const byFinger = finger === undefined ? undefined : fingerRate(finger);
  const byFace = face && rateOfFace(face);
  const rate =
    byFinger === undefined || byFace === undefined
      ? (byFinger ?? byFace ?? 1)
      : Math.min(1, 3 * Math.min(byFinger, byFace, combinedRate(byFinger, byFace)));
  const same = {
    ...(finger !== undefined && { finger: finger >= defaultFingerThreshold }),
    ...(face && { face: face.score >= thresholdOf(face.model, 'verification') }),
  };
  const kinds = (['finger', 'face'] as const).filter((kind) => kind in same);
  return { rate, agrees: kinds.filter((kind) => same[kind]), differs: kinds.filter((kind) => !same[kind]) };
}

/**
 * Whether a file is a candidate: by its fingers as the local watchlist has it (`listThreshold`), by its face from `identification`
 * on, or by both together. Each of these brings up a stranger for at most one probe in a hundred (`falseCandidates`), for as
 * long as the measured curves reach: fingers alone to 22,000, a face alone to about 1,300, both together to 10^8.
 */
export function isCandidate({ finger, face }: Scores, { fingers, faces }: Extent): boolean {
  if (finger !== undefined && finger >= listThreshold(fingers)) return true;
  if (
    face &&
    face.score >= thresholdOf(face.model, 'identification') &&
    rateOfFace(face) <= faceLimit(face.model, faces)
  )
    return true;
  if (finger === undefined || !face) return false;
  return combinedRate(fingerRate(finger), rateOfFace(face)) <= falseCandidates / Math.max(1, fingers, faces);
}

function rateOfFace({ score, model }: { readonly score: number; readonly model: Model }): number {
  return faceRate(model, score) ?? 1;
}

/** Beyond the curve's end no smaller rate can be asked for: from there on more strangers are to be expected. */
function faceLimit(model: Model, faces: number): number {
  return Math.max(falseCandidates / Math.max(1, faces), model.calibration?.points.at(-1)?.[1] ?? 1);
}
