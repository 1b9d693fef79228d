import { Fault } from '../../main/contract/fault.ts';
import { type SearchAction, silentActions } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import { type Database, oneOf } from '../sql.ts';
import { documentKey, documentKeys, identityKeys, nameKey, stateKey } from './keys.ts';
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
  readonly #database: Database;
  readonly #kinds: AlertKinds;

  private constructor(database: Database, kinds: AlertKinds) {
    this.#database = database;
    this.#kinds = kinds;
  }

  static async open(database: Database, kinds: AlertKinds): Promise<SisRegister> {
    await database.exec(schema);
    const sis = new SisRegister(database, kinds);
    const there = await database.all<{ kind: string }>('SELECT DISTINCT kind FROM sis_alert');
    for (const { kind } of there) sis.#toDo(kind);
    return sis;
  }

  /** Enters an alert, or enters it anew. */
  async enter({ reference, kind, expiresOn, identities, documents }: SisAlert): Promise<void> {
    this.#toDo(kind);
    await this.#database.transaction(
      async () => {
        await this.#database.run('DELETE FROM sis_identity WHERE reference = ?', [reference]);
        await this.#database.run('DELETE FROM sis_document WHERE reference = ?', [reference]);
        await this.#database.run(
          `INSERT INTO sis_alert VALUES (?, ?, ?)
           ON CONFLICT (reference) DO UPDATE SET kind = excluded.kind, expires_on = excluded.expires_on`,
          [reference, kind, expiresOn],
        );
        for (const { surname, givenNames, birthDate } of identities)
          await this.#database.run('INSERT INTO sis_identity VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
            nameKey(surname),
            birthDate,
            nameKey(givenNames),
            reference,
          ]);
        for (const { number, issuingState } of documents)
          await this.#database.run('INSERT INTO sis_document VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
            documentKey(number),
            stateKey(issuingState),
            reference,
          ]);
      },
      { alone: 'sis' },
    );
  }

  async search({ document, identity, kinds, today }: Question): Promise<Match[]> {
    const rows = await this.#database.all<{ reference: string; kind: string }>(
      `SELECT reference, kind FROM sis_alert
       WHERE expires_on >= ? AND kind IN ${oneOf(kinds)} AND reference IN (
         SELECT reference FROM sis_document WHERE number_key = ? AND issuing_state = ?
         UNION SELECT reference FROM sis_identity
           WHERE surname_key = ? AND given_names_key = ? AND birth_date = ?)
       ORDER BY reference`,
      [today, ...kinds, ...documentKeys(document), ...identityKeys(identity)],
    );
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
