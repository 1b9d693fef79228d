import type Database from 'better-sqlite3';

const vacuumPages = 1000;

/** Overwrites what was deleted, gives its pages back to the disk and empties the log: no byte of it is left (R14). */
export function shrink(database: Database.Database): void {
  const checkpoint = () => database.pragma('wal_checkpoint(TRUNCATE)');
  const free = () => database.pragma('freelist_count', { simple: true }) as number;
  checkpoint();
  // In steps, so that the log of what is moved stays small.
  for (let before = Infinity, left = free(); left > 0 && left < before; [before, left] = [left, free()]) {
    database.pragma(`incremental_vacuum(${vacuumPages})`);
    checkpoint();
  }
}
