import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { Fault } from '../main/contract/fault.ts';
import type { LimenRecord } from '../main/contract/record.ts';
import { readRecord } from './opening.ts';

type Described<T> = T extends Uint8Array
  ? { bytes: number; sha256: string }
  : T extends readonly (infer E)[]
    ? Described<E>[]
    : T extends object
      ? { [K in keyof T]: Described<T[K]> }
      : T;

/** A record as an operator sees it: what is biometric is told by size and SHA-256 only. */
export type RecordView = Described<LimenRecord> & { position: number; receivedAt: string };

/** Sequence numbers of a kiosk that never arrived though a later one did. */
export interface Gap {
  readonly kioskId: string;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

/** Stored records in the order they came, from after a position. */
export function listRecords(database: Database.Database, after = 0, limit = 100): RecordView[] {
  const rows = database
    .prepare(
      'SELECT position, received_at AS receivedAt, record FROM packet WHERE position > ? ORDER BY position LIMIT ?',
    )
    .iterate(after, limit) as Iterable<{ position: number; receivedAt: string; record: Uint8Array }>;
  // One by one: a hundred records with every image would not fit in memory.
  return Array.from(rows, ({ record, ...row }) => {
    const read = readRecord(record);
    if (!read) throw new Fault('store.corrupt', 'a stored record cannot be read');
    return { ...row, ...(describe(read) as Described<LimenRecord>) };
  });
}

/** Where numbers are missing, by kiosk and epoch. */
export function listGaps(database: Database.Database): Gap[] {
  return database
    .prepare(
      `SELECT kiosk_id AS kioskId, epoch, before + 1 AS first, sequence - 1 AS last FROM (
         SELECT kiosk_id, epoch, sequence,
           lag(sequence, 1, 0) OVER (PARTITION BY kiosk_id, epoch ORDER BY sequence) AS before FROM arrival)
       WHERE sequence > before + 1 ORDER BY kiosk_id, epoch, sequence`,
    )
    .all() as Gap[];
}

function describe(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return { bytes: value.length, sha256: createHash('sha256').update(value).digest('hex') };
  }
  if (Array.isArray(value)) return value.map(describe);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, describe(part)]));
}
