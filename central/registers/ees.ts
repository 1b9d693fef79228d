import type { StayFacts, VisaFacts } from '../../main/contract/search.ts';
import { accountOf, authorisedUntil } from '../ees/account.ts';
import { addDays } from '../ees/calendar.ts';
import { type Itinerary, itineraryOf, type Passage } from '../ees/itinerary.ts';
import { afterExit, type Retention, withoutExit } from '../ees/retention.ts';
import type { Day } from '../ees/stay.ts';
import { type Party, partyKey } from '../mid/party.ts';
import { type Database, oneOf, type SqlValue } from '../sql.ts';
import { documentKeys, identityKeys, stateKey } from './keys.ts';
import type { DocumentReference, FiledMatch, Identity, Question } from './register.ts';

// Before `erase_on` nothing of a dossier is to go; without one it has to be looked at.
const schema = `
  CREATE TABLE IF NOT EXISTS ees_dossier (
    id INTEGER PRIMARY KEY,
    number_key TEXT NOT NULL,
    issuing_state TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    given_names_key TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    nationality TEXT NOT NULL,
    sex TEXT NOT NULL,
    document_expires_on TEXT NOT NULL,
    told_by TEXT NOT NULL,
    of_family INTEGER NOT NULL,
    erase_on TEXT,
    UNIQUE (number_key, issuing_state)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ees_dossier_erase ON ees_dossier (erase_on);
  CREATE INDEX IF NOT EXISTS ees_dossier_name ON ees_dossier (surname_key, birth_date, given_names_key);
  CREATE TABLE IF NOT EXISTS ees_passage (
    record_id TEXT PRIMARY KEY,
    dossier_id INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('entry', 'exit', 'refusal')),
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    fallback INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ees_passage_dossier ON ees_passage (dossier_id, at);
`;

/** The person and the document of a dossier (Reg. (EU) 2017/2226 Art. 16), alphanumeric only. */
export interface Person extends Identity {
  readonly document: DocumentReference & { readonly expiryDate: Day };
  readonly nationality: string;
  readonly sex: string;
  /** A member of the family of a Union citizen: kept for less time. */
  readonly ofFamily?: boolean;
}

/** An entry, an exit or a refusal of entry at a place. */
export interface EesRecord extends Omit<Passage, 'direction'> {
  readonly direction: 'entry' | 'exit' | 'refusal';
  readonly place: string;
  /** Stored while the central system could not be reached (Art. 21). */
  readonly fallback: boolean;
}

/** A dossier as it is kept, with its passages in the order of the events. */
export interface Dossier {
  readonly id: number;
  readonly document: DocumentReference;
  readonly ofFamily: boolean;
  readonly records: readonly EesRecord[];
}

/** What belongs to a dossier elsewhere, and goes with it. */
export interface Belongings {
  /** Within the transaction that deletes the dossier. */
  erase(dossier: string): Promise<void>;
  /** After it. */
  erased(): Promise<void>;
}

/** Erasing holds up those that enter for no longer than so many dossiers take. */
const dossiersAtOnce = 100;

type Holding = (document: DocumentReference, day: Day) => Promise<VisaFacts | undefined>;

/** The Entry/Exit System. A dossier is that of a travel document: who has a new one is known again by biometrics, not here. */
export class EesRegister {
  readonly #database: Database;
  readonly #visaHolding: Holding;
  #belongings: Belongings | undefined;
  #joined: (file: string) => Promise<readonly string[]> = async () => [];

  private constructor(database: Database, visaHolding: Holding) {
    this.#database = database;
    this.#visaHolding = visaHolding;
  }

  /** `visaHolding` is what VIS tells EES of a document on a day (Art. 8). */
  static async open(database: Database, visaHolding: Holding = async () => undefined): Promise<EesRegister> {
    await database.exec(schema);
    return new EesRegister(database, visaHolding);
  }

