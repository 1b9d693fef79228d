import { native } from '../../../native/native.ts';
import type { Comparison, FingerTemplate } from '../../contract/biometrics.ts';
import { Fault, type FaultCode } from '../../contract/fault.ts';
import type { GreyImage } from '../../contract/image.ts';

/** What made a template; only templates of the same maker and version are compared. */
export const fingerModel = { model: 'limen-finger', version: '1' } as const;

/**
 * The score from which two templates count as one finger. None of 18,600 impostor pairs reaches it (FMR below 1.6e-4 at
 * 95 % confidence): 11,520 of FVC2002 DB1_B to DB4_B, full protocol, of which the highest scores 13.7, and 7,080 of drawn
 * fingers, 13.8. Of the 1,120 genuine pairs of FVC2002, poor images included, 9.2 % miss it. Scores are logarithmic odds
 * plus ten; impostors tend to 2 and mates to 18.
 */
export const defaultFingerThreshold = 14;

/** What may be wrong with an image of a finger, in the order of the extractor's bits. */
export const qualityCauses = ['dry', 'wet', 'small', 'smudged', 'off-centre'] as const;
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
  const found = await typed(native().extractFinger(pixels, widthPx, heightPx, dpi));
  return {
    template: { ...fingerModel, bytes: found.record },
    quality: found.quality,
    causes: qualityCauses.filter((_, bit) => found.causes & (1 << bit)),
    minutiae: found.minutiae,
  };
}

/** Compares two templates (ISO/IEC 2382-37 comparison). Faults: `template.incomparable`, `template.malformed`. */
export async function compareFingers(
  probe: FingerTemplate,
  candidate: FingerTemplate,
  threshold: number,
): Promise<Comparison> {
  if (!comparable(probe) || !comparable(candidate)) throw new Fault('template.incomparable');
  const scores = await typed(native().searchFingers(probe.bytes, [candidate.bytes]));
  const score = scores[0] ?? 0;
  return { score, threshold, matched: score >= threshold, model: probe.model };
}

/**
 * Scores every entry of a list against a probe, in the list's order, one by one: for evaluation and evidence; `FingerGallery`
 * searches. An entry of another model or version scores 0.
 * Faults: `template.incomparable` for the probe, `template.malformed` for the probe or any entry of its model.
 */
export async function searchFingers(probe: FingerTemplate, gallery: readonly FingerTemplate[]): Promise<Float32Array> {
  if (!comparable(probe)) throw new Fault('template.incomparable');
  const found = await typed(
    native().searchFingers(
      probe.bytes,
      gallery.filter(comparable).map((entry) => entry.bytes),
    ),
  );
  let next = 0;
  return Float32Array.from(gallery, (entry) => (comparable(entry) ? (found[next++] ?? 0) : 0));
}

function comparable(template: FingerTemplate): boolean {
  return template.model === fingerModel.model && template.version === fingerModel.version;
}

async function typed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const expected: readonly FaultCode[] = ['image.malformed', 'template.malformed'];
    throw Fault.from(error, expected.find((known) => known === code) ?? 'internal');
  }
}
