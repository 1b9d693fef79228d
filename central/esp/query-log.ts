import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { SearchDataType, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import { addMonths } from '../ees/calendar.ts';

// Lines are only ever added, and emptied when their time is over. The database refuses the rest to whoever asks it; the chain
// shows what was done behind its back. It goes over the digests of the lines, so that it outlives them.
const schema = `
  CREATE TABLE IF NOT EXISTS query_log (
    position INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    line TEXT,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS query_log_hold (case_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TRIGGER IF NOT EXISTS query_log_appended BEFORE INSERT ON query_log
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM query_log)
    BEGIN SELECT RAISE(ABORT, 'the log of queries is only added to'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_unchanged BEFORE UPDATE ON query_log
    WHEN NEW.line IS NOT NULL OR (NEW.position, NEW.at, NEW.digest, NEW.hash) <> (OLD.position, OLD.at, OLD.digest, OLD.hash)
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_kept BEFORE DELETE ON query_log
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not shortened'); END;
`;

/** What a source's answer came to; of hits only that there were some, and whether some were silent. */
export type ResultKind = 'NO_HIT' | 'HIT' | 'SILENT_HIT' | 'PARTIAL' | 'UNAVAILABLE';

/** What is logged of a question (Reg. (EU) 2019/817 Art. 10, R22): who asked what for, and nothing of whom it was about. */
export interface QueryLine {
  readonly at: string;
  /** Before any source is asked; with the closing line; or when the asker went away before that. */
  readonly event: 'asked' | 'answered' | 'left';
  readonly queryId: string;
  readonly kioskId: string;
  readonly authority: string;
  readonly purpose: string;
  readonly staffId: string;
  readonly caseId: string;
  readonly dataTypes: readonly SearchDataType[];
  readonly sources: readonly SearchSource[];
  readonly results: Readonly<Partial<Record<SearchSource, readonly ResultKind[]>>>;
}

/** The length of a log and the hash of its last line: kept elsewhere, it shows a log that was cut or made anew. */
export interface LogHead {
  readonly length: number;
  readonly hash: string;
}

const root = '0'.repeat(64);

interface Row {
  readonly position: number;
  readonly at: string;
  readonly line: string | null;
  readonly digest: string;
  readonly hash: string;
}

/** The log of queries: append-only, each line's hash over the one before, its time and its digest. */
export class QueryLog {
  readonly #database: Database.Database;
  readonly #keptMonths: number;

  constructor(database: Database.Database, keptMonths: number) {
    this.#database = database;
    this.#keptMonths = keptMonths;
    database.exec(schema);
  }

  /** Durable when it returns. */
  append(
    event: QueryLine['event'],
    at: Date,
    kioskId: string,
    { id: queryId, authority, purpose, staffId, caseId, dataTypes }: SearchQuery,
    sources: readonly SearchSource[],
    results: QueryLine['results'] = {},
  ): void {
    const who = { at: at.toISOString(), event, queryId, kioskId, authority, purpose, staffId, caseId };
    const line = JSON.stringify({ ...who, dataTypes, sources, results } satisfies QueryLine);
    const digest = sha256(line);
    this.#database
      .transaction(() => {
        const { length, hash } = this.head();
        this.#database
          .prepare('INSERT INTO query_log VALUES (?, ?, ?, ?, ?)')
          .run(length + 1, who.at, line, digest, chain(hash, length + 1, who.at, digest));
      })
      .immediate();
  }

  head(): LogHead {
    const last = this.#database
      .prepare('SELECT position AS length, hash FROM query_log ORDER BY position DESC LIMIT 1')
      .get() as LogHead | undefined;
    return last ?? { length: 0, hash: root };
  }

  /** The first position that is not as it was written; undefined when all are, up to and with a head kept elsewhere. */
  firstAltered(now: Date, kept?: LogHead): number | undefined {
    const due = this.#due(now);
    let [expected, before] = [0, root];
    for (const row of this.#database.prepare('SELECT * FROM query_log ORDER BY position').iterate()) {
      const { position, at, line, digest, hash } = row as Row;
      expected++;
      before = chain(before, expected, at, digest);
      // A line may be empty when its time is over, and not before.
      const whole = line === null ? at < due : sha256(line) === digest;
      if (!whole || position !== expected || hash !== before) return expected;
      if (kept?.length === expected && kept.hash !== hash) return expected;
    }
    return kept && kept.length > expected ? expected + 1 : undefined;
  }

  /** Keeps the lines of a case, for as long as a control of them goes on. */
  hold(caseId: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO query_log_hold VALUES (?)').run(caseId);
  }

  release(caseId: string): void {
    this.#database.prepare('DELETE FROM query_log_hold WHERE case_id = ?').run(caseId);
  }

  /** Empties the lines whose time is over and whose case nobody holds; gives how many. */
  erase(now: Date): number {
    return this.#database
      .prepare(
        `UPDATE query_log SET line = NULL WHERE line IS NOT NULL AND at < ?
         AND line ->> 'caseId' NOT IN (SELECT case_id FROM query_log_hold)`,
      )
      .run(this.#due(now)).changes;
  }

  /** Lines from after a position that are still there, for control only. */
  read(after = 0, limit = 100): QueryLine[] {
    const lines = this.#database
      .prepare('SELECT line FROM query_log WHERE position > ? AND line IS NOT NULL ORDER BY position LIMIT ?')
      .pluck()
      .all(after, limit) as string[];
    return lines.map((line) => JSON.parse(line) as QueryLine);
  }

  #due(now: Date): string {
    return addMonths(now.toISOString().slice(0, 10), -this.#keptMonths);
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function chain(before: string, position: number, at: string, digest: string): string {
  return sha256(`${before}\n${position}\n${at}\n${digest}`);
}
