import { type Database, oneOf } from '../sql.ts';
import { documentKey, documentKeys, identityKeys, nameKey, stateKey } from './keys.ts';
import type { DocumentReference, Identity, Match, Question } from './register.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS cir_identity (
    reference TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    given_names_key TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    PRIMARY KEY (reference, surname_key, given_names_key, birth_date)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS cir_identity_name ON cir_identity (surname_key, birth_date, given_names_key);
  CREATE TABLE IF NOT EXISTS cir_document (
    number_key TEXT NOT NULL,
    issuing_state TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (number_key, issuing_state, reference)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cir_file (
    reference TEXT NOT NULL,
    system TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (reference, system, file)
  ) STRICT, WITHOUT ROWID;
`;

/** An individual file (Reg. (EU) 2019/817 Art. 18): who, which documents, and which file in which system belongs to it. */
export interface IdentityFile {
  readonly reference: string;
  readonly identities: readonly Identity[];
  readonly documents: readonly DocumentReference[];
  readonly files: readonly { readonly system: string; readonly reference: string }[];
}

/** The Common Identity Repository. A file shows what the asker may see of it; one of which that is nothing is not there. */
export class CirRegister {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<CirRegister> {
    await database.exec(schema);
    return new CirRegister(database);
  }

  /** Makes a file or adds to it. */
  async file({ reference, identities, documents, files }: IdentityFile): Promise<void> {
    const insert = (table: string, ...values: string[]) =>
      this.#database.run(
        `INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
        values,
      );
    await this.#database.transaction(async () => {
      for (const { surname, givenNames, birthDate } of identities)
        await insert('cir_identity', reference, nameKey(surname), nameKey(givenNames), birthDate);
      for (const { number, issuingState } of documents)
        await insert('cir_document', documentKey(number), stateKey(issuingState), reference);
      for (const file of files) await insert('cir_file', reference, file.system, file.reference);
    });
  }

  /** Kinds are the names of the systems whose files may be seen. */
  async search({ document, identity, kinds }: Question): Promise<Match[]> {
    const rows = await this.#database.all<{ reference: string; system: string; file: string }>(
      `SELECT reference, system, file FROM cir_file
       WHERE system IN ${oneOf(kinds)} AND reference IN (
         SELECT reference FROM cir_document WHERE number_key = ? AND issuing_state = ?
         UNION SELECT reference FROM cir_identity
           WHERE surname_key = ? AND given_names_key = ? AND birth_date = ?)
       ORDER BY reference, system, file`,
      [...kinds, ...documentKeys(document), ...identityKeys(identity)],
    );
    return [...Map.groupBy(rows, ({ reference }) => reference)].map(([reference, own]) => {
      const files = own.map(({ system, file }) => ({ system, reference: file }));
      const facts = { reference, files };
      return { kind: own[0]!.system, hit: { source: 'CIR', kind: 'HIT', action: 'consult-identity', facts } };
    });
  }
}
