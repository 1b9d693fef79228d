import type { CrossingRecord, GuardRecord, LimenRecord } from '../../main/contract/record.ts';
import { readRecord } from '../opening.ts';
import type { EesRegister } from '../registers/ees.ts';
import { type Database, oneOf } from '../sql.ts';
import { dayAt } from './calendar.ts';

// The cursor says up to which packet of the inbox everything has had its effect. What could not have one waits for a person.
const schema = `
  CREATE TABLE IF NOT EXISTS ees_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
  INSERT INTO ees_cursor VALUES (1, 0) ON CONFLICT DO NOTHING;
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
  readonly #database: Database;
  readonly #ees: EesRegister;
  readonly #rules: ArrivalRules;

  private constructor(database: Database, ees: EesRegister, rules: ArrivalRules) {
    this.#database = database;
    this.#ees = ees;
    this.#rules = rules;
  }

  static async open(database: Database, ees: EesRegister, rules: ArrivalRules): Promise<Arrivals> {
    await database.exec(schema);
    return new Arrivals(database, ees, rules);
  }

  /** Takes all that has come since the cursor; gives how many packets that was. */
  async advance(): Promise<number> {
    let taken = 0;
    for (;;) {
      const step = await this.#database.transaction(() => this.#step(), { alone: 'ees_cursor' });
      taken += step;
      if (step < maxRowsAtOnce) return taken;
    }
  }

  /** Tries again the crossings of gates that were not known then and are now. */
  async retry(): Promise<void> {
    const gates = Object.keys(this.#rules.gates);
    await this.#database.transaction(
      async () => {
        const waiting = await this.#database.all<{ id: string }>(
          `SELECT id FROM ees_unassigned JOIN packet ON packet.id = record_id
           WHERE reason = 'gate-unknown' AND kiosk_id IN ${oneOf(gates)} ORDER BY packet.position`,
          gates,
        );
        for (const { id } of waiting) {
          await this.#database.run('DELETE FROM ees_unassigned WHERE record_id = ?', [id]);
          await this.#take(
            (await this.#database.get<Row>('SELECT position, id, record FROM packet WHERE id = ?', [id]))!,
          );
        }
      },
      { alone: 'ees_cursor' },
    );
  }

  /** Crossings without an effect, and why. */
  unassigned(): Promise<{ recordId: string; reason: Unassigned }[]> {
    return this.#database.all('SELECT record_id AS "recordId", reason FROM ees_unassigned ORDER BY position');
  }

  /** Packets that have yet to have their effect: more than a few for more than a moment need a person. */
  async behind(): Promise<number> {
    const row = await this.#database.get<{ count: number }>(
      'SELECT count(*) AS count FROM packet WHERE position > (SELECT position FROM ees_cursor)',
    );
    return row!.count;
  }

  async #step(): Promise<number> {
    const rows = await this.#database.all<Row>(
      `SELECT position, id, record FROM packet WHERE position > (SELECT position FROM ees_cursor)
       ORDER BY position LIMIT ?`,
      [maxRowsAtOnce],
    );
    for (const row of rows) await this.#take(row);
    const last = rows.at(-1);
    if (last) await this.#database.run('UPDATE ees_cursor SET position = ?', [last.position]);
    return rows.length;
  }

  async #take(row: Row): Promise<void> {
    const record = readRecord(row.record);
    if (!record) return this.#leave(row, 'record-unreadable');
    if (record.kind === 'crossing') {
      if (record.outcome === 'clear' || (await this.#others(record)).some(isAdmission)) await this.#enter(row, record);
    } else if (isAdmission(record)) {
      // A crossing that has yet to come finds the admission when it does.
      for (const other of await this.#others(record))
        if (other.kind === 'crossing') await this.#enter({ ...row, id: other.id }, other);
    }
  }

  async #enter(
    row: Pick<Row, 'id' | 'position'>,
    { id, document, kioskId, occurredAt, fallback }: CrossingRecord,
  ): Promise<void> {
    if (!document) return this.#leave(row, 'document-absent');
    if (this.#rules.exempt.includes(document.nationality.replaceAll('<', ''))) return;
    const gate = Object.hasOwn(this.#rules.gates, kioskId) ? this.#rules.gates[kioskId] : undefined;
    if (!gate) return this.#leave(row, 'gate-unknown');
    const { direction, timeZone } = gate;
    await this.#ees.record(
      { ...document, document },
      { recordId: id, direction, at: occurredAt, day: dayAt(occurredAt, timeZone), place: kioskId, fallback },
    );
  }

  /** The other records of the same crossing at the same kiosk. */
  async #others({ id, crossingId, kioskId }: CrossingRecord | GuardRecord): Promise<LimenRecord[]> {
    const rows = await this.#database.all<Pick<Row, 'record'>>(
      `SELECT record FROM packet WHERE crossing_id = ? AND kiosk_id = ? AND id <> ?
         AND kind IN ('crossing', 'guard-decision') ORDER BY position`,
      [crossingId, kioskId, id],
    );
    return rows.flatMap(({ record }) => readRecord(record) ?? []);
  }

  async #leave({ id, position }: Pick<Row, 'id' | 'position'>, reason: Unassigned): Promise<void> {
    await this.#database.run(
      `INSERT INTO ees_unassigned VALUES (?, ?, ?)
       ON CONFLICT (record_id) DO UPDATE SET position = excluded.position, reason = excluded.reason`,
      [id, position, reason],
    );
  }
}

const isAdmission = (record: LimenRecord): record is GuardRecord =>
  record.kind === 'guard-decision' && record.outcome === 'admit';
