import type Database from 'better-sqlite3';
import type { FaultCode } from '../contract/fault.ts';
import { type Lane, lanes, type PacketKind, type Refusal } from '../contract/packet.ts';
import type { LaneTable } from './lane-table.ts';
import type { OwnTime } from './own-time.ts';

/** How the outbox does; `bytes` counts sealed bytes, parked ones too. */
export interface OutboxStats {
  readonly ready: number;
  readonly parked: number;
  readonly bytes: number;
  readonly oldestSeconds: number;
  readonly delivered: number;
}

/** A packet that was set aside, and why. */
export interface ParkedPacket {
  readonly id: string;
  readonly kind: PacketKind;
  readonly fault: FaultCode;
  /** Central's own word, where it was central's. */
  readonly refusal: Refusal | null;
  readonly bytes: number;
  readonly ageSeconds: number;
}

/** Counts, and the age of the oldest. */
export function readStats(database: Database.Database, table: LaneTable, time: OwnTime): OutboxStats {
  const row = database
    .prepare(
      `SELECT bytes, delivered, (SELECT sum(ready) FROM lane) AS ready,
         (SELECT count(*) FROM outbox WHERE fault IS NOT NULL) AS parked FROM ledger`,
    )
    .get() as Omit<OutboxStats, 'oldestSeconds'>;
  return { ...row, oldestSeconds: readOldestMs(database, table, time) / 1000 };
}

/** Milliseconds that the oldest packet which may be sent has waited, by the store's own time; 0 where there is none. */
export function readOldestMs(
  database: Database.Database,
  table: LaneTable,
  time: OwnTime,
  counted: (lane: Lane) => boolean = () => true,
): number {
  const head = database
    .prepare('SELECT stored_ms FROM outbox WHERE fault IS NULL AND lane = ? ORDER BY sequence LIMIT 1')
    .pluck();
  const stored = table
    .waiting()
    .filter(({ lane }) => counted(lanes[lane]!))
    .map(({ lane }) => head.get(lane) as number);
  return stored.length === 0 ? 0 : time.now() - Math.min(...stored);
}

/** What is parked, the oldest first. */
export function readParked(database: Database.Database, time: OwnTime, limit: number): ParkedPacket[] {
  const rows = database
    .prepare(
      `SELECT id, kind, fault, refusal, bytes, stored_ms AS storedMs FROM outbox
       WHERE fault IS NOT NULL ORDER BY sequence LIMIT ?`,
    )
    .all(limit) as (Omit<ParkedPacket, 'ageSeconds'> & { storedMs: number })[];
  return rows.map(({ storedMs, ...row }) => ({ ...row, ageSeconds: (time.now() - storedMs) / 1000 }));
}
