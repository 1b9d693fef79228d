import type { SearchDataType, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import { ChainedLog } from '../log/chained-log.ts';
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
export type QueryLog = ChainedLog<QueryLine>;

export const openQueryLog = (database: Database, keptMonths: number): Promise<QueryLog> =>
  ChainedLog.open<QueryLine>(database, 'query_log', keptMonths);

/** What the log is told of a question. */
export function queryLine(
  event: QueryLine['event'],
  at: Date,
  kioskId: string,
  { id: queryId, authority, purpose, staffId, caseId, dataTypes }: SearchQuery,
  sources: readonly SearchSource[],
  results: QueryLine['results'] = {},
): QueryLine {
  const who = { at: at.toISOString(), event, queryId, kioskId, authority, purpose, staffId, caseId };
  return { ...who, dataTypes, sources, results };
}
