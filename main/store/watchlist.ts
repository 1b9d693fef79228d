import type Database from 'better-sqlite3';
import { decode, encode } from 'cborg';
import { Fault } from '../contract/fault.ts';
import { Alert, type WatchlistSnapshot } from '../contract/watchlist.ts';
import type { AuditLog } from './audit.ts';
import { storing } from './database.ts';

/** The local watchlist at rest. It is replaced whole; the list it replaces leaves no byte behind. */
export class WatchlistTable {
  readonly #database: Database.Database;
  readonly #audit: AuditLog;
  readonly #purge: () => void;

  constructor(database: Database.Database, audit: AuditLog, purge: () => void) {
    this.#database = database;
    this.#audit = audit;
    this.#purge = purge;
  }

  /** Puts a list in the place of the one before, all or nothing. */
  replace({ version, issuedAt, alerts }: WatchlistSnapshot): void {
    storing(() =>
      this.#database
        .transaction(() => {
          this.#database.exec('DELETE FROM alert; DELETE FROM watchlist;');
          this.#database
            .prepare('INSERT INTO watchlist (only, version, issued_at) VALUES (1, ?, ?)')
            .run(version, issuedAt);
          const insert = this.#database.prepare('INSERT INTO alert (body) VALUES (?)');
          for (const alert of alerts) insert.run(encode(alert));
          this.#audit.append({ event: 'watchlist-imported', listVersion: version, alerts: alerts.length });
        })
        .immediate(),
    );
    this.#purge();
  }

  /** The list as it was given, or undefined where there is none. Fault: `store.corrupt`. */
  load(): WatchlistSnapshot | undefined {
    return storing(() => {
      const head = this.#database.prepare('SELECT version, issued_at AS issuedAt FROM watchlist').get() as
        { version: string; issuedAt: string } | undefined;
      if (!head) return undefined;
      const rows = this.#database.prepare('SELECT body FROM alert ORDER BY position').iterate();
      const alerts = Array.from(rows as Iterable<{ body: Uint8Array }>, ({ body }) => readAlert(body));
      return { ...head, alerts };
    });
  }
}

function readAlert(body: Uint8Array): Alert {
  const alert = Alert.safeParse(decode(body));
  if (!alert.success) throw new Fault('store.corrupt', 'an alert is not as it was stored');
  return alert.data;
}
