import type { SearchDataType, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import { ChainedLog, type LogHead } from '../log/chained-log.ts';
import type { Database } from '../sql.ts';

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

/** The log of queries: only added to, each line chained to the one before. */
export class QueryLog {
  readonly #log: ChainedLog<QueryLine>;

  private constructor(log: ChainedLog<QueryLine>) {
    this.#log = log;
  }

  static async open(database: Database, keptMonths: number): Promise<QueryLog> {
    return new QueryLog(await ChainedLog.open<QueryLine>(database, 'query_log', keptMonths));
  }

  /** Durable when it resolves. */
  append(
    event: QueryLine['event'],
    at: Date,
    kioskId: string,
    { id: queryId, authority, purpose, staffId, caseId, dataTypes }: SearchQuery,
    sources: readonly SearchSource[],
    results: QueryLine['results'] = {},
  ): Promise<void> {
    const who = { at: at.toISOString(), event, queryId, kioskId, authority, purpose, staffId, caseId };
    return this.#log.append({ ...who, dataTypes, sources, results });
  }

  head(): Promise<LogHead> {
    return this.#log.head();
  }

  /** As `ChainedLog.firstAltered`. */
  firstAltered(now: Date, kept?: LogHead): Promise<number | undefined> {
    return this.#log.firstAltered(now, kept);
  }

  /** Keeps the lines of a case, for as long as a control of them goes on. */
  hold(caseId: string): Promise<void> {
    return this.#log.hold(caseId);
  }

  release(caseId: string): Promise<void> {
    return this.#log.release(caseId);
  }

  /** Empties the lines whose time is over and whose case nobody holds; gives how many. */
  erase(now: Date): Promise<number> {
    return this.#log.erase(now);
  }

  /** Lines from after a position that are still there, for control only. */
  read(after = 0, limit = 100): Promise<QueryLine[]> {
    return this.#log.read(after, limit);
  }
}
