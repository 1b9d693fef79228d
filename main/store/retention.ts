import type Database from 'better-sqlite3';

/** What kind of thing something on the disk of a kiosk is. */
export type DataClass =
  /** Images, templates: sealed, and for central alone. */
  | 'biometrics'
  /** What a document says, what was decided: sealed, and for central alone. */
  | 'alphanumeric'
  /** Ids that mean something only beside a record. */
  | 'references'
  | 'log'
  /** Numbers of which no person can be told. */
  | 'counts'
  | 'keys'
  /** Of the store itself. */
  | 'bookkeeping';

/** What may stay in a table, and for how long (field rules R14 and R15). */
export interface Retention {
  readonly holds: readonly DataClass[];
  /** When a row goes. */
  readonly until: string;
  /** Who takes it away. */
  readonly by: string;
  /** What may not stay even if whoever should have did not: rows for which this holds. They go when the store is opened. */
  readonly overdue?: string;
}

/** Ids of so many delivered packets are remembered. */
export const rememberedDeliveries = 10_000;

/** The ids that are not remembered any longer. */
export const forgottenDeliveries = `sequence <= (SELECT last_sequence FROM ledger) - ${rememberedDeliveries}`;

/**
 * Every table of the store. A kiosk keeps nothing of a traveller once central has it, alphanumeric or biometric: there is no
 * national file here with an end of its own, and the years of Reg. (EU) 2017/2226 Art. 34 are counted at central.
 */
export const retention: Readonly<Record<string, Retention>> = {
  crossing: {
    holds: ['references'],
    until: 'it is concluded and central has its packets, or the traveller has left',
    by: 'the conclusion, the receipt',
    overdue: 'outcome IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox WHERE crossing_id = crossing.id)',
  },
  outbox: {
    holds: ['references'],
    until: 'central has the packet, by a receipt that was verified',
    by: 'the receipt',
  },
  sealed: {
    holds: ['biometrics', 'alphanumeric', 'counts', 'log'],
    until: 'central has the packet, by a receipt that was verified; its pages are overwritten and given back',
    by: 'the receipt; the row goes with its packet',
  },
  delivered: {
    holds: ['references'],
    until: `${rememberedDeliveries} packets later`,
    by: 'a later receipt',
    overdue: forgottenDeliveries,
  },
  ledger: { holds: ['bookkeeping'], until: 'the store is made anew', by: 'nobody' },
  lane: { holds: ['bookkeeping'], until: 'the store is made anew', by: 'nobody' },
  clock: { holds: ['bookkeeping'], until: 'the store is made anew', by: 'nobody' },
  rollback_mark: { holds: ['bookkeeping'], until: 'the next mark', by: 'the guard against old copies' },
  key_document: { holds: ['keys'], until: 'a newer one is taken up', by: 'the key ring' },
  /** The key of the watchlist's file: with it, all of the list goes. */
  list: {
    holds: ['keys', 'bookkeeping'],
    until: 'the next list, 48 hours after the making of this one, or an order from central',
    by: 'the next list, the watch over its life',
  },
  list_metadata: { holds: ['bookkeeping'], until: 'newer metadata are taken up', by: 'the fetching of lists' },
  tally: { holds: ['counts'], until: 'its hour is over and it is large enough', by: 'the keeper of statistics' },
  audit_log: { holds: ['keys', 'bookkeeping'], until: 'the store is made anew', by: 'nobody' },
  audit_line: { holds: ['log'], until: 'central has had it for audit.keepDays', by: 'the keeper of the log' },
  audit_checkpoint: { holds: ['log'], until: 'its lines go', by: 'the keeper of the log' },
  audit_run: { holds: ['references'], until: 'its lines go', by: 'the keeper of the log' },
};

/** Takes away what may not stay, whoever left it; gives how many rows that was. */
export function sweep(database: Database.Database): number {
  return database.transaction(() => {
    let rows = 0;
    for (const [table, { overdue }] of Object.entries(retention))
      if (overdue !== undefined) rows += database.prepare(`DELETE FROM ${table} WHERE ${overdue}`).run().changes;
    return rows;
  })();
}
