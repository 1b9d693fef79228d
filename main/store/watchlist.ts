import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import type { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import type { ListCopy } from '../contract/list-view.ts';
import type { Alert } from '../contract/watchlist.ts';
import type { AuditLog } from './audit.ts';
import { storing } from './database.ts';
import { syncFolder } from './durable-file.ts';
import { type Draft, type DraftEnds, draftOf, draftOfChanges } from './list-draft.ts';
import { ListFile, type ListHead } from './list-file.ts';
import { type KeptList, ListKey } from './list-key.ts';
import { deathOf, type KnownTime, type Life, lifeOf, type LifeSettings } from './list-life.ts';
import type { Reserve } from './reserve.ts';

/** What the lists are kept with. */
export interface WatchlistOptions {
  /** The store's own file: lists lie beside it. */
  readonly file: string;
  readonly database: Database.Database;
  readonly reserve: Reserve;
  readonly audit: AuditLog;
  /** Empties the store's log of changes. */
  readonly purge: () => void;
  /** Logs what has no transaction of its own. */
  readonly note: (event: AuditEvent) => void;
  readonly settings: LifeSettings;
  readonly known: () => KnownTime;
}

/** What a draft will be, as far as that is known when it is begun. */
export type DraftOf = Partial<Pick<ListHead, 'version' | 'madeAt'>>;

/** Whether there is a list that may be searched; else whether there is none, or why it is shut. */
export type ListState = 'none' | Exclude<Life, 'dead'>;

/** The local watchlist at rest: one list in a file of its own, the key of which is a row of the store, and drafts of the next. */
export class Watchlist {
  readonly #options: WatchlistOptions;
  readonly #key: ListKey;
  /** By what they are known by: those with a file by its name. */
  readonly #drafts = new Map<unknown, { readonly ends: DraftEnds; readonly copy: ListCopy }>();
  #list: { readonly file: ListFile; readonly head: ListHead } | undefined;

  /** Opens the list that is in use, and clears away what an end at a bad moment left. */
  constructor(options: WatchlistOptions) {
    this.#options = options;
    this.#key = new ListKey(options.database);
    const kept = this.#key.load();
    this.#sweep();
    // A list that is dead is not even opened.
    if (!kept || this.state() === 'none') return;
    try {
      const file = ListFile.open(this.#path(kept.name), kept.key);
      const head = file.head();
      this.#list = { file, head };
      // Changes are in the list before they are in the store.
      if (head.version !== kept.version) this.#settle({ ...kept, ...head });
    } catch (error) {
      const { code } = Fault.from(error);
      if (code !== 'store.corrupt') throw error;
      this.erase('corrupt');
    }
  }

  /** Which list is in use; undefined where there is none. */
  current(): ListHead | undefined {
    return this.#list?.head;
  }

  /**
   * Whether the list in use may be searched now. One that is found dead is erased at once, so this is to be asked every second
   * and before each search.
   */
  state(): ListState {
    const kept = this.#key.load();
    if (!kept) return 'none';
    const life = lifeOf(kept, this.#options.known(), this.#options.settings);
    if (life !== 'dead') return life;
    this.erase('expired');
    return 'none';
  }

  #isDead(madeAt: string): boolean {
    const { known, settings } = this.#options;
    return deathOf(madeAt, known(), settings) <= known().ownMs;
  }

  /** When a list made then is dead (ISO 8601, UTC). */
  diesAt(madeAt: string): string {
    return new Date(Date.parse(madeAt) + this.#options.settings.maximumAgeMs).toISOString();
  }

  /** The least version that may be taken up: the highest there ever was, whatever became of it, or what central has ordered. */
  least(): number {
    return this.#key.least();
  }

  /**
   * The alerts of the list in use in the order of their references in UTF-8; none where there is none. Read as they are asked for.
   * Faults: `watchlist.unavailable` when the list changes meanwhile, `store.corrupt`.
   */
  *alerts(): Generator<Alert> {
    const list = this.#list;
    if (!list) return;
    for (const alert of list.file.alerts()) {
      yield alert;
      if (this.#list !== list) throw new Fault('watchlist.unavailable', 'another list took its place');
    }
  }

  /**
   * Begins the next list: an empty one, or the one in use with changes; `of` is what it will be, as far as that is known. Fault:
   * `watchlist.unavailable` where none is in use.
   */
  draft(from: 'nothing' | 'current', of: DraftOf = {}): Draft {
    return from === 'nothing' ? this.#draftOfNothing(of) : this.#draftOfCurrent(of);
  }

  /** Every copy that is on the disk or in the making. */
  copies(): ListCopy[] {
    const kept = this.#key.load();
    const count = this.#list?.head.count;
    const disk: ListCopy | undefined = kept && {
      place: 'disk',
      where: kept.name,
      version: kept.version,
      ...(count !== undefined && { alerts: count }),
      madeAt: kept.madeAt,
      expiresAt: this.diesAt(kept.madeAt),
    };
    return [...(disk ? [disk] : []), ...Array.from(this.#drafts.values(), ({ copy }) => copy)];
  }

  #draftOfNothing(of: DraftOf): Draft {
    const name = `${this.#prefix()}${randomBytes(8).toString('hex')}`;
    const key = randomBytes(32);
    const file = storing(() => ListFile.make(this.#path(name), key));
    const ends = this.#begin(name, this.#copyOf(of, name), {
      commit: (head) => {
        file.finish(head);
        const opened = ListFile.open(this.#path(name), key);
        const before = this.#list;
        try {
          this.#settle({ ...opened.head(), name, key });
        } catch (error) {
          opened.close();
          throw error;
        }
        this.#list = { file: opened, head: opened.head() };
        before?.file.close();
      },
      abandon: () => {
        file.close();
        key.fill(0);
        this.#sweep();
      },
    });
    return draftOf(file, ends);
  }

  #draftOfCurrent(of: DraftOf): Draft {
    const list = this.#list;
    if (!list) throw new Fault('watchlist.unavailable', 'there is no list to change');
    const changes = new Map<string, Alert | undefined>();
    const ends = this.#begin(changes, this.#copyOf(of, 'core'), {
      commit: (head) => {
        if (this.#list !== list) throw new Fault('watchlist.old', 'the list that it changes is gone');
        list.file.apply(changes, head);
        this.#list = { file: list.file, head: list.file.head() };
        this.#settle({ ...this.#key.load()!, ...this.#list.head });
      },
      abandon: () => changes.clear(),
    });
    return draftOfChanges(list.file, changes, ends);
  }

  #copyOf({ version, madeAt }: DraftOf, where: string): ListCopy {
    const time = madeAt === undefined ? {} : { madeAt, expiresAt: this.diesAt(madeAt) };
    return { place: 'draft', where, ...(version !== undefined && { version }), ...time };
  }

  /** Takes a draft into the books. It ends once, whichever way. */
  #begin(draft: unknown, copy: ListCopy, { commit, abandon }: DraftEnds): DraftEnds {
    const { note } = this.#options;
    const listVersion = String(copy.version ?? 'unknown');
    const end = () => {
      if (!this.#drafts.delete(draft)) return;
      abandon();
      note({ event: 'watchlist-copy-gone', place: 'draft', listVersion });
    };
    const ends: DraftEnds = {
      abandon: end,
      commit: (head) => {
        if (!this.#drafts.has(draft)) throw new Fault('watchlist.unavailable', 'the draft was given up');
        try {
          if (head.version < this.least() || this.#isDead(head.madeAt))
            throw new Fault('watchlist.old', 'an older list than may be taken up');
          commit(head);
        } finally {
          end();
        }
      },
    };
    this.#drafts.set(draft, { ends, copy });
    note({ event: 'watchlist-copied', place: 'draft', listVersion });
    return ends;
  }

  /** Makes it the list of the store, which the log is told. */
  #settle(list: Omit<KeptList, 'diesOwnMs'> & Pick<ListHead, 'count'>): void {
    const { known, settings } = this.#options;
    this.#within(() => {
      this.#key.replace({ ...list, diesOwnMs: deathOf(list.madeAt, known(), settings) });
      this.#options.audit.append({
        event: 'watchlist-imported',
        listVersion: String(list.version),
        alerts: list.count,
      });
    });
  }

  /**
   * Destroys the key of the list in use, then its file and every draft; nothing of it can be read afterwards. Done again it does
   * nothing.
   */
  erase(why: 'expired' | 'corrupt'): void {
    const kept = this.#key.load();
    if (!kept) return;
    const listVersion = String(kept.version);
    this.#destroy(
      why === 'expired'
        ? { event: 'watchlist-expired', listVersion }
        : { event: 'watchlist-erased', listVersion, cause: why },
    );
  }

  /**
   * Obeys central's order to erase every list up to a version: none of them comes back. Tells whether there was something to obey;
   * one that was obeyed, or that is about older lists than the one in use, changes nothing.
   */
  eraseThrough(version: number): boolean {
    if (version < this.least()) return false;
    const listVersion = String(this.#key.load()?.version ?? 'none');
    this.#destroy({ event: 'watchlist-erased', listVersion, cause: 'ordered', through: version }, version);
    return true;
  }

  #destroy(event: AuditEvent, through?: number): void {
    this.#within(() => {
      this.#key.destroy();
      if (through !== undefined) this.#key.raise(through + 1);
      this.#options.audit.append(event);
    });
    this.close();
    this.#sweep();
  }

  /** Gives up the drafts and closes the list. */
  close(): void {
    for (const { ends } of this.#drafts.values()) ends.abandon();
    this.#list?.file.close();
    this.#list = undefined;
  }

  #within(work: () => void): void {
    const { database, reserve, purge } = this.#options;
    reserve.within(() => storing(() => database.transaction(work).immediate()));
    purge();
  }

  #prefix(): string {
    return `${basename(this.#options.file)}.list-`;
  }

  #path(name: string): string {
    return join(dirname(this.#options.file), name);
  }

  /** Removes the file of every list that is neither in use nor in the making: no key of it is left. */
  #sweep(): void {
    const { file } = this.#options;
    const kept = [this.#key.load()?.name, ...this.#drafts.keys()];
    const [inUse, folder] = [
      (name: string) => kept.some((each) => each === name.replace(/-(wal|journal)$/, '')),
      dirname(file),
    ];
    const gone = readdirSync(folder).filter((name) => name.startsWith(this.#prefix()) && !inUse(name));
    for (const name of gone) rmSync(this.#path(name), { force: true });
    if (gone.length > 0) syncFolder(file);
  }
}
