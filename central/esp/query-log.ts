import { createHash } from 'node:crypto';
import type { SearchDataType, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import { addMonths } from '../ees/calendar.ts';
import type { Database } from '../sql.ts';
import { queryLogSchema } from './query-log-schema.ts';

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
const maxRowsAtOnce = 1000;
const caseOfLine = { sqlite: `line ->> 'caseId'`, postgresql: `(line::json ->> 'caseId')` };

interface Row {
  readonly position: number;
  readonly at: string;
  readonly line: string | null;
  readonly digest: string;
  readonly hash: string;
}

/** The log of queries: append-only, each line's hash over the one before, its time and its digest. */
export class QueryLog {
  readonly #database: Database;
  readonly #keptMonths: number;

  private constructor(database: Database, keptMonths: number) {
    this.#database = database;
    this.#keptMonths = keptMonths;
  }

  static async open(database: Database, keptMonths: number): Promise<QueryLog> {
    await database.exec(queryLogSchema[database.dialect]);
    return new QueryLog(database, keptMonths);
  }

  /** Durable when it resolves. */
  async append(
    event: QueryLine['event'],
    at: Date,
    kioskId: string,
    { id: queryId, authority, purpose, staffId, caseId, dataTypes }: SearchQuery,
    sources: readonly SearchSource[],
    results: QueryLine['results'] = {},
  ): Promise<void> {
    const who = { at: at.toISOString(), event, queryId, kioskId, authority, purpose, staffId, caseId };
    const line = JSON.stringify({ ...who, dataTypes, sources, results } satisfies QueryLine);
    const digest = sha256(line);
    await this.#database.transaction(
      async () => {
        const { length, hash } = await this.head();
        await this.#database.run('INSERT INTO query_log (position, at, line, digest, hash) VALUES (?, ?, ?, ?, ?)', [
          length + 1,
          who.at,
          line,
          digest,
          chain(hash, length + 1, who.at, digest),
        ]);
      },
      { alone: 'query_log' },
    );
  }

  async head(): Promise<LogHead> {
    const last = await this.#database.get<LogHead>(
      'SELECT position AS length, hash FROM query_log ORDER BY position DESC LIMIT 1',
    );
    return last ?? { length: 0, hash: root };
  }

  /** The first position that is not as it was written; undefined when all are, up to and with a head kept elsewhere. */
  async firstAltered(now: Date, kept?: LogHead): Promise<number | undefined> {
    const due = this.#due(now);
    let [expected, before] = [0, root];
    for (;;) {
      const rows = await this.#database.all<Row>(
        'SELECT position, at, line, digest, hash FROM query_log WHERE position > ? ORDER BY position LIMIT ?',
        [expected, maxRowsAtOnce],
      );
      for (const { position, at, line, digest, hash } of rows) {
        expected++;
        before = chain(before, expected, at, digest);
        // A line may be empty when its time is over, and not before.
        const whole = line === null ? at < due : sha256(line) === digest;
        if (!whole || position !== expected || hash !== before) return expected;
        if (kept?.length === expected && kept.hash !== hash) return expected;
      }
      if (rows.length < maxRowsAtOnce) return kept && kept.length > expected ? expected + 1 : undefined;
    }
  }

  /** Keeps the lines of a case, for as long as a control of them goes on. */
  async hold(caseId: string): Promise<void> {
    await this.#database.run('INSERT INTO query_log_hold VALUES (?) ON CONFLICT DO NOTHING', [caseId]);
  }

  async release(caseId: string): Promise<void> {
    await this.#database.run('DELETE FROM query_log_hold WHERE case_id = ?', [caseId]);
  }

  /** Empties the lines whose time is over and whose case nobody holds; gives how many. */
  erase(now: Date): Promise<number> {
    return this.#database.run(
      `UPDATE query_log SET line = NULL WHERE line IS NOT NULL AND at < ?
       AND ${caseOfLine[this.#database.dialect]} NOT IN (SELECT case_id FROM query_log_hold)`,
      [this.#due(now)],
    );
  }

  /** Lines from after a position that are still there, for control only. */
  async read(after = 0, limit = 100): Promise<QueryLine[]> {
    const rows = await this.#database.all<{ line: string }>(
      'SELECT line FROM query_log WHERE position > ? AND line IS NOT NULL ORDER BY position LIMIT ?',
      [after, limit],
    );
    return rows.map(({ line }) => JSON.parse(line) as QueryLine);
  }

  #due(now: Date): string {
    return addMonths(now.toISOString().slice(0, 10), -this.#keptMonths);
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function chain(before: string, position: number, at: string, digest: string): string {
  return sha256(`${before}\n${position}\n${at}\n${digest}`);
}
