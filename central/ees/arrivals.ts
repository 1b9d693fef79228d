import type Database from 'better-sqlite3';
import type { CrossingRecord, GuardRecord, LimenRecord } from '../../main/contract/record.ts';
import { readRecord } from '../opening.ts';
import type { EesRegister } from '../registers/ees.ts';
import { dayAt } from './calendar.ts';

// The cursor says up to which packet of the inbox everything has had its effect. What could not have one waits for a person.
const schema = `
  CREATE TABLE IF NOT EXISTS ees_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO ees_cursor VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS ees_unassigned (
    record_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const maxRowsAtOnce = 32;

/** What a gate's crossings are, by kiosk: entries or exits, and the IANA time zone its days are counted in. */
export type Gates = Readonly<Record<string, { readonly direction: 'entry' | 'exit'; readonly timeZone: string }>>;

/** What EES is told of, and what not. */
export interface ArrivalRules {
  readonly gates: Gates;
  /** Nationalities that EES does not record (Reg. (EU) 2017/2226 Art. 2(3)), as a machine readable zone has them. */
  readonly exempt: readonly string[];
}

/** Why a crossing has no entry in EES yet. */
export type Unassigned = 'gate-unknown' | 'document-absent' | 'record-unreadable';

interface Row {
  readonly position: number;
  readonly id: string;
  readonly record: Uint8Array;
}

/**
 * Enters admitted crossings of the inbox in EES: clear ones, and referred ones that a guard of the same kiosk admitted, in
 * whichever order the two came. Effect and cursor are of one transaction, so that each record has its effect exactly once.
 */
export class Arrivals {
  readonly #database: Database.Database;
  readonly #ees: EesRegister;
  readonly #rules: ArrivalRules;

  constructor(database: Database.Database, ees: EesRegister, rules: ArrivalRules) {
    this.#database = database;
    this.#ees = ees;
    this.#rules = rules;
    database.exec(schema);
  }

  /** Takes all that has come since the cursor; gives how many packets that was. */
  advance(): number {
    let taken = 0;
    for (;;) {
      const step = this.#database.transaction(() => this.#step()).immediate();
      taken += step;
      if (step < maxRowsAtOnce) return taken;
    }
  }

  /** Tries again the crossings of gates that were not known then and are now. */
  retry(): void {
    this.#database
      .transaction(() => {
        const ids = this.#database
          .prepare(
            `SELECT record_id FROM ees_unassigned JOIN packet ON packet.id = record_id
             WHERE reason = 'gate-unknown' AND kiosk_id IN (SELECT value FROM json_each(?))`,
          )
          .pluck()
          .all(JSON.stringify(Object.keys(this.#rules.gates))) as string[];
        for (const id of ids) {
          this.#database.prepare('DELETE FROM ees_unassigned WHERE record_id = ?').run(id);
          this.#take(this.#database.prepare('SELECT position, id, record FROM packet WHERE id = ?').get(id) as Row);
        }
      })
      .immediate();
  }

  /** Crossings without an effect, and why. */
  unassigned(): { recordId: string; reason: Unassigned }[] {
    return this.#database
      .prepare('SELECT record_id AS recordId, reason FROM ees_unassigned ORDER BY position')
      .all() as { recordId: string; reason: Unassigned }[];
  }

  /** Packets that have yet to have their effect: more than a few for more than a moment need a person. */
  behind(): number {
    return this.#database
      .prepare('SELECT count(*) FROM packet WHERE position > (SELECT position FROM ees_cursor)')
      .pluck()
      .get() as number;
  }

  #step(): number {
    const rows = this.#database
      .prepare(
        `SELECT position, id, record FROM packet WHERE position > (SELECT position FROM ees_cursor)
         ORDER BY position LIMIT ?`,
      )
      .all(maxRowsAtOnce) as Row[];
    for (const row of rows) this.#take(row);
    const last = rows.at(-1);
    if (last) this.#database.prepare('UPDATE ees_cursor SET position = ?').run(last.position);
    return rows.length;
  }

  #take(row: Row): void {
    const record = readRecord(row.record);
    if (!record) return this.#leave(row, 'record-unreadable');
    if (record.kind === 'crossing') {
      if (record.outcome === 'clear' || this.#others(record).some(isAdmission)) this.#enter(row, record);
    } else if (isAdmission(record)) {
      // A crossing that has yet to come finds the admission when it does.
      for (const other of this.#others(record))
        if (other.kind === 'crossing') this.#enter({ ...row, id: other.id }, other);
    }
  }

  #enter(row: Pick<Row, 'id' | 'position'>, { id, document, kioskId, occurredAt, fallback }: CrossingRecord): void {
    if (!document) return this.#leave(row, 'document-absent');
    if (this.#rules.exempt.includes(document.nationality.replaceAll('<', ''))) return;
    const gate = Object.hasOwn(this.#rules.gates, kioskId) ? this.#rules.gates[kioskId] : undefined;
    if (!gate) return this.#leave(row, 'gate-unknown');
    const { direction, timeZone } = gate;
    this.#ees.record(
      { ...document, document },
      { recordId: id, direction, at: occurredAt, day: dayAt(occurredAt, timeZone), place: kioskId, fallback },
    );
  }

  /** The other records of the same crossing at the same kiosk. */
  #others({ id, crossingId, kioskId }: CrossingRecord | GuardRecord): LimenRecord[] {
    const rows = this.#database
      .prepare(
        `SELECT record FROM packet WHERE crossing_id = ? AND kiosk_id = ? AND id <> ?
           AND kind IN ('crossing', 'guard-decision') ORDER BY position`,
      )
      .all(crossingId, kioskId, id) as Pick<Row, 'record'>[];
    return rows.flatMap(({ record }) => readRecord(record) ?? []);
  }

  #leave({ id, position }: Pick<Row, 'id' | 'position'>, reason: Unassigned): void {
    this.#database.prepare('INSERT OR REPLACE INTO ees_unassigned VALUES (?, ?, ?)').run(id, position, reason);
  }
}

const isAdmission = (record: LimenRecord): record is GuardRecord =>
  record.kind === 'guard-decision' && record.outcome === 'admit';
