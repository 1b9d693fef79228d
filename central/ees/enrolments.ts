import { fingerPositions } from '../../main/contract/biometrics.ts';
import type { BiometricsRecord } from '../../main/contract/record.ts';
import type { Links } from '../mid/links.ts';
import type { Sbms } from '../sbms/sbms.ts';
import type { Database } from '../sql.ts';
import { type Captured, enrolmentOf, type FingerState } from './enrolment.ts';
import type { Day } from './stay.ts';

// What a dossier has of its holder: since which event, or why there is nothing. Images are kept where the rules say so.
const schema = `
  CREATE TABLE IF NOT EXISTS ees_enrolment (
    dossier TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (dossier, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ees_image (
    dossier TEXT NOT NULL,
    kind TEXT NOT NULL,
    slot INTEGER NOT NULL,
    finger INTEGER NOT NULL,
    quality INTEGER NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    image BLOB NOT NULL,
    PRIMARY KEY (dossier, kind, slot)
  ) STRICT, WITHOUT ROWID;
`;

type Kind = 'finger' | 'face';

/** Whose dossier a capture belongs to, and the day it was taken there. */
export interface Holder {
  readonly dossier: string;
  readonly birthDate: Day;
  readonly day: Day;
  readonly visa: boolean;
}

/** What a dossier has of one kind. */
export interface Enrolled {
  readonly kind: Kind;
  readonly state: FingerState;
  readonly event: string;
}

/**
 * The biometrics of EES's dossiers (Reg. (EU) 2017/2226 Art. 15 to 17): templates in the matching service, each with its quality
 * (R10), and here what was taken when. The earliest capture that is good enough stays, in whatever order captures come; among
 * reasons for having none the latest counts, and none of them counts beside fingers (R27).
 */
export class Enrolments {
  readonly #database: Database;
  readonly #sbms: Sbms;
  readonly #links: Links;
  readonly #keepImages: Readonly<Record<Kind, boolean>>;

  private constructor(database: Database, sbms: Sbms, links: Links, keepImages: Readonly<Record<Kind, boolean>>) {
    [this.#database, this.#sbms, this.#links, this.#keepImages] = [database, sbms, links, keepImages];
  }

  static async open(
    database: Database,
    sbms: Sbms,
    links: Links,
    keepImages: Readonly<Record<Kind, boolean>>,
  ): Promise<Enrolments> {
    await database.exec(schema);
    return new Enrolments(database, sbms, links, keepImages);
  }

  /** Takes a capture in, within the transaction of its arrival. The same again changes nothing. */
  async take(record: BiometricsRecord, { dossier, ...holder }: Holder): Promise<void> {
    const { face, fingers, fingerState } = enrolmentOf(record, holder, (...all) => this.#sbms.isGood(...all));
    const event = `${record.occurredAt} ${record.id}`;
    await this.#put(dossier, 'finger', fingerState, event, fingers);
    if (face) await this.#put(dossier, 'face', 'taken', event, [face]);
  }

  /** What a dossier has, and what not. */
  of(dossier: string): Promise<Enrolled[]> {
    return this.#database.all<Enrolled>(
      'SELECT kind, state, event FROM ees_enrolment WHERE dossier = ? ORDER BY kind DESC',
      [dossier],
    );
  }

  /** How many images a dossier keeps. */
  async images(dossier: string): Promise<number> {
    const row = await this.#database.get<{ count: number }>(
      'SELECT count(*) AS count FROM ees_image WHERE dossier = ?',
      [dossier],
    );
    return row!.count;
  }

  /** Deletes all that is of a dossier, within the transaction that deletes it. */
  async erase(dossier: string): Promise<void> {
    await this.#database.run('DELETE FROM ees_enrolment WHERE dossier = ?', [dossier]);
    await this.#database.run('DELETE FROM ees_image WHERE dossier = ?', [dossier]);
    await this.#sbms.erase('EES', dossier);
    await this.#links.erase('EES', dossier);
  }

  async #put(
    dossier: string,
    kind: Kind,
    state: FingerState,
    event: string,
    taken: readonly Captured[],
  ): Promise<void> {
    const known = (await this.of(dossier)).find((each) => each.kind === kind);
    if (known && !takesPlace({ kind, state, event }, known)) return;
    await this.#database.run(
      `INSERT INTO ees_enrolment VALUES (?, ?, ?, ?)
       ON CONFLICT (dossier, kind) DO UPDATE SET state = excluded.state, event = excluded.event`,
      [dossier, kind, state, event],
    );
    if (taken.length === 0) return;
    await this.#sbms.store('EES', dossier, kind, taken);
    await this.#links.due('EES', dossier);
    await this.#database.run('DELETE FROM ees_image WHERE dossier = ? AND kind = ?', [dossier, kind]);
    for (const [slot, { position, quality, image, widthPx, heightPx }] of this.#keepImages[kind] ? taken.entries() : [])
      await this.#database.run('INSERT INTO ees_image VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
        dossier,
        kind,
        slot,
        fingerPositions.indexOf(position),
        Math.floor(quality),
        widthPx,
        heightPx,
        image,
      ]);
  }
}

function takesPlace(own: Enrolled, known: Enrolled): boolean {
  if (own.state !== 'taken') return known.state !== 'taken' && own.event > known.event;
  return known.state !== 'taken' || own.event < known.event;
}
