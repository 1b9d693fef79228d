import type { Database } from '../sql.ts';
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
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<SltdRegister> {
    await database.exec(schema);
    return new SltdRegister(database);
  }

  /** Enters a document. */
  async report(number: string, kind: DocumentLoss): Promise<void> {
    await this.#database.run('INSERT INTO sltd_document VALUES (?, ?) ON CONFLICT DO NOTHING', [
      documentKey(number),
      kind,
    ]);
  }

  async search(documentNumber: string): Promise<Match[]> {
    const rows = await this.#database.all<{ kind: DocumentLoss }>(
      'SELECT kind FROM sltd_document WHERE number_key = ? ORDER BY kind',
      [documentKey(documentNumber)],
    );
    return rows.map(({ kind }) => ({
      kind,
      hit: { source: 'SLTD', kind: 'HIT', action: 'inspect-document', facts: {} },
    }));
  }
}
