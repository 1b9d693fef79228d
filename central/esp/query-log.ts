import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { SearchDataType, SearchQuery, SearchSource } from '../../main/contract/search.ts';

// Lines are only ever added. The database refuses the rest to whoever asks it; the chain shows what was done behind its back.
const schema = `
  CREATE TABLE IF NOT EXISTS query_log (
    position INTEGER PRIMARY KEY,
    line TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS query_log_appended BEFORE INSERT ON query_log
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM query_log)
    BEGIN SELECT RAISE(ABORT, 'the log of queries is only added to'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_unchanged BEFORE UPDATE ON query_log
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_kept BEFORE DELETE ON query_log
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not erased'); END;
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

/** The log of queries: append-only, each line's hash over the one before and itself. */
export class QueryLog {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
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
    this.#database
      .transaction(() => {
        const { length, hash } = this.head();
        this.#database
          .prepare('INSERT INTO query_log VALUES (?, ?, ?)')
          .run(length + 1, line, chain(hash, length + 1, line));
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
  firstAltered(kept?: LogHead): number | undefined {
    const rows = this.#database.prepare('SELECT position, line, hash FROM query_log ORDER BY position').iterate();
    let [expected, before] = [0, root];
    for (const { position, line, hash } of rows as Iterable<{ position: number; line: string; hash: string }>) {
      expected++;
      before = chain(before, expected, line);
      if (position !== expected || hash !== before) return expected;
      if (kept?.length === expected && kept.hash !== hash) return expected;
    }
    return kept && kept.length > expected ? expected + 1 : undefined;
  }

  /** Lines from after a position, for control only. */
  read(after = 0, limit = 100): QueryLine[] {
    const lines = this.#database
      .prepare('SELECT line FROM query_log WHERE position > ? ORDER BY position LIMIT ?')
      .pluck()
      .all(after, limit) as string[];
    return lines.map((line) => JSON.parse(line) as QueryLine);
  }
}

function chain(before: string, position: number, line: string): string {
  return createHash('sha256').update(`${before}\n${position}\n${line}`).digest('hex');
}
