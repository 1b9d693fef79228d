import type Database from 'better-sqlite3';
import { storing } from './database.ts';

/** Roles of signed metadata; the root is always there. */
const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const;

/** Files of metadata as they were signed. */
export type Metadata = { readonly root: Uint8Array } & {
  readonly [role in Exclude<(typeof roles)[number], 'root'>]?: Uint8Array;
};

/** The signed metadata of lists that the kiosk believes: what it believed once it never believes less of. */
export class ListMetadata {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** What is believed, and the digest of the root that it goes back to; undefined before the first. */
  load(): { readonly origin: string; readonly believed: Metadata } | undefined {
    return storing(() => {
      const rows = this.#database.prepare('SELECT role, origin, body FROM list_metadata').all() as {
        role: string;
        origin: string;
        body: Uint8Array;
      }[];
      const root = rows.find(({ role }) => role === 'root');
      if (!root) return undefined;
      return {
        origin: root.origin,
        believed: { root: root.body, ...Object.fromEntries(rows.map(({ role, body }) => [role, body])) },
      };
    });
  }

  /** Puts all that is believed in the place of what was; durable on return. Faults: `store.full`, `store.failed`, `store.corrupt`. */
  replace(origin: string, believed: Metadata): void {
    const replace = this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM list_metadata').run();
      const insert = this.#database.prepare('INSERT INTO list_metadata (role, origin, body) VALUES (?, ?, ?)');
      for (const role of roles) if (believed[role]) insert.run(role, origin, believed[role]);
    });
    storing(() => replace.immediate());
  }
}
