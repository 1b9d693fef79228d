import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import { migrate, refuseNewer } from './migration.ts';
import { tellUnsynced } from './unsynced.ts';

const busyTimeoutMs = 5000;

/**
 * Opens the encrypted database (AEGIS-256 pages, each authenticated), durable at every COMMIT, and brings it up to date.
 * The 32-byte key is used as it is. Faults: `store.corrupt` for a wrong key or altered bytes, `store.failed`, `store.full`.
 */
export function openDatabase(file: string, key: Uint8Array): Database.Database {
  const database = openEncrypted(file, key, refuseNewer);
  try {
    storing(() => migrate(database));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** How a database is written: each COMMIT to the disk, or all of it as it comes, which is worth nothing before it is finished. */
type Writing = 'durably' | 'as-it-comes';

/** The same for a database whose schema is its maker's, who may `refuse` it before anything in it is touched. */
export function openEncrypted(
  file: string,
  key: Uint8Array,
  refuse: (database: Database.Database) => void,
  writing: Writing = 'durably',
): Database.Database {
  if (key.length !== 32) throw new Fault('config.invalid', 'the store key must be 32 bytes');
  return storing(() => {
    const database = new Database(file, { timeout: busyTimeoutMs });
    try {
      // Its log takes on the same mode.
      chmodSync(file, 0o600);
      database.pragma(`cipher='aegis'`);
      database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
      // One writer, which keeps the WAL's index in memory: a file of it would find no room on a full disk.
      database.pragma('locking_mode = EXCLUSIVE');
      refuse(database);
      prepare(database, writing);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function prepare(database: Database.Database, writing: Writing): void {
  const [journal, synchronous] = writing === 'durably' ? (['wal', 2] as const) : (['memory', 0] as const);
  // Asked for before the first table is made: it cannot be changed afterwards.
  database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma(`journal_mode = ${journal}`);
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma('secure_delete = ON');
  database.pragma('temp_store = MEMORY');
  database.pragma('foreign_keys = ON');
  const expected = {
    cipher: 'aegis',
    auto_vacuum: 2,
    journal_mode: journal,
    synchronous,
    secure_delete: 1,
    foreign_keys: 1,
  };
  for (const [pragma, value] of Object.entries(expected)) {
    // A library that ignores a pragma says nothing: what was asked for is read back.
    if (database.pragma(pragma, { simple: true }) !== value) throw new Fault('store.failed', `${pragma} did not hold`);
  }
}

/** Gives every error of SQLite, or of the disk below it, its row in the fault table. A failed sync is told at once (whenUnsynced). */
export function storing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw Fault.from(error, 'store.failed');
    if (failedSyncs.has(error.code)) tellUnsynced();
    throw new Fault(sqliteFault(error.code), error.code, { cause: error });
  }
}

const failedSyncs = new Set(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC']);

function sqliteFault(code: string): 'store.corrupt' | 'store.full' | 'store.failed' {
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return 'store.corrupt';
  return code === 'SQLITE_FULL' ? 'store.full' : 'store.failed';
}
