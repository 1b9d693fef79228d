import type { LimenRecord } from '../main/contract/record.ts';
import { type Described, describe } from './described.ts';
import { readRecord } from './opening.ts';
import { sha256 } from './sha256.ts';
import type { Database } from './sql.ts';

/** The packets whose record has had its effect and is not kept: what they were stays as sizes and digests. */
export const emptiedSchema = `
  CREATE TABLE IF NOT EXISTS packet_emptied (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    view TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Deletes the bytes of a packet's record, within the transaction of its effect; the same packet again is still known as the same. */
export async function emptyPacket(database: Database, id: string): Promise<void> {
  const row = await database.get<{ record: Uint8Array }>('SELECT record FROM packet WHERE id = ?', [id]);
  const record = row && readRecord(row.record);
  if (!record) return;
  await database.run('INSERT INTO packet_emptied VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
    id,
    sha256(row.record),
    JSON.stringify(describe(record)),
  ]);
  await database.run('UPDATE packet SET record = ? WHERE id = ?', [new Uint8Array(0), id]);
}

/** What an emptied packet was, as an operator sees it. */
export async function emptiedView(database: Database, id: string): Promise<Described<LimenRecord> | undefined> {
  const row = await database.get<{ view: string }>('SELECT view FROM packet_emptied WHERE id = ?', [id]);
  return row && (JSON.parse(row.view) as Described<LimenRecord>);
}

/** Whether an emptied packet held this record. */
export async function wasSame(database: Database, id: string, plain: Uint8Array): Promise<boolean> {
  const same = await database.get('SELECT 1 FROM packet_emptied WHERE id = ? AND sha256 = ?', [id, sha256(plain)]);
  return same !== undefined;
}
