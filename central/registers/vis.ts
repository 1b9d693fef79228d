import type { VisaFacts } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import type { Database } from '../sql.ts';
import { documentKeys } from './keys.ts';
import type { DocumentReference, Match, Question } from './register.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS vis_visa (
    sticker TEXT PRIMARY KEY,
    number_key TEXT NOT NULL,
    issuing_state TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    days INTEGER NOT NULL,
    entries INTEGER,
    revoked INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS vis_visa_document ON vis_visa (number_key, issuing_state);
`;

/** A visa and the travel document its sticker is in. */
export interface Visa extends VisaFacts {
  readonly document: DocumentReference;
  /** Annulled or revoked (Reg. (EC) 810/2009 Art. 34). */
  readonly revoked?: boolean;
}

type Row = Omit<VisaFacts, 'entries'> & { entries: number | null; revoked: number };

/** The Visa Information System: stickers, their validity, days and entries. */
export class VisRegister {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<VisRegister> {
    await database.exec(schema);
    return new VisRegister(database);
  }

  /** Enters a visa, or enters it anew. */
  async issue({ sticker, document, validFrom, validUntil, days, entries, revoked = false }: Visa): Promise<void> {
    await this.#database.run(
      `INSERT INTO vis_visa VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sticker) DO UPDATE SET
         number_key = excluded.number_key, issuing_state = excluded.issuing_state, valid_from = excluded.valid_from,
         valid_until = excluded.valid_until, days = excluded.days, entries = excluded.entries, revoked = excluded.revoked`,
      [
        sticker,
        ...documentKeys(document),
        validFrom,
        validUntil,
        days,
        entries === 'many' ? null : entries,
        Number(revoked),
      ],
    );
  }

  async search({ document, today }: Question): Promise<Match[]> {
    if (!document) return [];
    return (await this.#of(document)).map(({ revoked, ...facts }) => {
      const valid = !revoked && facts.validFrom <= today && today <= facts.validUntil;
      const action = valid ? 'visa-valid' : 'visa-not-valid';
      return { kind: 'visa', hit: { source: 'VIS', kind: 'HIT', action, facts } };
    });
  }

  /** The visa that holds on a day, the one that lasts longest if there are several: EES counts by it (Reg. (EU) 2017/2226 Art. 8). */
  async holding(document: DocumentReference, day: Day): Promise<VisaFacts | undefined> {
    return (await this.#of(document))
      .filter(({ revoked, validFrom, validUntil }) => !revoked && validFrom <= day && day <= validUntil)
      .toSorted((a, b) => b.validUntil.localeCompare(a.validUntil))[0];
  }

  async #of(document: DocumentReference): Promise<(VisaFacts & { revoked: boolean })[]> {
    const rows = await this.#database.all<Row>(
      `SELECT sticker, valid_from AS "validFrom", valid_until AS "validUntil", days, entries, revoked FROM vis_visa
       WHERE number_key = ? AND issuing_state = ? ORDER BY sticker`,
      documentKeys(document),
    );
    return rows.map(({ entries, revoked, ...row }) => ({ ...row, entries: entries ?? 'many', revoked: revoked === 1 }));
  }
}
