import { encode } from 'cborg';
import type { Database } from '../../central/sql.ts';
import type { CrossingRecord, LimenRecord } from '../../main/contract/record.ts';
import { crossingRecord, guardRecord } from '../uplink/records.ts';

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
