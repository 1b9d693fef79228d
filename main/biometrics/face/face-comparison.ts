import { falseMatchRate } from '../../../models/false-match-rate.ts';
import { findModel, thresholdOf } from '../../../models/manifest.ts';
import type { Comparison, FaceEmbedder, FaceTemplate } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import { defaultEmbedder } from './embedder.ts';

/**
 * Compares two templates by the cosine of the angle between them, -1 to 1. The threshold is the manifest's
 * `verification` unless given. Faults: `template.incomparable` for templates of different models or versions,
 * `template.malformed`.
 */
export function compareFaces(probe: FaceTemplate, reference: FaceTemplate, threshold?: number): Comparison {
  const score = cosine(probe, reference);
  const model = findModel(reference.model);
  const limit = threshold ?? thresholdOf(model, 'verification');
  const rate = falseMatchRate(model, score);
  return {
    score,
    threshold: limit,
    matched: score >= limit,
    model: `${reference.model} ${reference.version}`,
    ...(rate !== undefined && { falseMatchRate: rate }),
  };
}

/** The score from which on a face of a small watchlist is a candidate: the manifest's `identification`. */
export function identificationThreshold(embedder: FaceEmbedder = defaultEmbedder): number {
  return thresholdOf(findModel(embedder), 'identification');
}

function cosine(one: FaceTemplate, other: FaceTemplate): number {
  if (one.model !== other.model || one.version !== other.version) {
    throw new Fault('template.incomparable', `${one.model} ${one.version}, ${other.model} ${other.version}`);
  }
  const [left, right] = [one.values, other.values];
  if (left.length !== right.length || left.length === 0) throw new Fault('template.malformed', 'lengths differ');
  let [product, leftSquares, rightSquares] = [0, 0, 0];
  for (let index = 0; index < left.length; index++) {
    const [a, b] = [left[index] ?? 0, right[index] ?? 0];
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  const score = product / Math.sqrt(leftSquares * rightSquares);
  if (!Number.isFinite(score)) throw new Fault('template.malformed', 'values are not a direction');
  return score;
}
