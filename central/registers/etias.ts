import type { Day } from '../ees/stay.ts';
import type { Database } from '../sql.ts';
import { documentKeys } from './keys.ts';
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
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<EtiasRegister> {
    await database.exec(schema);
    return new EtiasRegister(database);
  }

  /** Enters a decision, or enters it anew. */
  async decide({ reference, document, validUntil, status }: Authorisation): Promise<void> {
    await this.#database.run(
      `INSERT INTO etias_authorisation VALUES (?, ?, ?, ?, ?) ON CONFLICT (reference) DO UPDATE SET
         number_key = excluded.number_key, issuing_state = excluded.issuing_state,
         valid_until = excluded.valid_until, status = excluded.status`,
      [reference, ...documentKeys(document), validUntil, status],
    );
  }

  async search({ document, today }: Question): Promise<Match[]> {
    const rows = await this.#database.all<Pick<Authorisation, 'validUntil' | 'status'>>(
      `SELECT valid_until AS "validUntil", status FROM etias_authorisation
       WHERE number_key = ? AND issuing_state = ? ORDER BY reference`,
      documentKeys(document),
    );
    return rows.map(({ validUntil, status }) => {
      const action = status === 'issued' && today <= validUntil ? 'authorisation-valid' : 'authorisation-not-valid';
      return { kind: 'authorisation', hit: { source: 'ETIAS', kind: 'HIT', action, facts: { validUntil } } };
    });
  }
}
