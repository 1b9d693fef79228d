import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { decode } from 'cborg';
import { Fault } from '../contract/fault.ts';
import type { Alert } from '../contract/watchlist.ts';
import { alertBytes, alertLeaf, bucketHash, bucketOf, listRoot } from '../list-root.ts';
import { openEncrypted, storing } from './database.ts';
import { syncFolder } from './durable-file.ts';

/** Which list it is, and what it says of itself. */
export interface ListHead {
  readonly version: number;
  /** When central made it (ISO 8601, UTC, milliseconds). */
  readonly madeAt: string;
  /** See list-root.ts; 32 bytes. */
  readonly root: Uint8Array;
  readonly count: number;
}

/** What is to be done to a list: an alert in place of the one of its reference, or none. */
export type ListChanges = ReadonlyMap<string, Alert | undefined>;

/** Of another one a list is taken as one that cannot be read: central has it. */
const schemaVersion = 1;

const schema = `
  PRAGMA user_version = ${schemaVersion};
  CREATE TABLE head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    root BLOB NOT NULL,
    count INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE alert (
    reference TEXT NOT NULL UNIQUE,
    bucket INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX alert_bucket ON alert (bucket, leaf);
  CREATE TABLE bucket (
    bucket INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
  ) STRICT;
`;

const pageAlerts = 500;

/** A list in a database of its own, encrypted like the store and with a key that is only its own. */
export class ListFile {
  readonly #database: Database.Database;
  readonly #file: string;
  /** Hashes of the buckets of a list that is being made, worked out since it last changed. */
  #worked: ReadonlyMap<number, Buffer> | undefined;

  private constructor(file: string, database: Database.Database) {
    this.#file = file;
    this.#database = database;
  }

  /** Opens a list that was finished. Faults: `store.corrupt`, `store.failed`. */
  static open(file: string, key: Uint8Array): ListFile {
    if (!existsSync(file)) throw new Fault('store.corrupt', 'the list is not there');
    const refuse = (database: Database.Database) => {
      if (database.pragma('user_version', { simple: true }) !== schemaVersion)
        throw new Fault('store.corrupt', 'the list is of another shape');
    };
    return new ListFile(file, openEncrypted(file, key, refuse));
  }

  /** Makes an empty one, which is nobody's before `finish`: until then nothing of it is sure to be on the disk. */
  static make(file: string, key: Uint8Array): ListFile {
    const database = openEncrypted(file, key, () => {}, 'as-it-comes');
    storing(() => {
      database.pragma('cache_size = -65536');
      database.exec(`BEGIN; ${schema}`);
    });
    return new ListFile(file, database);
  }

  /** Which list this is. Fault: `store.corrupt` when it was never finished. */
  head(): ListHead {
    const head = storing(() =>
      this.#database.prepare('SELECT version, made_at AS madeAt, root, count FROM head').get(),
    );
    if (!head) throw new Fault('store.corrupt', 'the list was not finished');
    return head as ListHead;
  }

  /** The alerts in the order of their references in UTF-8, read in small steps. The caller sees to it that the list does not change meanwhile. */
  *alerts(): Generator<Alert> {
    const read = this.#database
      .prepare('SELECT reference, body FROM alert WHERE reference > ? ORDER BY reference LIMIT ?')
      .raw();
    let page: [string, Uint8Array][];
    let last = '';
    do {
      page = storing(() => read.all(last, pageAlerts)) as [string, Uint8Array][];
      // Each was checked when it was stored, and the pages vouch for themselves.
      for (const [, body] of page) yield decode(body) as Alert;
      last = page.at(-1)?.[0] ?? '';
    } while (page.length === pageAlerts);
  }

  /** Changes alerts of a list that is being made. */
  change(changes: ListChanges): void {
    this.#worked = undefined;
    storing(() => {
      for (const [reference, alert] of changes) this.#write(reference, alert && alertBytes(alert));
    });
  }

