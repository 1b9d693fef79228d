import { createHash } from 'node:crypto';
import { Fault } from '../main/contract/fault.ts';
import type { LimenRecord } from '../main/contract/record.ts';
import { readRecord } from './opening.ts';
import type { Database } from './sql.ts';

type Described<T> = T extends Uint8Array
  ? { bytes: number; sha256: string }
  : T extends readonly (infer E)[]
    ? Described<E>[]
    : T extends object
      ? { [K in keyof T]: Described<T[K]> }
      : T;

/** A record as an operator sees it: what is biometric is told by size and SHA-256 only. */
export type RecordView = Described<LimenRecord> & {
  position: number;
  receivedAt: string;
  /** The key it was sealed to, where that one was revoked when it came: others may have read it. */
  revokedKeyId?: string;
};

/** Sequence numbers of a kiosk that never arrived though a later one did. */
export interface Gap {
  readonly kioskId: string;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

/** Stored records in the order they came, from after a position. */
export async function listRecords(database: Database, after = 0, limit = 100): Promise<RecordView[]> {
  const rows = await database.all<{ position: number; receivedAt: string; revokedKeyId: string | null }>(
    `SELECT position, received_at AS "receivedAt", key_id AS "revokedKeyId"
     FROM packet LEFT JOIN revoked_seal ON packet_id = id WHERE position > ? ORDER BY position LIMIT ?`,
    [after, limit],
  );
  const views: RecordView[] = [];
  // One by one: a hundred records with every image would not fit in memory.
  for (const { revokedKeyId, ...row } of rows) {
    const stored = await database.get<{ record: Uint8Array }>('SELECT record FROM packet WHERE position = ?', [
      row.position,
    ]);
    const read = stored && readRecord(stored.record);
    if (!read) throw new Fault('store.corrupt', 'a stored record cannot be read');
    views.push({
      ...row,
      ...(revokedKeyId !== null && { revokedKeyId }),
      ...(describe(read) as Described<LimenRecord>),
    });
  }
  return views;
}

/** Where numbers are missing, by kiosk and epoch. */
export function listGaps(database: Database): Promise<Gap[]> {
  return database.all<Gap>(
    `SELECT kiosk_id AS "kioskId", epoch, before + 1 AS first, sequence - 1 AS last FROM (
       SELECT kiosk_id, epoch, sequence,
         lag(sequence, 1, 0) OVER (PARTITION BY kiosk_id, epoch ORDER BY sequence) AS before FROM arrival) AS numbered
     WHERE sequence > before + 1 ORDER BY kiosk_id, epoch, sequence`,
  );
}

function describe(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return { bytes: value.length, sha256: createHash('sha256').update(value).digest('hex') };
  }
  if (Array.isArray(value)) return value.map(describe);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, describe(part)]));
}
