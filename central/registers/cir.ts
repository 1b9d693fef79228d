import type { Link } from '../mid/links.ts';
import { verifyBy } from '../mid/link-colour.ts';
import { type Database, oneOf } from '../sql.ts';
import { documentKey, documentKeys, identityKeys, nameKey, stateKey } from './keys.ts';
import type { DocumentReference, FiledMatch, Identity, Question } from './register.ts';

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
  CREATE INDEX IF NOT EXISTS cir_file_owner ON cir_file (system, file);
`;

/** An individual file (Reg. (EU) 2019/817 Art. 18): who, which documents, and which file in which system belongs to it. */
export interface IdentityFile {
  readonly reference: string;
  readonly identities: readonly Identity[];
  readonly documents: readonly DocumentReference[];
  readonly files: readonly { readonly system: string; readonly reference: string }[];
}

interface SystemFile {
  readonly system: string;
  readonly file: string;
}

const fileKey = ({ system, file }: SystemFile) => JSON.stringify([system, file]);

type LinksOf = (system: string, file: string) => Promise<readonly Link[]>;

/** The Common Identity Repository. A file shows what the asker may see of it; one of which that is nothing is not there. */
export class CirRegister {
  readonly #database: Database;
  #links: LinksOf = async () => [];

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

  /** Enters a file of a system with what it knows of its person: in the individual file it belongs to, or in one of its own. */
  async enter(system: string, file: string, identity: Identity, document: DocumentReference): Promise<void> {
    const [owner] = (await this.ownersOf(system, [file])).get(file) ?? [];
    const reference = owner ?? `CIR-${file}`;
    await this.file({ reference, identities: [identity], documents: [document], files: [{ system, reference: file }] });
  }

  /** Takes a file of a system out; an individual file that has no other goes with it. */
  async leave(system: string, file: string): Promise<void> {
    await this.#database.transaction(async () => {
      await this.#database.run('DELETE FROM cir_file WHERE system = ? AND file = ?', [system, file]);
      for (const table of ['cir_identity', 'cir_document'])
        await this.#database.run(`DELETE FROM ${table} WHERE reference NOT IN (SELECT reference FROM cir_file)`);
    });
  }

  /** Kinds are the names of the systems whose files may be seen. */
  async search({ document, identity, files: known = [], kinds }: Question): Promise<FiledMatch[]> {
    const rows = await this.#database.all<{ reference: string; system: string; file: string }>(
      `SELECT reference, system, file FROM cir_file
       WHERE system IN ${oneOf(kinds)} AND (reference IN ${oneOf(known)} OR reference IN (
         SELECT reference FROM cir_document WHERE number_key = ? AND issuing_state = ?
         UNION SELECT reference FROM cir_identity
           WHERE surname_key = ? AND given_names_key = ? AND birth_date = ?))
       ORDER BY reference, system, file`,
      [...kinds, ...known, ...documentKeys(document), ...identityKeys(identity)],
    );
    const groups = Map.groupBy(rows, ({ reference }) => reference);
    const matches: FiledMatch[] = [];
    const shown = new Set<string>();
    for (const [found, own] of groups) {
      if (shown.has(found)) continue;
      const files = new Map(own.map((each) => [fileKey(each), each]));
      const links = await this.#linksOf(files, kinds);
      // What white links join is one person's, and one answer (Art. 33).
      const owners = new Set([found, ...(await this.#ownersOf([...files.values()]))]);
      for (const owner of owners) shown.add(owner);
      const [reference = found, ...others] = [...owners].toSorted();
      const facts = {
        reference,
        files: [...files.values()].map(({ system, file }) => ({ system, reference: file })),
        ...(links.length > 0 && { links }),
      };
      matches.push({
        kind: own[0]!.system,
        file: reference,
        others,
        hit: { source: 'CIR', kind: 'HIT', action: 'consult-identity', facts },
      });
    }
    return matches;
  }

  /** Links are shown from now on, to who may see both files. */
  shows(links: LinksOf): void {
    this.#links = links;
  }

  /** The individual files that files of a system belong to. */
  async ownersOf(system: string, files: readonly string[]): Promise<Map<string, string[]>> {
    return this.#pairs('file', system, files);
  }

  /** The same, of the files of a system that belong to some individual files. */
  async filesOf(system: string, references: readonly string[]): Promise<Map<string, string[]>> {
    return this.#pairs('reference', system, references);
  }

  /** The links of files that may be seen; files that white ones join to them are added to them. */
  async #linksOf(files: Map<string, SystemFile>, kinds: readonly string[]) {
    const links = new Map<string, Link>();
    // A map that grows while it is gone through gives what was added too.
    for (const { system, file } of files.values())
      for (const link of await this.#links(system, file)) {
        if (!kinds.includes(link.system) || !kinds.includes(link.otherSystem)) continue;
        links.set(link.reference, link);
        if (link.colour !== 'white') continue;
        for (const end of [link, { system: link.otherSystem, file: link.otherFile }])
          if (!files.has(fileKey(end))) files.set(fileKey(end), { system: end.system, file: end.file });
      }
    return Array.from(links.values(), (link) => {
      const until = link.colour === 'yellow' ? verifyBy(link) : undefined;
      return { reference: link.reference, colour: link.colour, ...(until && { verifyBy: until }) };
    });
  }

  async #ownersOf(files: readonly SystemFile[]): Promise<string[]> {
    const owners: string[] = [];
    for (const [system, own] of Map.groupBy(files, ({ system }) => system))
      owners.push(
        ...[
          ...(
            await this.ownersOf(
              system,
              own.map(({ file }) => file),
            )
          ).values(),
        ].flat(),
      );
    return owners;
  }

  async #pairs(by: 'file' | 'reference', system: string, of: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.#database.all<{ reference: string; file: string }>(
      `SELECT reference, file FROM cir_file WHERE system = ? AND ${by} IN ${oneOf(of)} ORDER BY file, reference`,
      [system, ...of],
    );
    return new Map(
      [...Map.groupBy(rows, ({ file }) => file)].map(([file, own]) => [file, own.map(({ reference }) => reference)]),
    );
  }
}
