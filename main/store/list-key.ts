import type Database from 'better-sqlite3';
import { storing } from './database.ts';

/** What the store knows of the list that is in use: the name of its file, the key of it, and which it is. */
export interface KeptList {
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** See Lifespan. */
  readonly diesOwnMs: number;
}

/** The row of the store by which a list can be read, and without which it cannot. All of it within the caller's transaction. */
export class ListKey {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Undefined where there is no list. */
  load(): KeptList | undefined {
    return storing(
      () =>
        this.#database
          .prepare(
            'SELECT name, key, version, made_at AS madeAt, dies_own_ms AS diesOwnMs FROM list WHERE key IS NOT NULL',
          )
          .get() as KeptList | undefined,
    );
  }

  /** The least version that may be taken up: the highest there ever was, or what central has ordered. */
  least(): number {
    return storing(() => this.#database.prepare('SELECT least FROM list').pluck().get() as number);
  }

  raise(least: number): void {
    storing(() => this.#database.prepare('UPDATE list SET least = max(least, ?)').run(least));
  }

  /** Puts a list in the place of the one before, whose key is overwritten. */
  replace({ name, key, version, madeAt, diesOwnMs }: KeptList): void {
    storing(() =>
      this.#database
        .prepare(
          `UPDATE list SET least = max(least, :version), name = :name, key = :key, version = :version, made_at = :madeAt,
             dies_own_ms = :diesOwnMs`,
        )
        .run({ name, key, version, madeAt, diesOwnMs }),
    );
  }

  /** Overwrites the key, in its place, and forgets the list. */
  destroy(): void {
    storing(() => {
      this.#database.prepare('UPDATE list SET key = zeroblob(32) WHERE key IS NOT NULL').run();
      this.#database
        .prepare('UPDATE list SET name = NULL, key = NULL, version = NULL, made_at = NULL, dies_own_ms = NULL')
        .run();
    });
  }
}
