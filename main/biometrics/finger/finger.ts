import { type FingerExtraction, native } from '../../../native/native.ts';
import type { Comparison, FingerTemplate, MinutiaPair, MinutiaPlace } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import type { GreyImage } from '../../contract/image.ts';
import { falseMatchRate } from '../../../native/false-match-rate.ts';
import { fingerModel, isFingerModel } from '../../../native/finger-model.ts';
import { typed } from './native-fault.ts';

export { defaultFingerThreshold, fingerModel, listThreshold } from '../../../native/finger-model.ts';

/** Of the addon's `fingerMinutiae`. */
const valuesPerMinutia = 4;

/** What may be wrong with an image of a finger, the gravest first, in the order of the extractor's bits. */
export const qualityCauses = ['small', 'off-centre', 'smudged', 'wet', 'dry'] as const;
export type QualityCause = (typeof qualityCauses)[number];

/** What one image of a finger gave. `quality` is Limen's own measure, 0 to 100, not NFIQ 2. */
export interface FingerFeatures {
  readonly template: FingerTemplate;
  readonly quality: number;
  readonly causes: readonly QualityCause[];
  readonly minutiae: number;
}

/**
 * Finds a finger's features: 32 to 1000 pixels a side, 250 to 1000 dpi. A blank image is no fault; it has quality 0.
 * Faults: `image.malformed`. The template is a record of ISO/IEC 19794-2:2005 clause 7.
 */
export async function extractFinger(image: GreyImage): Promise<FingerFeatures> {
  const { pixels, widthPx, heightPx, dpi } = image;
  return featuresOf(await typed(native().extractFinger(pixels, widthPx, heightPx, dpi, false)));
}

/** What of the addon's answer makes a template. */
export function featuresOf({ record, quality, causes, minutiae }: FingerExtraction): FingerFeatures {
  return {
    template: { ...fingerModel, bytes: record },
    quality,
    causes: qualityCauses.filter((_, bit) => causes & (1 << bit)),
    minutiae,
  };
}

/** Compares two templates (ISO/IEC 2382-37 comparison). Faults: `template.incomparable`, `template.malformed`. */
export async function compareFingers(
  probe: FingerTemplate,
  candidate: FingerTemplate,
  threshold: number,
): Promise<Comparison> {
  if (!isFingerModel(probe) || !isFingerModel(candidate)) throw new Fault('template.incomparable');
  const scores = await typed(native().searchFingers(probe.bytes, [candidate.bytes]));
  const score = scores[0] ?? 0;
  return {
    score,
    threshold,
    matched: score >= threshold,
    model: probe.model,
    falseMatchRate: falseMatchRate(score),
  };
}

/**
 * The minutiae that a comparison of two templates took for the same ones, the best fit first: for the eyes of a guard, not
 * for records. Faults: `template.incomparable`, `template.malformed`.
 */
export async function explainFingers(probe: FingerTemplate, candidate: FingerTemplate): Promise<MinutiaPair[]> {
  if (!isFingerModel(probe) || !isFingerModel(candidate)) throw new Fault('template.incomparable');
  const [pairs, ours, theirs] = await typed(
    Promise.all([
      native().explainFingers(probe.bytes, candidate.bytes),
      native().fingerMinutiae(probe.bytes),
      native().fingerMinutiae(candidate.bytes),
    ]),
  );
  const place = (minutiae: Float32Array, index: number): MinutiaPlace => {
    const [x = 0, y = 0] = minutiae.subarray(index * valuesPerMinutia);
    return { index, x, y };
  };
  return Array.from({ length: pairs.length / 2 }, (_, pair) => ({
    probe: place(ours, pairs[2 * pair] ?? 0),
    candidate: place(theirs, pairs[2 * pair + 1] ?? 0),
  }));
}

/**
 * Scores every entry of a list against a probe, in the list's order, one by one: for evaluation and evidence; `FingerGallery`
 * searches. An entry of another model or version scores 0.
 * Faults: `template.incomparable` for the probe, `template.malformed` for the probe or any entry of its model.
 */
export async function searchFingers(probe: FingerTemplate, gallery: readonly FingerTemplate[]): Promise<Float32Array> {
  if (!isFingerModel(probe)) throw new Fault('template.incomparable');
  const found = await typed(
    native().searchFingers(
      probe.bytes,
      gallery.filter(isFingerModel).map((entry) => entry.bytes),
    ),
  );
  let next = 0;
  return Float32Array.from(gallery, (entry) => (isFingerModel(entry) ? (found[next++] ?? 0) : 0));
}
