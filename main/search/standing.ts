import type { Findings, SourceFindings, SourceState } from '../contract/findings.ts';
import type { SearchHit, SearchSource } from '../contract/search.ts';
import type { Answer } from './answer.ts';
import type { Heard } from './asking.ts';
import { bounded } from './joined.ts';

/** One address's answer to a question: how it ended, or nothing of that while it is coming. */
export interface Part {
  readonly by: 'portal' | 'direct';
  readonly answer: Answer;
  readonly how?: Heard['how'];
}

/** What is believed first where two addresses say different things of one source. */
const ranks: readonly SourceState[] = ['complete', 'partial', 'waiting', 'unnamed', 'unavailable'];

/**
 * What a source's share of an answer comes to. Of a whole one it is what it says; of one that is cut off counts what was told; of
 * one that breaks the contract nothing but hits: that nothing was found is then in doubt.
 */
function stateIn({ answer, how }: Part, source: SearchSource): SourceState {
  const { hits = [], ending } = answer.said.get(source) ?? {};
  const without = hits.length > 0 ? 'partial' : 'unavailable';
  if (how === undefined) return ending ?? 'waiting';
  if (how === 'whole') return ending ?? 'unnamed';
  return how === 'cut' ? (ending ?? without) : without;
}

/** Whether another address may know what this one did not say. */
export function askElsewhere(part: Part, source: SearchSource): boolean {
  if (part.how === 'refused') return false;
  const ending = part.how === 'broken' ? undefined : part.answer.said.get(source)?.ending;
  return part.how === 'whole' ? ending === 'unavailable' : ending === undefined || ending === 'unavailable';
}

/** What all parts together say of a source. `over`: nobody will be asked any more. */
function findingsOf(source: SearchSource, parts: readonly Part[], over: boolean): SourceFindings {
  const asked = parts.filter(({ answer }) => answer.asked.includes(source));
  const hits = new Map<string, SearchHit>();
  for (const { answer } of asked)
    for (const hit of answer.said.get(source)?.hits ?? []) hits.set(JSON.stringify(hit), hit);
  const [best] = asked
    .map((part) => ({ part, state: stateIn(part, source) }))
    .toSorted((a, b) => ranks.indexOf(a.state) - ranks.indexOf(b.state));
  const state = best && !(over && best.state === 'waiting') ? best.state : over ? 'unavailable' : 'waiting';
  const since = best?.part.answer.said.get(source)?.since;
  return bounded({
    source,
    state,
    by: best?.part.by ?? null,
    hits: [...hits.values()],
    ...(state === 'unavailable' && since !== undefined && { since }),
  });
}

/** What is known of a question, whoever was asked: the lowest step that gave anything, `local` when none did. */
export function standing(sources: readonly SearchSource[], parts: readonly Part[], over: boolean): Findings {
  const found = sources.map((source) => findingsOf(source, parts, over));
  const told = found.filter(({ state }) => !['waiting', 'unavailable'].includes(state));
  const climbing = parts.some(({ by }) => by === 'direct') ? 'direct' : 'portal';
  const rung = told.some(({ by }) => by === 'direct')
    ? 'direct'
    : told.length > 0
      ? 'portal'
      : over
        ? 'local'
        : climbing;
  return { rung, ended: over, sources: found };
}
