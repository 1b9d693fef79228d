import { type Findings, maxHitsKept, type Rung, type SourceFindings, type SourceState } from '../contract/findings.ts';
import type { SearchHit } from '../contract/search.ts';

/** Worst first: a source has told all only when it has answered every question that it was asked. */
const worst: readonly SourceState[] = ['waiting', 'unavailable', 'unnamed', 'partial', 'complete'];
const lowest: readonly Rung[] = ['manual', 'local', 'direct', 'portal'];

/** What several questions about one traveller have found, the later ones last: a later hit on the same file replaces the earlier. */
export function joined(all: readonly Findings[]): Findings {
  const sources = new Map<string, SourceFindings>();
  for (const { sources: found } of all)
    for (const each of found) {
      const before = sources.get(each.source);
      sources.set(each.source, before ? both(before, each) : each);
    }
  const rung = lowest.find((step) => all.some((one) => one.rung === step)) ?? 'local';
  return { rung, ended: all.every(({ ended }) => ended), sources: [...sources.values()] };
}

function both(a: SourceFindings, b: SourceFindings): SourceFindings {
  const first = worst.find((state) => state === a.state || state === b.state);
  const shown = first === a.state ? a : b;
  const replaced = new Set(b.hits.map(fileOf));
  return bounded({ ...shown, hits: [...a.hits.filter((hit) => !replaced.has(fileOf(hit))), ...b.hits] });
}

/** No more hits than are kept; where some are left out, not everything is known. */
export function bounded(found: SourceFindings): SourceFindings {
  if (found.hits.length <= maxHitsKept) return found;
  return { ...found, state: 'partial', hits: found.hits.slice(0, maxHitsKept) };
}

/** What a hit is about: its file or alert, and what that asks for. */
export const fileOf = ({ source, kind, action, facts }: SearchHit) =>
  `${source} ${kind} ${action} ${'reference' in facts ? facts.reference : 'sticker' in facts ? facts.sticker : ''}`;
