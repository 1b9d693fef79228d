import { fingerPositions } from '../../main/contract/biometrics.ts';
import { type Database, oneOf } from '../sql.ts';
import { type BiometricKind, type BiometricSystem, biometricSystems, type StoredTemplate } from './template.ts';

// A table a system, so that no statement can read across them. A change is told by a number that rises by one with each, so
// that galleries in memory can follow; how many templates of each make there are is counted along.
const tableOf = { EES: 'sbms_ees', VIS: 'sbms_vis', SIS: 'sbms_sis' } as const satisfies Record<
  BiometricSystem,
  string
>;
const schema = `
  ${Object.values(tableOf)
    .map(
      (table) => `CREATE TABLE IF NOT EXISTS ${table} (
    file TEXT NOT NULL,
    kind TEXT NOT NULL,
    slot INTEGER NOT NULL,
    finger INTEGER NOT NULL,
    model TEXT NOT NULL,
    model_version TEXT NOT NULL,
    quality INTEGER NOT NULL,
    template BLOB NOT NULL,
    PRIMARY KEY (file, kind, slot)
  ) STRICT, WITHOUT ROWID;`,
    )
    .join('\n  ')}
  CREATE TABLE IF NOT EXISTS sbms_revision (system TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sbms_change (
    system TEXT NOT NULL,
    revision INTEGER NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (system, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sbms_made (
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    model_version TEXT NOT NULL,
    templates INTEGER NOT NULL,
    PRIMARY KEY (system, kind, model, model_version)
  ) STRICT, WITHOUT ROWID;
  ${biometricSystems.map((system) => `INSERT INTO sbms_revision VALUES ('${system}', 0) ON CONFLICT DO NOTHING;`).join('\n  ')}
`;

/** Changes that are remembered: a gallery that is further behind reads everything anew. */
const changesKept = 10_000;

const columns = 'file, kind, slot, finger, model, model_version AS version, quality, template';

interface Row extends Omit<StoredTemplate, 'position'> {
  readonly file: string;
  readonly slot: number;
  readonly finger: number;
}

/** A template and the file it belongs to, with its place in the table. */
export interface FiledTemplate extends StoredTemplate {
  readonly file: string;
  readonly slot: number;
}

/** How many templates of a make a system has. */
export interface Made {
  readonly kind: BiometricKind;
  readonly model: string;
  readonly version: string;
  readonly templates: number;
}

/** The templates of the systems in the database. */
export class Templates {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<Templates> {
    await database.exec(schema);
    return new Templates(database);
  }

  /** Puts templates in the place of those of their kind that a file has. */
  put(system: BiometricSystem, file: string, kind: BiometricKind, templates: readonly StoredTemplate[]): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#clear(system, file, kind);
      for (const [slot, { position, model, version, quality, template }] of templates.entries()) {
        const finger = fingerPositions.indexOf(position);
        await this.#database.run(`INSERT INTO ${tableOf[system]} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, [
          file,
          kind,
          slot,
          finger,
          model,
          version,
          Math.floor(quality),
          template,
        ]);
        await this.#count(system, kind, model, version, 1);
      }
      await this.#tell(system, file);
    });
  }

  /** Deletes all that a file has; gives how many templates that was. */
  erase(system: BiometricSystem, file: string): Promise<number> {
    return this.#database.transaction(async () => {
      const erased = (await this.#clear(system, file, 'finger')) + (await this.#clear(system, file, 'face'));
      if (erased > 0) await this.#tell(system, file);
      return erased;
    });
  }

  /** Templates of some files, by file. */
  async of(system: BiometricSystem, files: readonly string[]): Promise<Map<string, FiledTemplate[]>> {
    if (files.length === 0) return new Map();
    const rows = await this.#database.all<Row>(
      `SELECT ${columns} FROM ${tableOf[system]} WHERE file IN ${oneOf(files)} ORDER BY file, kind, slot`,
      files,
    );
    return Map.groupBy(rows.map(readRow), ({ file }) => file);
  }

  /** Templates of a system in the order of their places, from after one. */
  async after(
    system: BiometricSystem,
    { file, kind, slot }: Pick<FiledTemplate, 'file' | 'kind' | 'slot'>,
    limit: number,
  ): Promise<FiledTemplate[]> {
    const rows = await this.#database.all<Row>(
      `SELECT ${columns} FROM ${tableOf[system]} WHERE (file, kind, slot) > (?, ?, ?) ORDER BY file, kind, slot LIMIT ?`,
      [file, kind, slot, limit],
    );
    return rows.map(readRow);
  }

  /** What a system holds, by make. */
  made(system: BiometricSystem): Promise<Made[]> {
    return this.#database.all<Made>(
      `SELECT kind, model, model_version AS version, templates FROM sbms_made WHERE system = ? AND templates > 0
       ORDER BY kind, model, model_version`,
      [system],
    );
  }

  /** The number of the last change of a system. */
  async revision(system: BiometricSystem): Promise<number> {
    const row = await this.#database.get<{ revision: number }>('SELECT revision FROM sbms_revision WHERE system = ?', [
      system,
    ]);
    return row?.revision ?? 0;
  }

  /** Files that changed after a revision, and which is the last; undefined when that is too long ago to be known. */
  async changes(system: BiometricSystem, after: number): Promise<{ files: string[]; revision: number } | undefined> {
    const rows = await this.#database.all<{ revision: number; file: string }>(
      'SELECT revision, file FROM sbms_change WHERE system = ? AND revision > ? ORDER BY revision LIMIT 1000',
      [system, after],
    );
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return { files: [], revision: after };
    if (first.revision !== after + 1) return undefined;
    return { files: [...new Set(rows.map(({ file }) => file))], revision: last.revision };
  }

  async #clear(system: BiometricSystem, file: string, kind: BiometricKind): Promise<number> {
    const where = `FROM ${tableOf[system]} WHERE file = ? AND kind = ?`;
    const rows = await this.#database.all<{ model: string; version: string }>(
      `SELECT model, model_version AS version ${where}`,
      [file, kind],
    );
    for (const { model, version } of rows) await this.#count(system, kind, model, version, -1);
    if (rows.length > 0) await this.#database.run(`DELETE ${where}`, [file, kind]);
    return rows.length;
  }

  async #count(system: BiometricSystem, kind: BiometricKind, model: string, version: string, by: number) {
    await this.#database.run(
      `INSERT INTO sbms_made VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (system, kind, model, model_version) DO UPDATE SET templates = sbms_made.templates + excluded.templates`,
      [system, kind, model, version, by],
    );
  }

  /** Two that change one system take turns here, so that numbers are given in the order of the commits. */
  async #tell(system: BiometricSystem, file: string) {
    await this.#database.run('UPDATE sbms_revision SET revision = revision + 1 WHERE system = ?', [system]);
    const revision = await this.revision(system);
    await this.#database.run('INSERT INTO sbms_change VALUES (?, ?, ?)', [system, revision, file]);
    await this.#database.run('DELETE FROM sbms_change WHERE system = ? AND revision <= ?', [
      system,
      revision - changesKept,
    ]);
  }
}

function readRow({ finger, ...row }: Row): FiledTemplate {
  return { ...row, position: fingerPositions[finger] ?? 'unknown', template: new Uint8Array(row.template) };
}
