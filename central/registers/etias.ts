import type Database from 'better-sqlite3';
import type { Day } from '../ees/stay.ts';
import { documentKey, stateKey } from './keys.ts';
import type { DocumentReference, Match, Question } from './register.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS etias_authorisation (
    reference TEXT PRIMARY KEY,
    number_key TEXT NOT NULL,
    issuing_state TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('issued', 'refused', 'annulled', 'revoked'))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS etias_authorisation_document ON etias_authorisation (number_key, issuing_state);
`;

/** A travel authorisation (Reg. (EU) 2018/1240 Art. 36): it holds for one document, until a day. */
export interface Authorisation {
  readonly reference: string;
  readonly document: DocumentReference;
  readonly validUntil: Day;
  readonly status: 'issued' | 'refused' | 'annulled' | 'revoked';
}

/** The European Travel Information and Authorisation System. */
export class EtiasRegister {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
    database.exec(schema);
  }

  /** Enters a decision, or enters it anew. */
  decide({ reference, document, validUntil, status }: Authorisation): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO etias_authorisation VALUES (?, ?, ?, ?, ?)')
      .run(reference, documentKey(document.number), stateKey(document.issuingState), validUntil, status);
  }

  search({ document, today }: Question): Match[] {
    if (!document) return [];
    const rows = this.#database
      .prepare(
        `SELECT valid_until AS validUntil, status FROM etias_authorisation
         WHERE number_key = ? AND issuing_state = ? ORDER BY reference`,
      )
      .all(documentKey(document.number), stateKey(document.issuingState)) as Pick<
      Authorisation,
      'validUntil' | 'status'
    >[];
    return rows.map(({ validUntil, status }) => {
      const action = status === 'issued' && today <= validUntil ? 'authorisation-valid' : 'authorisation-not-valid';
      return { kind: 'authorisation', hit: { source: 'ETIAS', kind: 'HIT', action, facts: { validUntil } } };
    });
  }
}
