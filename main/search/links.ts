import type { Findings } from '../contract/findings.ts';
import type { LinkColour, SearchHit } from '../contract/search.ts';

type LinkFacts = NonNullable<Extract<SearchHit, { source: 'CIR' }>['facts']['links']>[number];

/** The links that the CIR showed. */
export function linksIn({ sources }: Findings): LinkFacts[] {
  return sources.flatMap(({ hits }) => hits.flatMap((hit) => (hit.source === 'CIR' ? (hit.facts.links ?? []) : [])));
}

/** The same with a link that has been settled. */
export function withLink(findings: Findings, reference: string, colour: LinkColour): Findings {
  const settled = (link: LinkFacts): LinkFacts => (link.reference === reference ? { reference, colour } : link);
  const told = (hit: SearchHit): SearchHit =>
    hit.source === 'CIR' && hit.facts.links
      ? { ...hit, facts: { ...hit.facts, links: hit.facts.links.map(settled) } }
      : hit;
  return { ...findings, sources: findings.sources.map((each) => ({ ...each, hits: each.hits.map(told) })) };
}
