import { maxHitsKept } from '../contract/findings.ts';
import type { SearchEnding, SearchHit, SearchLine, SearchSource } from '../contract/search.ts';

/** What one source has said in one answer. */
export interface Said {
  readonly hits: readonly SearchHit[];
  /** Absent while more may come; `complete` is said by NO_HIT, or by the closing line of one that had hits. */
  readonly ending?: SearchEnding;
  readonly since?: string;
}

/** An answer as far as it has been heard. */
export interface Answer {
  readonly id: string;
  readonly asked: readonly SearchSource[];
  readonly said: ReadonlyMap<SearchSource, Said>;
  /** The closing line has come: nothing may follow it. */
  readonly whole: boolean;
}

/** An answer of which nothing has been heard yet. */
export function unheard(id: string, asked: readonly SearchSource[]): Answer {
  return { id, asked, said: new Map(), whole: false };
}

/**
 * The answer with one more line; undefined when that line contradicts what was asked or said before, which makes everything a
 * matter of doubt that is not a hit: a source nobody asked, more after a source's end or after the closing line, a closing line
 * of another question or with another count of what came.
 */
export function hear(answer: Answer, line: SearchLine): Answer | undefined {
  if (answer.whole) return undefined;
  if (line.kind === 'END') return closed(answer, line);
  const before = answer.said.get(line.source) ?? { hits: [] };
  if (!answer.asked.includes(line.source) || before.ending) return undefined;
  const after = more(before, line);
  return after && { ...answer, said: new Map(answer.said).set(line.source, after) };
}

function more(before: Said, line: Exclude<SearchLine, { kind: 'END' }>): Said | undefined {
  switch (line.kind) {
    case 'HIT':
    case 'SILENT_HIT':
      return before.hits.length < maxHitsKept ? { hits: [...before.hits, line] } : undefined;
    case 'NO_HIT':
      return before.hits.length === 0 ? { hits: [], ending: 'complete' } : undefined;
    case 'PARTIAL':
      return { hits: before.hits, ending: 'partial' };
    case 'UNAVAILABLE':
      return { hits: before.hits, ending: 'unavailable', since: line.since };
  }
}

function closed(answer: Answer, { id, sources }: Extract<SearchLine, { kind: 'END' }>): Answer | undefined {
  const said = new Map<SearchSource, Said>();
  for (const { source, ending } of sources) {
    const heard = answer.said.get(source);
    if (!heard || said.has(source)) return undefined;
    const ends = heard.ending ?? (heard.hits.length > 0 ? 'complete' : undefined);
    if (ends !== ending) return undefined;
    said.set(source, { ...heard, ending });
  }
  return id === answer.id && said.size === answer.said.size ? { ...answer, said, whole: true } : undefined;
}
