import type Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import { crossing } from './migrations/0010-crossing.ts';
import { outbox } from './migrations/0020-outbox.ts';
import { watchlist } from './migrations/0030-watchlist.ts';
import { lanes } from './migrations/0040-lanes.ts';
import { keyDocument } from './migrations/0060-key-document.ts';
import { rollbackMark } from './migrations/0070-rollback-mark.ts';
import { audit } from './migrations/0090-audit.ts';
import { list } from './migrations/0120-list.ts';
import { tally } from './migrations/0130-tally.ts';
import { listMetadata } from './migrations/0140-list-metadata.ts';
import type { Migration } from './step.ts';

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [
  crossing,
  outbox,
  watchlist,
  lanes,
  keyDocument,
  rollbackMark,
  audit,
  list,
  tally,
  listMetadata,
];

/** Refuses a database that a newer program wrote, before anything in it is touched. Fault: `store.failed`. */
export function refuseNewer(database: Database.Database, steps: readonly Migration[] = migrations): void {
  const newest = steps.at(-1)?.version ?? 0;
  const version = versionOf(database);
  if (version > newest)
    throw new Fault('store.failed', `the store is of version ${version}, this program knows ${newest}`);
}

/** Applies the steps the database has not seen, each in a transaction of its own. */
export function migrate(database: Database.Database, steps: readonly Migration[] = migrations): void {
  const version = versionOf(database);
  for (const step of steps.filter((step) => step.version > version)) {
    database.transaction(() => {
      database.exec(step.up);
      database.pragma(`user_version = ${step.version}`);
    })();
  }
}

function versionOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}
