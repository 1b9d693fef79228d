import type Database from 'better-sqlite3';
import { documentKey } from './keys.ts';
import type { Match } from './register.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS sltd_document (
    number_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stolen', 'lost', 'revoked', 'stolen-blank')),
    PRIMARY KEY (number_key, kind)
  ) STRICT, WITHOUT ROWID;
`;

/** Why a document is on the list. */
export type DocumentLoss = 'stolen' | 'lost' | 'revoked' | 'stolen-blank';

/**
 * Interpol's Stolen and Lost Travel Documents. Its owner learns nothing (Reg. (EU) 2019/817 Art. 9(5), R21): it is asked for a
 * number and nothing else, it writes nothing down, and a question is the same whether or not it hits.
 */
export class SltdRegister {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
    database.exec(schema);
  }

  /** Enters a document. */
  report(number: string, kind: DocumentLoss): void {
    this.#database.prepare('INSERT OR IGNORE INTO sltd_document VALUES (?, ?)').run(documentKey(number), kind);
  }

  search(documentNumber: string): Match[] {
    const rows = this.#database
      .prepare('SELECT kind FROM sltd_document WHERE number_key = ? ORDER BY kind')
      .all(documentKey(documentNumber)) as { kind: DocumentLoss }[];
    return rows.map(({ kind }) => ({
      kind,
      hit: { source: 'SLTD', kind: 'HIT', action: 'inspect-document', facts: {} },
    }));
  }
}