  /** How many alerts there are. */
  count(): number {
    return storing(() => this.#database.prepare('SELECT count(*) FROM alert').pluck().get() as number);
  }

  /** The root of a list that is being made, as far as it has come. */
  root(): Buffer {
    return storing(() => listRoot(this.#workOutBuckets()));
  }

  /** The root the list would have after changes, and how many alerts; it is not changed, and only what they touch is read. */
  foresee(changes: ListChanges): Pick<ListHead, 'root' | 'count'> & { readonly buckets: ReadonlyMap<number, Buffer> } {
    return storing(() => {
      const leafOf = this.#database.prepare('SELECT leaf FROM alert WHERE reference = ?').pluck();
      const leavesOf = this.#database.prepare('SELECT leaf FROM alert WHERE bucket = ?').pluck();
      const leaves = new Map<number, Set<string>>();
      let { count } = this.head();
      for (const [reference, alert] of changes) {
        const bucket = bucketOf(reference);
        const kept = leaves.get(bucket) ?? new Set(leavesOf.all(bucket).map(hex));
        leaves.set(bucket, kept);
        const before = leafOf.get(reference);
        if (before !== undefined) kept.delete(hex(before));
        if (alert) kept.add(hex(alertLeaf(alertBytes(alert))));
        count += (alert ? 1 : 0) - (before === undefined ? 0 : 1);
      }
      const buckets = new Map([...leaves].map(([bucket, kept]) => [bucket, hashOf([...kept].map(unhex))]));
      return { root: listRoot(new Map([...this.#buckets(), ...buckets])), count, buckets };
    });
  }

  /** Changes a finished list and says what it is from now on: all or nothing, durable on return. */
  apply(changes: ListChanges, { version, madeAt }: Pick<ListHead, 'version' | 'madeAt'>): void {
    const apply = this.#database.transaction(() => {
      const { root, count, buckets } = this.foresee(changes);
      this.change(changes);
      this.#keepBuckets(buckets);
      this.#keepHead({ version, madeAt, root, count });
    });
    storing(() => {
      apply.immediate();
      this.#database.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  /** Says what a list that was made is, and puts the whole of it on the disk; it is closed. */
  finish({ version, madeAt }: Pick<ListHead, 'version' | 'madeAt'>): void {
    storing(() => {
      const buckets = this.#workOutBuckets();
      this.#keepBuckets(buckets);
      this.#keepHead({ version, madeAt, root: listRoot(buckets), count: this.count() });
      this.#database.exec('COMMIT');
      this.#database.close();
      const descriptor = openSync(this.#file, 'r');
      fsyncSync(descriptor);
      closeSync(descriptor);
      syncFolder(this.#file);
    });
  }

  close(): void {
    this.#database.close();
  }

  #workOutBuckets(): ReadonlyMap<number, Buffer> {
    const rows = () => this.#database.prepare('SELECT bucket, leaf FROM alert ORDER BY bucket').raw().iterate();
    return (this.#worked ??= new Map(hashed(rows() as IterableIterator<[number, Buffer]>)));
  }

  #buckets(): [number, Buffer][] {
    return this.#database.prepare('SELECT bucket, hash FROM bucket').raw().all() as [number, Buffer][];
  }

  #write(reference: string, body: Uint8Array | undefined): void {
    if (!body) {
      this.#prepared('DELETE FROM alert WHERE reference = ?').run(reference);
      return;
    }
    this.#prepared(
      `INSERT INTO alert (reference, bucket, leaf, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (reference) DO UPDATE SET leaf = excluded.leaf, body = excluded.body`,
    ).run(reference, bucketOf(reference), alertLeaf(body), body);
  }

  #keepBuckets(buckets: ReadonlyMap<number, Buffer>): void {
    const keep = this.#prepared('INSERT INTO bucket VALUES (?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash');
    for (const [bucket, hash] of buckets) keep.run(bucket, hash);
  }

  #keepHead({ version, madeAt, root, count }: ListHead): void {
    this.#prepared('INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?, ?)').run(version, madeAt, root, count);
  }

  readonly #statements = new Map<string, Database.Statement>();

  #prepared(sql: string): Database.Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const hex = (bytes: unknown) => (bytes as Buffer).toString('latin1');
const unhex = (text: string) => Buffer.from(text, 'latin1');

/** Of a bucket that has become empty: as if it had never been. */
const hashOf = (leaves: readonly Buffer[]) => (leaves.length === 0 ? Buffer.alloc(32) : bucketHash(leaves));

/** Buckets and their hashes out of leaves in the order of their buckets. */
function* hashed(rows: Iterable<[number, Buffer]>): Generator<[number, Buffer]> {
  let [current, leaves]: [number, Buffer[]] = [-1, []];
  for (const [bucket, leaf] of rows) {
    if (bucket !== current && leaves.length > 0) yield [current, bucketHash(leaves)];
    if (bucket !== current) [current, leaves] = [bucket, []];
    leaves.push(leaf);
  }
  if (leaves.length > 0) yield [current, bucketHash(leaves)];
}
