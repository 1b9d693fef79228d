import type { BiometricsRecord, CrossingRecord, GuardRecord, LimenRecord } from '../../main/contract/record.ts';
import { emptyPacket } from '../emptied.ts';
import { Feed, type Packet } from '../feed.ts';
import { readRecord } from '../opening.ts';
import type { CirRegister } from '../registers/cir.ts';
import type { EesRegister } from '../registers/ees.ts';
import { type Database, oneOf } from '../sql.ts';
import { dayAt } from './calendar.ts';
import type { Enrolments } from './enrolments.ts';

// What could not have an effect waits for a person.
const schema = `
  CREATE TABLE IF NOT EXISTS ees_unassigned (
    record_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const feed = { name: 'ees', kinds: ['crossing', 'guard-decision', 'biometrics'], rowsAtOnce: 32 };

/** What a gate's crossings are, by kiosk: entries or exits, and the IANA time zone its days are counted in. */
export type Gates = Readonly<Record<string, { readonly direction: 'entry' | 'exit'; readonly timeZone: string }>>;

/** What EES is told of, and what not. */
export interface ArrivalRules {
  readonly gates: Gates;
  /** Nationalities that EES does not record (Reg. (EU) 2017/2226 Art. 2(3)), as a machine readable zone has them. */
  readonly exempt: readonly string[];
  /** How many days what a crossing captured waits for an admission; absent: it is not deleted. */
  readonly waitDays?: number;
}

/** Where a crossing has its effects. */
export interface ArrivalEffects {
  readonly ees: EesRegister;
  readonly cir: CirRegister;
  readonly enrolments: Enrolments;
}

/** Why a crossing has no entry in EES yet. */
export type Unassigned = 'gate-unknown' | 'document-absent' | 'record-unreadable';

type Row = Pick<Packet, 'position' | 'id' | 'record'>;

/**
 * Enters admitted crossings of the inbox in EES: clear ones, and referred ones that a guard of the same kiosk admitted, in
 * whichever order the two came. Each record has its effect exactly once (`Feed`).
 */
export class Arrivals {
  readonly #database: Database;
  readonly #ees: EesRegister;
  readonly #rules: ArrivalRules;
  readonly #cir: CirRegister;
  readonly #enrolments: Enrolments;
  #feed!: Feed;

  private constructor(database: Database, { ees, cir, enrolments }: ArrivalEffects, rules: ArrivalRules) {
    [this.#cir, this.#enrolments] = [cir, enrolments];
    this.#database = database;
    this.#ees = ees;
    this.#rules = rules;
  }

  static async open(database: Database, effects: ArrivalEffects, rules: ArrivalRules): Promise<Arrivals> {
    await database.exec(schema);
    const arrivals = new Arrivals(database, effects, rules);
    arrivals.#feed = await Feed.open(database, feed, (packet) => arrivals.#take(packet));
    return arrivals;
  }

  get feed(): Feed {
    return this.#feed;
  }

  /** Takes all that has come since the cursor; gives how many packets that was. */
  advance(): Promise<number> {
    return this.#feed.advance();
  }

  /** Tries again the crossings of gates that were not known then and are now. */
  async retry(): Promise<void> {
    const gates = Object.keys(this.#rules.gates);
    await this.#feed.alone(async () => {
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
    });
  }

  /** Crossings without an effect, and why. */
  unassigned(): Promise<{ recordId: string; reason: Unassigned }[]> {
    return this.#database.all('SELECT record_id AS "recordId", reason FROM ees_unassigned ORDER BY position');
  }

  /** Packets that have yet to have their effect: more than a few for more than a moment need a person. */
  behind(): Promise<number> {
    return this.#feed.behind();
  }

  async #take(row: Row): Promise<void> {
    const record = readRecord(row.record);
    if (!record) return this.#leave(row, 'record-unreadable');
    if (record.kind === 'biometrics') return this.#enrol(record);
    if (record.kind === 'crossing') {
      if (await this.#isAdmitted(record)) await this.#enter(row, record);
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
    if (this.#isExempt(document)) return this.#enrolAllOf(id);
    const gate = this.#gateOf(kioskId);
    if (!gate) return this.#leave(row, 'gate-unknown');
    const { direction, timeZone } = gate;
    const day = dayAt(occurredAt, timeZone);
    await this.#ees.record(
      { ...document, document },
      { recordId: id, direction, at: occurredAt, day, place: kioskId, fallback },
    );
    const passage = await this.#ees.ofPassage(id, day);
    if (passage) await this.#cir.enter('EES', passage.dossier, document, document);
    await this.#enrolAllOf(id);
  }

  /** What came of a crossing before its passage was entered. */
  async #enrolAllOf(crossingRecordId: string): Promise<void> {
    const { crossing_id: crossingId, kiosk_id: kioskId } = (await this.#database.get<{
      crossing_id: string;
      kiosk_id: string;
    }>('SELECT crossing_id, kiosk_id FROM packet WHERE id = ?', [crossingRecordId]))!;
    const rows = await this.#database.all<Pick<Row, 'record'>>(
      `SELECT record FROM packet WHERE crossing_id = ? AND kiosk_id = ? AND kind = 'biometrics' AND length(record) > 0
       ORDER BY position`,
      [crossingId, kioskId],
    );
    for (const { record } of rows) {
      const read = readRecord(record);
      if (read?.kind === 'biometrics') await this.#enrol(read);
    }
  }

  /**
   * Enters what a crossing captured in the dossier of its passage, and deletes it here: it has had its effect. What has no
   * passage yet waits; what never gets one is deleted when its time is over.
   */
  async #enrol(record: BiometricsRecord): Promise<void> {
    const { crossingRecordId, crossingId, kioskId, id } = record;
    const row = await this.#database.get<Pick<Row, 'record'>>(
      `SELECT record FROM packet WHERE id = ? AND crossing_id = ? AND kiosk_id = ? AND kind = 'crossing'`,
      [crossingRecordId, crossingId, kioskId],
    );
    const crossing = row && readRecord(row.record);
    if (crossing?.kind !== 'crossing' || !crossing.document) return;
    const { document, occurredAt } = crossing;
    const day = dayAt(occurredAt, this.#gateOf(kioskId)?.timeZone ?? 'UTC');
    const passage = await this.#ees.ofPassage(crossingRecordId, day);
    if (passage) await this.#enrolments.take(record, { ...passage, birthDate: document.birthDate, day });
    if (passage || (this.#isExempt(document) && (await this.#isAdmitted(crossing))))
      await emptyPacket(this.#database, id);
  }

  /** Deletes what was captured of travellers whom nobody admitted in time; gives how many packets that were. */
  async eraseWaiting(now: Date): Promise<number> {
    const { waitDays } = this.#rules;
    if (waitDays === undefined) return 0;
    const due = new Date(now.getTime() - waitDays * 86_400_000).toISOString();
    return this.#feed.alone(async () => {
      const rows = await this.#database.all<{ id: string }>(
        `SELECT id FROM packet WHERE kind = 'biometrics' AND received_at < ? AND length(record) > 0
           AND position <= (SELECT position FROM ees_cursor)`,
        [due],
      );
      for (const { id } of rows) await emptyPacket(this.#database, id);
      return rows.length;
    });
  }

  async #isAdmitted(record: CrossingRecord): Promise<boolean> {
    return record.outcome === 'clear' || (await this.#others(record)).some(isAdmission);
  }

  #isExempt({ nationality }: { readonly nationality: string }): boolean {
    return this.#rules.exempt.includes(nationality.replaceAll('<', ''));
  }

  #gateOf(kioskId: string): Gates[string] | undefined {
    return Object.hasOwn(this.#rules.gates, kioskId) ? this.#rules.gates[kioskId] : undefined;
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
