import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import type { Alert } from '../contract/watchlist.ts';
import type { AuditLog } from './audit.ts';
import { storing } from './database.ts';
import { syncFolder } from './durable-file.ts';
import { type Draft, type DraftEnds, draftOf, draftOfChanges } from './list-draft.ts';
import { ListFile, type ListHead } from './list-file.ts';
import { ListKey } from './list-key.ts';
import type { Reserve } from './reserve.ts';

/** Why a list was erased: two days after its making, by central's order, or because it cannot be read. */
export type EraseCause = 'expired' | 'ordered' | 'corrupt';

/** What the lists are kept with. */
export interface WatchlistOptions {
  /** The store's own file: lists lie beside it. */
  readonly file: string;
  readonly database: Database.Database;
  readonly reserve: Reserve;
  readonly audit: AuditLog;
  /** Empties the store's log of changes. */
  readonly purge: () => void;
}

/** The local watchlist at rest: one list in a file of its own, the key of which is a row of the store, and drafts of the next. */
export class Watchlist {
  readonly #options: WatchlistOptions;
  readonly #key: ListKey;
  /** By what they are known by: those with a file by its name. */
  readonly #drafts = new Map<unknown, DraftEnds>();
  #list: { readonly file: ListFile; readonly head: ListHead } | undefined;

  /** Opens the list that is in use, and clears away what an end at a bad moment left. */
  constructor(options: WatchlistOptions) {
    this.#options = options;
    this.#key = new ListKey(options.database);
    const kept = this.#key.load();
    this.#sweep();
    if (!kept) return;
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

  /** Begins the next list: an empty one, or the one in use with changes. Fault: `watchlist.unavailable` where none is in use. */
  draft(from: 'nothing' | 'current'): Draft {
    return from === 'nothing' ? this.#draftOfNothing() : this.#draftOfCurrent();
  }

  #draftOfNothing(): Draft {
    const name = `${this.#prefix()}${randomBytes(8).toString('hex')}`;
    const key = randomBytes(32);
    const file = storing(() => ListFile.make(this.#path(name), key));
    const ends = this.#ends(
      (head) => {
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
      () => {
        file.close();
        key.fill(0);
        this.#drafts.delete(name);
        this.#sweep();
      },
    );
    this.#drafts.set(name, ends);
    return draftOf(file, ends);
  }

  #draftOfCurrent(): Draft {
    const list = this.#list;
    if (!list) throw new Fault('watchlist.unavailable', 'there is no list to change');
    const changes = new Map<string, Alert | undefined>();
    const ends = this.#ends(
      (head) => {
        if (this.#list !== list) throw new Fault('watchlist.old', 'the list that it changes is gone');
        list.file.apply(changes, head);
        this.#list = { file: list.file, head: list.file.head() };
        this.#settle({ ...this.#key.load()!, ...this.#list.head });
      },
      () => {
        changes.clear();
        this.#drafts.delete(changes);
      },
    );
    this.#drafts.set(changes, ends);
    return draftOfChanges(list.file, changes, ends);
  }

  /** How a draft ends: once, whichever way. */
  #ends(commit: DraftEnds['commit'], done: () => void): DraftEnds {
    let ended = false;
    const abandon = () => {
      if (ended) return;
      ended = true;
      done();
    };
    return {
      abandon,
      commit: (head) => {
        if (ended) throw new Fault('watchlist.unavailable', 'the draft was given up');
        if (head.version < this.least()) throw new Fault('watchlist.old', 'an older list than may be taken up');
        try {
          commit(head);
        } finally {
          abandon();
        }
      },
    };
  }

  /** Makes it the list of the store, which the log is told. */
  #settle(list: Parameters<ListKey['replace']>[0] & Pick<ListHead, 'count'>): void {
    this.#within(() => {
      this.#key.replace(list);
      this.#options.audit.append({
        event: 'watchlist-imported',
        listVersion: String(list.version),
        alerts: list.count,
      });
    });
  }

  /**
   * Destroys the key of the list in use, then its file and every draft; nothing of it can be read afterwards. Done again it does
   * nothing. A list ordered away comes back in no version up to `through`.
   */
  erase(why: EraseCause, through?: number): void {
    const kept = this.#key.load();
    if (kept || (through !== undefined && through >= this.least())) {
      this.#within(() => {
        this.#key.destroy();
        if (through !== undefined) this.#key.raise(through + 1);
        this.#options.audit.append({
          event: 'watchlist-erased',
          listVersion: kept ? String(kept.version) : 'none',
          cause: why,
        });
      });
    }
    this.close();
    this.#sweep();
  }

  /** Gives up the drafts and closes the list. */
  close(): void {
    for (const draft of this.#drafts.values()) draft.abandon();
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
