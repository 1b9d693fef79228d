import { newIdentifier } from '../../main/contract/identifier.ts';
import type { LinkVerdict } from '../../main/contract/link.ts';
import type { LinkColour } from '../../main/contract/search.ts';
import type { Probe } from '../sbms/probe.ts';
import type { Sbms } from '../sbms/sbms.ts';
import { type BiometricSystem, biometricSystems, faceOf, fingerOf } from '../sbms/template.ts';
import { type Database, oneOf } from '../sql.ts';
import { authorityOf, linkColour, type MidAuthority, type MidRules, verifyBy } from './link-colour.ts';
import { likenessOf, type Party } from './party.ts';

// A pair of files is linked once: whatever a person has said of it stays, and is never raised again.
const schema = `
  CREATE TABLE IF NOT EXISTS mid_due (system TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (system, file)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mid_link (
    reference TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    file TEXT NOT NULL,
    other_system TEXT NOT NULL,
    other_file TEXT NOT NULL,
    colour TEXT NOT NULL,
    authority TEXT NOT NULL,
    made_at TEXT NOT NULL,
    settled_at TEXT,
    settled_by TEXT,
    reason TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mid_verdict (
    reference TEXT PRIMARY KEY,
    verdict_id TEXT NOT NULL,
    explanation TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS mid_link_file ON mid_link (system, file);
  CREATE INDEX IF NOT EXISTS mid_link_other ON mid_link (other_system, other_file);
`;

/** An identity confirmation file (Reg. (EU) 2019/817 Art. 34): two files, how they are linked, and who judges. */
export interface Link {
  readonly reference: string;
  readonly system: BiometricSystem;
  readonly file: string;
  readonly otherSystem: BiometricSystem;
  readonly otherFile: string;
  readonly colour: LinkColour;
  readonly authority: MidAuthority;
  readonly madeAt: string;
}

/** What links are made from. */
export interface LinksOptions {
  readonly sbms: Sbms;
  readonly rules: MidRules;
  readonly now: () => Date;
  /** Who a file is about; undefined where it is gone. */
  readonly partyOf: (system: BiometricSystem, file: string) => Promise<Party | undefined>;
}

const columns = `reference, system, file, other_system AS "otherSystem", other_file AS "otherFile", colour, authority,
  made_at AS "madeAt"`;

/** The multiple-identity detector (Reg. (EU) 2019/817, chapter V), as far as biometrics bring files together. */
export class Links {
  readonly #database: Database;
  readonly #options: LinksOptions;

  private constructor(database: Database, options: LinksOptions) {
    [this.#database, this.#options] = [database, options];
  }

  static async open(database: Database, options: LinksOptions): Promise<Links> {
    await database.exec(schema);
    return new Links(database, options);
  }

  /** A file's biometrics are new or others: within the transaction that stores them. */
  async due(system: BiometricSystem, file: string): Promise<void> {
    await this.#database.run('INSERT INTO mid_due VALUES (?, ?) ON CONFLICT DO NOTHING', [system, file]);
  }

  /** Links the files that are due; those that could not be looked for everywhere stay due. Gives how many links were made. */
  async advance(signal: AbortSignal): Promise<number> {
    let made = 0;
    for (const { system, file } of await this.#database.all<{ system: BiometricSystem; file: string }>(
      'SELECT system, file FROM mid_due ORDER BY system, file',
    ))
      made += await this.#linkFile(system, file, signal);
    return made;
  }

