import { emptiedSchema } from './emptied.ts';
import { Partials } from './partials.ts';
import { PostgresDatabase } from './postgres.ts';
import type { Database } from './sql.ts';
import { SqliteDatabase } from './sqlite.ts';

// A packet is stored once, by its id. An arrival is noted for every number a kiosk used, taken or refused.
// What was sealed to a key that was revoked when it came is marked: others may have read it.
const schema = `
  CREATE TABLE IF NOT EXISTS packet (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kiosk_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    crossing_id TEXT,
    occurred_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    record BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS packet_crossing ON packet (crossing_id);
  CREATE INDEX IF NOT EXISTS packet_capture ON packet (received_at) WHERE kind = 'biometrics' AND length(record) > 0;
  CREATE INDEX IF NOT EXISTS packet_log ON packet (received_at) WHERE kind = 'audit';
  CREATE TABLE IF NOT EXISTS revoked_seal (
    packet_id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS arrival (
    kiosk_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    packet_id TEXT,
    refusal TEXT,
    PRIMARY KEY (kiosk_id, epoch, sequence)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Opens central's durable database: that of a URL, or else a file that is encrypted with a 32-byte key.
 * Fault: `store.corrupt`, `store.failed`, `config.invalid`.
 */
export async function openCentralDatabase(file: string, key: Uint8Array, url?: string): Promise<Database> {
  const database = url === undefined ? new SqliteDatabase(file, key) : await PostgresDatabase.open(url);
  try {
    await database.exec(schema + emptiedSchema);
    await Partials.prepare(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
