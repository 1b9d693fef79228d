import type Database from 'better-sqlite3';
import type { VisaFacts } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import { documentKey, stateKey } from './keys.ts';
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
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
    database.exec(schema);
  }

  /** Enters a visa, or enters it anew. */
  issue({ sticker, document, validFrom, validUntil, days, entries, revoked = false }: Visa): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO vis_visa VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        sticker,
        documentKey(document.number),
        stateKey(document.issuingState),
        validFrom,
        validUntil,
        days,
        entries === 'many' ? null : entries,
        Number(revoked),
      );
  }

  search({ document, today }: Question): Match[] {
    if (!document) return [];
    return this.#of(document).map(({ revoked, ...facts }) => {
      const valid = !revoked && facts.validFrom <= today && today <= facts.validUntil;
      const action = valid ? 'visa-valid' : 'visa-not-valid';
      return { kind: 'visa', hit: { source: 'VIS', kind: 'HIT', action, facts } };
    });
  }

  /** The visa that holds on a day, the one that lasts longest if there are several: EES counts by it (Reg. (EU) 2017/2226 Art. 8). */
  holding(document: DocumentReference, day: Day): VisaFacts | undefined {
    return this.#of(document)
      .filter(({ revoked, validFrom, validUntil }) => !revoked && validFrom <= day && day <= validUntil)
      .toSorted((a, b) => b.validUntil.localeCompare(a.validUntil))[0];
  }

  #of({ number, issuingState }: DocumentReference): (VisaFacts & { revoked: boolean })[] {
    const rows = this.#database
      .prepare(
        `SELECT sticker, valid_from AS validFrom, valid_until AS validUntil, days, entries, revoked FROM vis_visa
         WHERE number_key = ? AND issuing_state = ? ORDER BY sticker`,
      )
      .all(documentKey(number), stateKey(issuingState)) as Row[];
    return rows.map(({ entries, revoked, ...row }) => ({ ...row, entries: entries ?? 'many', revoked: revoked === 1 }));
  }
}