  /** The links that a file has. */
  of(system: string, file: string): Promise<Link[]> {
    return this.#database.all<Link>(
      `SELECT ${columns} FROM mid_link WHERE (system = ? AND file = ?) OR (other_system = ? AND other_file = ?)
       ORDER BY reference`,
      [system, file, system, file],
    );
  }

  /**
   * A person's verdict on a yellow link, by an authority it belongs to and no other (Art. 29), with what the traveller said. False
   * where there is no such link, or it is not theirs to judge; `before` where this very verdict was taken already.
   */
  async settle(
    { id, link, colour, staffId, reason, explanation }: Omit<LinkVerdict, 'format' | 'version'>,
    authorities: readonly MidAuthority[],
  ): Promise<boolean | 'before'> {
    const settled = await this.#database.run(
      `UPDATE mid_link SET colour = ?, settled_at = ?, settled_by = ?, reason = ?
       WHERE reference = ? AND authority IN ${oneOf(authorities)} AND colour = 'yellow'`,
      [colour, this.#options.now().toISOString(), staffId, reason, link, ...authorities],
    );
    if (settled > 0) await this.#database.run('INSERT INTO mid_verdict VALUES (?, ?, ?)', [link, id, explanation]);
    else if (await this.#database.get('SELECT 1 FROM mid_verdict WHERE reference = ? AND verdict_id = ?', [link, id]))
      return 'before';
    return settled > 0;
  }

  /** The files of a system that are one person's with this one, through white links between them (Art. 33); itself is not among them. */
  async joined(system: BiometricSystem, file: string): Promise<string[]> {
    const found = new Set([file]);
    for (const each of found)
      for (const { colour, system: one, file: a, otherSystem: other, otherFile: b } of await this.of(system, each))
        if (colour === 'white' && one === system && other === system) found.add(a === each ? b : a);
    found.delete(file);
    return [...found];
  }

  /** Deletes what there is of a file, within the transaction that deletes it. */
  async erase(system: BiometricSystem, file: string): Promise<void> {
    await this.#database.run('DELETE FROM mid_due WHERE system = ? AND file = ?', [system, file]);
    await this.#database.run(
      `DELETE FROM mid_verdict WHERE reference IN (SELECT reference FROM mid_link
       WHERE (system = ? AND file = ?) OR (other_system = ? AND other_file = ?))`,
      [system, file, system, file],
    );
    await this.#database.run(
      'DELETE FROM mid_link WHERE (system = ? AND file = ?) OR (other_system = ? AND other_file = ?)',
      [system, file, system, file],
    );
  }

  async #linkFile(system: BiometricSystem, file: string, signal: AbortSignal): Promise<number> {
    const { sbms, partyOf, now } = this.#options;
    const templates = await sbms.templatesOf(system, file);
    const face = templates.filter(({ kind }) => kind === 'face').flatMap((each) => faceOf(each) ?? [])[0];
    const fingers = templates.filter(({ kind }) => kind === 'finger').map(fingerOf);
    const probe: Probe = { fingers, ...(face && { face }), good: true };
    const id = newIdentifier(now().getTime());
    const asker = { queryId: id, authority: 'mid', purpose: 'multiple-identity-detection', caseId: id };
    const found = await Promise.all(
      biometricSystems.map(async (other) => ({ other, ...(await sbms.search(other, probe, asker, signal)) })),
    );
    return this.#database.transaction(
      async () => {
        const own = await partyOf(system, file);
        const linked = new Set((await this.of(system, file)).flatMap(endsOf));
        let made = 0;
        for (const { other, candidates } of own ? found : [])
          for (const candidate of candidates)
            if ((other !== system || candidate.file !== file) && !linked.has(endOf(other, candidate.file)))
              made += await this.#link({ system, file, party: own! }, other, candidate.file);
        if (!own || found.every(({ complete }) => complete))
          await this.#database.run('DELETE FROM mid_due WHERE system = ? AND file = ?', [system, file]);
        return made;
      },
      { alone: 'mid' },
    );
  }

  async #link(
    { system, file, party }: { readonly system: BiometricSystem; readonly file: string; readonly party: Party },
    otherSystem: BiometricSystem,
    otherFile: string,
  ): Promise<number> {
    const other = await this.#options.partyOf(otherSystem, otherFile);
    if (!other) return 0;
    const agreement = {
      biometrics: 'same' as const,
      identity: likenessOf(party.identities, other.identities),
      document: likenessOf(party.documents, other.documents),
    };
    const colour = linkColour(agreement, this.#options.rules);
    if (!colour) return 0;
    const kind = other.alertKind === undefined ? {} : { alertKind: other.alertKind };
    const authority = authorityOf({ system, file }, { system: otherSystem, file: otherFile, ...kind });
    const now = this.#options.now();
    return this.#database.run(
      `INSERT INTO mid_link (reference, system, file, other_system, other_file, colour, authority, made_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [newIdentifier(now.getTime()), system, file, otherSystem, otherFile, colour, authority, now.toISOString()],
    );
  }
}

/** A yellow link that waits for a person, and until when where it is the border authority's. */
export interface WaitingLink extends Pick<Link, 'reference' | 'system' | 'otherSystem' | 'authority' | 'madeAt'> {
  readonly verifyBy?: string;
  readonly overdue: boolean;
}

/** The yellow links, the oldest first: which systems they join, and of whom nothing. */
export async function waitingLinks(database: Database, now: Date): Promise<WaitingLink[]> {
  await database.exec(schema);
  const links = await database.all<Link>(
    `SELECT ${columns} FROM mid_link WHERE colour = 'yellow' ORDER BY made_at, reference`,
  );
  return links.map((link) => {
    const { reference, system, otherSystem, authority, madeAt } = link;
    const until = verifyBy(link);
    const overdue = until !== undefined && until < now.toISOString();
    return { reference, system, otherSystem, authority, madeAt, ...(until && { verifyBy: until }), overdue };
  });
}

const endOf = (system: string, file: string) => JSON.stringify([system, file]);
const endsOf = ({ system, file, otherSystem, otherFile }: Link) => [endOf(system, file), endOf(otherSystem, otherFile)];
