import { findModel, type Model, thresholdOf } from '../../../models/manifest.ts';
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

/**
 * How often two different people score at least so high, read off the model's measured curve (logarithm of the rate,
 * straight between its points). Beyond the last point it stays at that point's rate: the data tells no smaller ones.
 */
function falseMatchRate({ calibration }: Model, score: number): number | undefined {
  if (!calibration) return undefined;
  const { points } = calibration;
  const after = points.findIndex(([at]) => at > score);
  const [low, high] = [points.at(after < 0 ? -1 : Math.max(after - 1, 0)), points.at(Math.max(after, -1))];
  if (!low || !high || low === high) return low?.[1];
  const share = (score - low[0]) / (high[0] - low[0]);
  return Math.exp(Math.log(low[1]) * (1 - share) + Math.log(high[1]) * share);
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
