import type { FaceEvidence, FingerEvidence } from '../contract/biometrics.ts';
import type { Decision, Evidence, Reason } from '../contract/crossing.ts';
import { newIdentifier } from '../contract/identifier.ts';
import {
  alarmCodes,
  type AlarmRecord,
  type BiometricsRecord,
  type CrossingRecord,
  type GuardRecord,
  type LimenRecord,
} from '../contract/record.ts';

/** What every record of this kiosk begins with. */
export interface RecordOrigin {
  readonly kioskId: string;
  readonly nowMs: number;
}

/** What a record of a crossing begins with, made at that time. */
export const begin = ({ kioskId, nowMs }: RecordOrigin, crossingId: string) => ({
  format: 'limen-record' as const,
  version: 1 as const,
  id: newIdentifier(nowMs),
  crossingId,
  kioskId,
  occurredAt: new Date(nowMs).toISOString(),
});

/** The records of a crossing: its hits, what was decided and why, and what was captured. They are stored all or nothing. */
export function crossingRecords(
  origin: RecordOrigin,
  crossingId: string,
  evidence: Evidence,
  decision: Decision,
  context: { fallback: boolean; watchlistVersion: string; policyVersion?: string },
): LimenRecord[] {
  const { document } = evidence;
  const crossing: CrossingRecord = {
    ...begin(origin, crossingId),
    kind: 'crossing',
    ...context,
    ...(document && { document }),
    outcome: decision.outcome,
    reasons: [...decision.reasons],
    ...(decision.notices && { notices: [...decision.notices] }),
  };
  return [
    ...alarmRecords(origin, crossingId, decision.reasons),
    crossing,
    ...biometricsRecords(origin, crossing, evidence),
  ];
}

/** The record of what a guard has to hear of at once; none where there is no such reason. */
export function alarmRecords(origin: RecordOrigin, crossingId: string, reasons: readonly Reason[]): AlarmRecord[] {
  const alarms = reasons.flatMap(({ code, alert, listVersion }) => {
    const known = alarmCodes.find((one) => one === code);
    return known ? [{ code: known, ...(alert && { alert }), ...(listVersion && { listVersion }) }] : [];
  });
  return alarms.length === 0 ? [] : [{ ...begin(origin, crossingId), kind: 'alarm', alarms }];
}

function biometricsRecords(
  origin: RecordOrigin,
  { id: crossingRecordId, crossingId }: CrossingRecord,
  { portrait, face, finger, otherFingers }: Evidence,
): BiometricsRecord[] {
  if (!portrait && !face && !finger) return [];
  return [
    {
      ...begin(origin, crossingId),
      kind: 'biometrics',
      crossingRecordId,
      ...(portrait && { portrait }),
      ...(face && { face: faceRecord(face) }),
      ...(finger && { finger: fingerRecord(finger) }),
      ...(otherFingers && { otherFingers: otherFingers.map(fingerRecord) }),
    },
  ];
}

function faceRecord({ template, live, quality, comparison }: FaceEvidence) {
  return {
    model: template.model,
    modelVersion: template.version,
    template: littleEndian(template.values),
    imageWidthPx: live.widthPx,
    imageHeightPx: live.heightPx,
    image: live.pixels,
    quality,
    ...(comparison && { score: comparison.score, threshold: comparison.threshold }),
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
  decided: Pick<GuardRecord, 'guardId' | 'outcome' | 'reason' | 'ground' | 'fingersUnable'>,
): GuardRecord {
  return { ...begin(origin, crossingId), kind: 'guard-decision', ...decided };
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
