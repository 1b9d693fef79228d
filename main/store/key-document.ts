import type Database from 'better-sqlite3';
import { storing } from './database.ts';

/** The last signed key document of central that the kiosk took up. */
export class KeyDocumentTable {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** The document as it was signed; undefined before the first. */
  load(): string | undefined {
    return storing(() => this.#database.prepare('SELECT jws FROM key_document').pluck().get() as string | undefined);
  }

  /** Puts another in its place; durable on return. Faults: `store.full`, `store.failed`, `store.corrupt`. */
  replace(jws: string): void {
    storing(() =>
      this.#database
        .prepare(
          'INSERT INTO key_document (only, jws) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET jws = excluded.jws',
        )
        .run(jws),
    );
  }
}
