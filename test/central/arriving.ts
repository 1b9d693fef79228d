import type Database from 'better-sqlite3';
import { encode } from 'cborg';
import type { CrossingRecord, LimenRecord } from '../../main/contract/record.ts';
import { crossingRecord, guardRecord } from '../uplink/records.ts';

/** Puts a record where the inbox puts one that was handed in; the same again changes nothing. */
export function arrive(database: Database.Database, record: LimenRecord): void {
  const { id, kioskId, kind, occurredAt } = record;
  const crossingId = 'crossingId' in record ? record.crossingId : null;
  database
    .prepare(
      `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    )
    .run(id, kioskId, kind, crossingId, occurredAt, new Date().toISOString(), encode(record));
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
