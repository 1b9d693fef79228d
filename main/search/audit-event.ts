import type { AuditEvent } from '../contract/audit.ts';
import type { SearchEnding, SearchSource } from '../contract/search.ts';
import type { AskedLine } from './asking.ts';

/** What the kiosk's log of its doings is told of a question: who asked whom for what, and how each source ended. */
export function auditEventOf({ event, by: rung, results, ...line }: AskedLine): AuditEvent {
  const { queryId, caseId, purpose, authority, staffId, dataTypes, sources } = line;
  if (event === 'asked') {
    const who = { queryId, caseId, purpose, authority, staffId, rung };
    return { event: 'query-asked', ...who, dataTypes: [...dataTypes], sources: [...sources] };
  }
  const ended = Object.entries(results).flatMap(([source, kinds]): [SearchSource, SearchEnding][] => {
    if (kinds.includes('UNAVAILABLE')) return [[source as SearchSource, 'unavailable']];
    if (kinds.includes('PARTIAL')) return [[source as SearchSource, 'partial']];
    // Hits alone are all only in an answer that is whole.
    return event === 'answered' || kinds.includes('NO_HIT') ? [[source as SearchSource, 'complete']] : [];
  });
  const endings: Partial<Record<SearchSource, SearchEnding>> = Object.fromEntries(ended);
  return { event: 'query-answered', queryId, rung, endings, ...(event === 'left' && { fault: 'search.offline' }) };
}
