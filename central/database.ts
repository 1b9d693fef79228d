import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '../main/contract/fault.ts';

// A packet is stored once, by its id. An arrival is noted for every number a kiosk used, taken or refused.
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
  CREATE TABLE IF NOT EXISTS arrival (
    kiosk_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    packet_id TEXT,
    refusal TEXT,
    PRIMARY KEY (kiosk_id, epoch, sequence)
  ) STRICT, WITHOUT ROWID;
`;

/** Opens central's encrypted, durable database. The 32-byte key is used as it is. Fault: `store.corrupt`, `config.invalid`. */
export function openCentralDatabase(file: string, key: Uint8Array): Database.Database {
  if (key.length !== 32) throw new Fault('config.invalid', 'the database key must be 32 bytes');
  const database = new Database(file);
  try {
    // Its log takes on the same mode.
    chmodSync(file, 0o600);
    database.pragma(`cipher='aegis'`);
    database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
    database.pragma('journal_mode = WAL');
    // The library's default under WAL is NORMAL, which would lose what a receipt has promised.
    database.pragma('synchronous = FULL');
    database.pragma('secure_delete = ON');
    database.pragma('temp_store = MEMORY');
    if (database.pragma('synchronous', { simple: true }) !== 2)
      throw new Fault('store.failed', 'synchronous did not hold');
    database.exec(schema);
    return database;
  } catch (error) {
    database.close();
    throw Fault.from(error, 'store.corrupt');
  }
}
