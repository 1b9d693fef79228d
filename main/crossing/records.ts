import type { FingerEvidence } from '../contract/biometrics.ts';
import type { Decision, Evidence } from '../contract/crossing.ts';
import { newIdentifier } from '../contract/identifier.ts';
import type { CrossingRecord, GuardRecord } from '../contract/record.ts';

/** What every record of this kiosk begins with. */
export interface RecordOrigin {
  readonly kioskId: string;
  readonly nowMs: number;
}

const begin = ({ kioskId, nowMs }: RecordOrigin, crossingId: string) => ({
  format: 'limen-record' as const,
  version: 1 as const,
  id: newIdentifier(nowMs),
  crossingId,
  kioskId,
  occurredAt: new Date(nowMs).toISOString(),
});

/** The record of a crossing: what was gathered, what was decided and why. */
export function crossingRecord(
  origin: RecordOrigin,
  crossingId: string,
  evidence: Evidence,
  decision: Decision,
  context: { fallback: boolean; watchlistVersion: string },
): CrossingRecord {
  const { document, portrait, face, finger, otherFingers } = evidence;
  return {
    ...begin(origin, crossingId),
    kind: 'crossing',
    ...context,
    ...(document && { document }),
    ...(portrait && { portrait }),
    ...(face && {
      face: {
        model: face.template.model,
        modelVersion: face.template.version,
        template: littleEndian(face.template.values),
        imageWidthPx: face.live.widthPx,
        imageHeightPx: face.live.heightPx,
        image: face.live.pixels,
        quality: face.quality,
        ...(face.comparison && { score: face.comparison.score, threshold: face.comparison.threshold }),
      },
    }),
    ...(finger && { finger: fingerRecord(finger) }),
    ...(otherFingers && { otherFingers: otherFingers.map(fingerRecord) }),
    outcome: decision.outcome,
    reasons: [...decision.reasons],
  };
}

function fingerRecord({ position, template, image, quality }: FingerEvidence) {
  return {
    position,
    model: template.model,
    modelVersion: template.version,
    template: template.bytes,
    imageWidthPx: image.widthPx,
    imageHeightPx: image.heightPx,
    dpi: image.dpi,
    image: image.pixels,
    quality,
  };
}

/** The record of a guard's decision on a referred crossing. */
export function guardRecord(
  origin: RecordOrigin,
  crossingId: string,
  { guardId, outcome, reason }: Pick<GuardRecord, 'guardId' | 'outcome' | 'reason'>,
): GuardRecord {
  return { ...begin(origin, crossingId), kind: 'guard-decision', guardId, outcome, reason };
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return new Uint8Array(view.buffer);
}

/** Overwrites the images and templates that a crossing gathered. */
export function wipe({ portrait, face, challenge, finger, otherFingers = [] }: Evidence): void {
  portrait?.fill(0);
  face?.live.pixels.fill(0);
  face?.template.values.fill(0);
  for (const { image } of challenge?.steps ?? []) image.pixels.fill(0);
  for (const { image, template } of finger ? [finger, ...otherFingers] : otherFingers) {
    image.pixels.fill(0);
    template.bytes.fill(0);
  }
}
