import type Database from 'better-sqlite3';
import { storing } from './database.ts';

/** What the counter stood at when the store was last marked, and when that was (milliseconds since 1970). */
export interface Mark {
  readonly count: number;
  readonly atMs: number;
}

/** The mark by which an old copy of the store is known. */
export class RollbackMark {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Undefined in a store that no counter has marked. */
  load(): Mark | undefined {
    return storing(
      () => this.#database.prepare('SELECT count, at_ms AS atMs FROM rollback_mark').get() as Mark | undefined,
    );
  }

  /** Durable on return. Faults: `store.full`, `store.failed`, `store.corrupt`. */
  replace({ count, atMs }: Mark): void {
    storing(() =>
      this.#database
        .prepare(
          `INSERT INTO rollback_mark (only, count, at_ms) VALUES (1, ?, ?)
           ON CONFLICT (only) DO UPDATE SET count = excluded.count, at_ms = excluded.at_ms`,
        )
        .run(count, Math.trunc(atMs)),
    );
  }
}
