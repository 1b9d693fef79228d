import type Database from 'better-sqlite3';
import { Fault } from '../../main/contract/fault.ts';
import { type SearchAction, silentActions } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import { documentKey, nameKey, stateKey } from './keys.ts';
import type { DocumentReference, Identity, Match, Question } from './register.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS sis_alert (
    reference TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    expires_on TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sis_identity (
    surname_key TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    given_names_key TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (surname_key, birth_date, given_names_key, reference)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sis_document (
    number_key TEXT NOT NULL,
    issuing_state TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (number_key, issuing_state, reference)
  ) STRICT, WITHOUT ROWID;
`;

/** What is to be done about each kind of alert, and which are hidden from the person. Configuration, by national law (R19). */
export type AlertKinds = Readonly<Record<string, { readonly action: SearchAction; readonly silent: boolean }>>;

/** An alert on a person, who may have several identities, or on a document. It has no text here: none is needed (R17). */
export interface SisAlert {
  readonly reference: string;
  readonly kind: string;
  readonly expiresOn: Day;
  readonly identities: readonly Identity[];
  readonly documents: readonly DocumentReference[];
}

/** The Schengen Information System: alerts on persons and on documents. Fault: `config.invalid` for a kind nobody has said what to do about. */
export class SisRegister {
  readonly #database: Database.Database;
  readonly #kinds: AlertKinds;

  constructor(database: Database.Database, kinds: AlertKinds) {
    this.#database = database;
    this.#kinds = kinds;
    database.exec(schema);
    const there = database.prepare('SELECT DISTINCT kind FROM sis_alert').pluck().all() as string[];
    for (const kind of there) this.#toDo(kind);
  }

  /** Enters an alert, or enters it anew. */
  enter({ reference, kind, expiresOn, identities, documents }: SisAlert): void {
    this.#toDo(kind);
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM sis_identity WHERE reference = ?').run(reference);
      this.#database.prepare('DELETE FROM sis_document WHERE reference = ?').run(reference);
      this.#database.prepare('INSERT OR REPLACE INTO sis_alert VALUES (?, ?, ?)').run(reference, kind, expiresOn);
      for (const { surname, givenNames, birthDate } of identities)
        this.#database
          .prepare('INSERT OR IGNORE INTO sis_identity VALUES (?, ?, ?, ?)')
          .run(nameKey(surname), birthDate, nameKey(givenNames), reference);
      for (const { number, issuingState } of documents)
        this.#database
          .prepare('INSERT OR IGNORE INTO sis_document VALUES (?, ?, ?)')
          .run(documentKey(number), stateKey(issuingState), reference);
    })();
  }

  search({ document, identity, kinds, today }: Question): Match[] {
    const rows = this.#database
      .prepare(
        `SELECT reference, kind FROM sis_alert
         WHERE expires_on >= :today AND kind IN (SELECT value FROM json_each(:kinds)) AND reference IN (
           SELECT reference FROM sis_document WHERE number_key = :number AND issuing_state = :state
           UNION SELECT reference FROM sis_identity
             WHERE surname_key = :surname AND birth_date = :birthDate AND given_names_key = :givenNames)
         ORDER BY reference`,
      )
      .all({
        today,
        kinds: JSON.stringify(kinds),
        number: document ? documentKey(document.number) : null,
        state: document ? stateKey(document.issuingState) : null,
        surname: identity ? nameKey(identity.surname) : null,
        birthDate: identity?.birthDate ?? null,
        givenNames: identity ? nameKey(identity.givenNames) : null,
      }) as { reference: string; kind: string }[];
    return rows.map(({ reference, kind }) => {
      const { action, silent } = this.#toDo(kind);
      const shown = silent || silentActions.includes(action) ? 'SILENT_HIT' : 'HIT';
      return { kind, hit: { source: 'SIS', kind: shown, action, facts: { reference } } };
    });
  }

  #toDo(kind: string): AlertKinds[string] {
    const toDo = Object.hasOwn(this.#kinds, kind) ? this.#kinds[kind] : undefined;
    if (!toDo) throw new Fault('config.invalid', 'a kind of alert without an action');
    return toDo;
  }
}