  /** Makes or extends a dossier. The same record again changes nothing; who the person is, the latest event says. */
  async record(person: Person, { recordId, direction, at, day, place, fallback }: EesRecord): Promise<void> {
    await this.#database.transaction(
      async () => {
        await this.#tell(person, `${at} ${recordId}`);
        await this.#database.run(
          `INSERT INTO ees_passage SELECT ?, id, ?, ?, ?, ?, ? FROM ees_dossier
           WHERE number_key = ? AND issuing_state = ? ON CONFLICT DO NOTHING`,
          [recordId, direction, at, day, place, Number(fallback), ...documentKeys(person.document)],
        );
        await this.#lookAgain(person.document);
      },
      { alone: 'ees' },
    );
  }

  /** Dossiers by document or by name and birth date, as the portal shows them. */
  async search(question: Question): Promise<FiledMatch[]> {
    const { today } = question;
    const matches: FiledMatch[] = [];
    const counted = new Set<number>();
    for (const found of await this.find(question)) {
      if (counted.has(found.id)) continue;
      const files = await this.#joined(dossierReference(found));
      const person = files.length > 0 ? [found, ...(await this.find({ files }))] : [found];
      for (const { id } of person) counted.add(id);
      // The newest speaks for all: its document is the one that is travelled with.
      const [dossier = found, ...others] = person.toSorted((a, b) => b.id - a.id);
      const facts = await this.account(dossier, today, others);
      const late = facts.authorisedUntil !== undefined && facts.authorisedUntil < today;
      const action = late || facts.overBy > 0 ? 'check-overstay' : 'consult-dossier';
      const reference = dossierReference(dossier);
      matches.push({
        kind: 'dossier',
        file: reference,
        others: others.map(dossierReference),
        hit: { source: 'EES', kind: 'HIT', action, facts: { reference, ...facts } },
      });
    }
    return matches;
  }

  /** Dossiers by document, by name and birth date, or by reference. */
  find({ document, identity, files = [] }: Pick<Question, 'document' | 'identity' | 'files'>): Promise<Dossier[]> {
    const ids = files.map(dossierId);
    return this.#read(
      `(number_key = ? AND issuing_state = ?) OR (surname_key = ? AND given_names_key = ? AND birth_date = ?)
       OR id IN ${oneOf(ids)}`,
      [...documentKeys(document), ...identityKeys(identity), ...ids],
    );
  }

  /** The calculator on a day, over a dossier and others of the same person. */
  async account(dossier: Dossier, today: Day, others: readonly Dossier[] = []): Promise<StayFacts> {
    const records = [dossier, ...others]
      .flatMap((each) => each.records)
      .toSorted((a, b) => a.at.localeCompare(b.at) || a.recordId.localeCompare(b.recordId));
    const refusals = records.filter(({ direction }) => direction === 'refusal').length;
    const itinerary = itineraryOf(passagesOf({ records }));
    let visa: VisaFacts | undefined;
    for (const each of [dossier, ...others]) visa ??= await this.#visa(each, itinerary, today);
    return { ...accountOf(itinerary, today, visa), refusals };
  }

  /** Those who have not left though their authorised stay has ended (Art. 12(3)). */
  async overstayers(today: Day): Promise<{ dossier: Dossier; authorisedUntil: Day }[]> {
    const late: { dossier: Dossier; authorisedUntil: Day }[] = [];
    for (const dossier of await this.#read('true', [])) {
      const files = await this.#joined(dossierReference(dossier));
      const others = files.length > 0 ? await this.find({ files }) : [];
      const until = (await this.account(dossier, today, others)).authorisedUntil;
      if (until !== undefined && until < today) late.push({ dossier, authorisedUntil: until });
    }
    return late;
  }

  /** How long each stay and each refusal of a dossier is kept, with the records that go together. */
  async retention(dossier: Dossier): Promise<{ recordIds: readonly string[]; retention: Retention }[]> {
    const { ofFamily, records } = dossier;
    const itinerary = itineraryOf(passagesOf(dossier));
    const kept: { recordIds: readonly string[]; retention: Retention }[] = [];
    for (const [i, { entry, exit }] of itinerary.stays.entries()) {
      const until = ofFamily ? entry : authorisedUntil(itinerary.stays, await this.#visa(dossier, itinerary, entry));
      const retention = exit === undefined ? withoutExit(until ?? entry) : afterExit(exit, ofFamily);
      kept.push({ recordIds: itinerary.passages[i]!.map(({ recordId }) => recordId), retention });
    }
    const refusals = records
      .filter(({ direction }) => direction === 'refusal')
      .map(({ recordId, day }) => ({ recordIds: [recordId], retention: afterExit(day, ofFamily) }));
    return [...kept, ...refusals];
  }

  /** Erases what is to go by a day: records when their time has come, a dossier when it is empty and its own has. */
  async erase(today: Day): Promise<{ records: number; dossiers: number }> {
    const gone = { records: 0, dossiers: 0 };
    for (;;) {
      const step = await this.#database.transaction(() => this.#eraseSome(today), { alone: 'ees' });
      gone.records += step.records;
      gone.dossiers += step.dossiers;
      if (step.looked < dossiersAtOnce) break;
    }
    await this.#belongings?.erased();
    return gone;
  }

  /** Who a dossier is about. */
  async partyOf(file: string): Promise<Party | undefined> {
    const row = await this.#database.get<Record<string, string>>(
      'SELECT surname_key, given_names_key, birth_date, number_key, issuing_state FROM ees_dossier WHERE id = ?',
      [dossierId(file)],
    );
    if (!row) return undefined;
    const { surname_key: surname = '', given_names_key: given = '', birth_date: birth = '' } = row;
    const { number_key: number = '', issuing_state: state = '' } = row;
    return { identities: [partyKey([surname, given, birth])], documents: [partyKey([number, state])] };
  }

  /** Dossiers of one person are answered for together from now on: `joined` names the others of a dossier. */
  joins(joined: (file: string) => Promise<readonly string[]>): void {
    this.#joined = joined;
  }

  /** What is erased with its dossier from now on. */
  belongs(belongings: Belongings): void {
    this.#belongings = belongings;
  }

  /** The dossier that a passage is in, and the visa that held on a day. */
  async ofPassage(recordId: string, day: Day): Promise<{ dossier: string; visa: boolean } | undefined> {
    const row = await this.#database.get<{ id: number; number: string; issuingState: string }>(
      `SELECT id, number_key AS number, issuing_state AS "issuingState" FROM ees_dossier
       WHERE id = (SELECT dossier_id FROM ees_passage WHERE record_id = ?)`,
      [recordId],
    );
    if (!row) return undefined;
    return { dossier: dossierReference(row), visa: (await this.#visaHolding(row, day)) !== undefined };
  }

  /** Looks at a few of the dossiers of which something may have to go by a day; those that stay are due later. */
  async #eraseSome(today: Day): Promise<{ records: number; dossiers: number; looked: number }> {
    const gone = { records: 0, dossiers: 0 };
    const due = await this.#read('erase_on IS NULL OR erase_on <= ?', [today], dossiersAtOnce);
    for (const dossier of due) {
      const kept = await this.retention(dossier);
      const over = kept.filter(({ retention }) => retention.recordEraseOn <= today);
      for (const id of over.flatMap(({ recordIds }) => recordIds))
        gone.records += await this.#database.run('DELETE FROM ees_passage WHERE record_id = ?', [id]);
      const next = nextLook(kept, today);
      if (next > today)
        await this.#database.run('UPDATE ees_dossier SET erase_on = ? WHERE id = ?', [next, dossier.id]);
      else {
        await this.#belongings?.erase(dossierReference(dossier));
        gone.dossiers += await this.#database.run('DELETE FROM ees_dossier WHERE id = ?', [dossier.id]);
      }
    }
    return { ...gone, looked: due.length };
  }

  /** A passage can end a stay, and say of a family what others did not: nothing of it goes in the first one's first year. */
  async #lookAgain(document: DocumentReference): Promise<void> {
    const { day } = (await this.#database.get<{ day: Day }>(
      `SELECT min(day) AS day FROM ees_passage
       WHERE dossier_id = (SELECT id FROM ees_dossier WHERE number_key = ? AND issuing_state = ?)`,
      documentKeys(document),
    ))!;
    await this.#database.run('UPDATE ees_dossier SET erase_on = ? WHERE number_key = ? AND issuing_state = ?', [
      afterExit(day, true).recordEraseOn,
      ...documentKeys(document),
    ]);
  }

  async #tell(person: Person, event: string): Promise<void> {
    const { nationality, sex, document, ofFamily = false } = person;
    await this.#database.run(
      `INSERT INTO ees_dossier (number_key, issuing_state, surname_key, given_names_key, birth_date, nationality, sex,
         document_expires_on, told_by, of_family) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (number_key, issuing_state) DO UPDATE SET surname_key = excluded.surname_key,
         given_names_key = excluded.given_names_key, birth_date = excluded.birth_date,
         nationality = excluded.nationality, sex = excluded.sex, document_expires_on = excluded.document_expires_on,
         told_by = excluded.told_by, of_family = excluded.of_family
       WHERE excluded.told_by > ees_dossier.told_by`,
      [
        ...documentKeys(document),
        ...identityKeys(person),
        stateKey(nationality),
        sex,
        document.expiryDate,
        event,
        Number(ofFamily),
      ],
    );
  }

  /** The visa a stay is counted by: that of the day of entry while the person is inside, else that of the day asked about. */
  #visa({ document }: Dossier, { stays }: Itinerary, today: Day): Promise<VisaFacts | undefined> {
    const last = stays.at(-1);
    return this.#visaHolding(document, last && last.exit === undefined ? last.entry : today);
  }

  async #read(where: string, values: readonly SqlValue[], limit = Number.MAX_SAFE_INTEGER): Promise<Dossier[]> {
    const rows = await this.#database.all<{ id: number; number: string; issuingState: string; ofFamily: number }>(
      `SELECT id, number_key AS number, issuing_state AS "issuingState", of_family AS "ofFamily"
       FROM ees_dossier WHERE ${where} ORDER BY id LIMIT ?`,
      [...values, limit],
    );
    const dossiers: Dossier[] = [];
    for (const { id, number, issuingState, ofFamily } of rows) {
      const records = await this.#database.all<Omit<EesRecord, 'fallback'> & { fallback: number }>(
        `SELECT record_id AS "recordId", direction, at, day, place, fallback FROM ees_passage
         WHERE dossier_id = ? ORDER BY at, record_id`,
        [id],
      );
      dossiers.push({
        id,
        document: { number, issuingState },
        ofFamily: ofFamily === 1,
        records: records.map((record) => ({ ...record, fallback: record.fallback === 1 })),
      });
    }
    return dossiers;
  }
}

/** What other systems call a dossier by. */
export const dossierReference = ({ id }: Pick<Dossier, 'id'>) => `EES-${id}`;
const dossierId = (reference: string) => Number(reference.slice('EES-'.length));

/**
 * When something of a dossier may have to go next; not after today where all of it is to go now. A stay without an exit is
 * looked at three months before its time: what comes to be known of visa or earlier stays can shorten it by 89 days.
 */
function nextLook(kept: readonly { readonly retention: Retention }[], today: Day): Day {
  const left = kept.filter(({ retention }) => retention.recordEraseOn > today);
  const soonest = left.map(({ retention }) => retention.noticeOn ?? retention.recordEraseOn).toSorted()[0];
  if (soonest !== undefined) return soonest > today ? soonest : addDays(today, 1);
  return (
    kept
      .map(({ retention }) => retention.dossierEraseOn)
      .toSorted()
      .at(-1) ?? today
  );
}

const passagesOf = ({ records }: Pick<Dossier, 'records'>) =>
  records.flatMap(({ direction, ...record }) => (direction === 'refusal' ? [] : [{ ...record, direction }]));
