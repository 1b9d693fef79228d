import { encode } from 'cborg';
import type { Database } from '../../central/sql.ts';
import type { BiometricsRecord, CrossingRecord, LimenRecord } from '../../main/contract/record.ts';
import type { StoredTemplate } from '../../central/sbms/template.ts';
import { biometricsRecord, crossingRecord, guardRecord } from '../uplink/records.ts';

/** Puts a record where the inbox puts one that was handed in; the same again changes nothing. */
export async function arrive(database: Database, record: LimenRecord): Promise<void> {
  const { id, kioskId, kind, occurredAt } = record;
  const crossingId = 'crossingId' in record ? record.crossingId : null;
  await database.run(
    `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    [id, kioskId, kind, crossingId, occurredAt, new Date().toISOString(), encode(record)],
  );
}

/** A crossing at `gate-1` (an entry) or `gate-2` (an exit) at noon of a day, by the holder of a document. */
export function crossing(gate: 1 | 2, day: string, number: string, more: Partial<CrossingRecord> = {}): CrossingRecord {
  const record = crossingRecord(`gate-${gate}`);
  return { ...record, occurredAt: `${day}T12:00:00.000Z`, document: { ...record.document!, number }, ...more };
}

/** A guard's word on a crossing. */
export function word({ crossingId, kioskId }: CrossingRecord, outcome: 'admit' | 'second-line'): LimenRecord {
  return { ...guardRecord(kioskId), crossingId, outcome };
}

const image = new Uint8Array(Buffer.from('PLANTEDMARKER'.repeat(40)));

/** What a crossing captured of a person with these templates. */
export function capture(
  { crossingId, kioskId, id, occurredAt }: CrossingRecord,
  templates: readonly StoredTemplate[],
  more: Partial<BiometricsRecord> = {},
): BiometricsRecord {
  const { format, version, kind, id: own } = biometricsRecord(kioskId);
  const taken = templates.map(({ version: modelVersion, kind: what, ...template }) => {
    return { what, record: { ...template, modelVersion, imageWidthPx: 10, imageHeightPx: 12, image } };
  });
  const [finger, ...otherFingers] = taken
    .filter(({ what }) => what === 'finger')
    .map(({ record }) => ({ ...record, dpi: 500 }));
  const face = taken.find(({ what }) => what === 'face');
  const { position: _, ...faceRecord } = face?.record ?? {};
  return {
    format,
    version,
    kind,
    id: own,
    kioskId,
    crossingId,
    crossingRecordId: id,
    occurredAt,
    ...(finger && { finger, otherFingers }),
    ...(face && { face: faceRecord as NonNullable<BiometricsRecord['face']> }),
    ...more,
  };
}
