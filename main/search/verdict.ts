import type { Reason } from '../contract/crossing.ts';
import type { Findings, SourceFindings, Treatment } from '../contract/findings.ts';
import { isSilent, type SearchAction, type SearchHit, type SearchSource } from '../contract/search.ts';

/** What a deployment decides about answers: `SearchSettings` fills in what it does not name. An action in neither calls the guard. */
export interface Policy {
  readonly required: readonly SearchSource[];
  readonly treatments: Readonly<Partial<Record<SearchAction, Treatment>>>;
}

/** What answers do to a crossing: why it is referred, and what the guard is told without anybody noticing. */
export interface Verdict {
  readonly reasons: readonly Reason[];
  readonly notices: readonly SearchHit[];
}

const longestReference = 64;

/** Hits of systems that hold alerts; those of the others are files and what these say. */
const alerting: ReadonlySet<SearchSource> = new Set(['SIS', 'SLTD']);

/**
 * Judges answers. Nothing here clears anybody: it finds reasons to refer, by the alert's reference and the source, never its text
 * (R17). A source that must have answered and has not, whatever was the matter, is one.
 */
export function judge({ sources }: Findings, { required, treatments }: Policy): Verdict {
  const hits = sources.flatMap((each) => each.hits.map((hit) => ({ hit, treatment: treatmentOf(hit, treatments) })));
  return {
    reasons: [
      ...hits.filter(({ treatment }) => treatment === 'refer').map(({ hit }) => reasonOf(hit)),
      ...required.flatMap((source) => missing(sources, source)),
    ],
    notices: hits.filter(({ treatment }) => treatment === 'notice').map(({ hit }) => hit),
  };
}

/** How a hit is treated: as its action is, unless what it says is not in order; an open hit is never merely noticed. */
export function treatmentOf(hit: SearchHit, treatments: Policy['treatments']): Treatment {
  const wanted = treatments[hit.action] ?? 'refer';
  if (isSilent(hit)) return wanted === 'notice' ? 'notice' : 'refer';
  return wanted === 'pass' && inOrder(hit) ? 'pass' : 'refer';
}

/** Whether a file that is as it should be says nothing that a guard has to look into. */
function inOrder(hit: SearchHit): boolean {
  // Another document's file, somebody else's, or one that biometrics alone point at.
  if (hit.differs || (hit.agrees && !hit.agrees.includes('document') && !hit.agrees.includes('identity'))) return false;
  switch (hit.source) {
    case 'EES': {
      const { overBy, unlawfulDays, daysLeft, incomplete } = hit.facts;
      return overBy === 0 && unlawfulDays === 0 && daysLeft > 0 && !incomplete;
    }
    case 'CIR':
      return (hit.facts.links ?? []).every(({ colour }) => colour === 'white' || colour === 'green');
    case 'VIS':
    case 'ETIAS':
      return true;
    case 'SIS':
    case 'SLTD':
      return false;
  }
}

/** The reason that is an alarm of its own: a hit on an alert. */
export function alarming(hit: SearchHit): Reason[] {
  return alerting.has(hit.source) || isSilent(hit) ? [reasonOf(hit)] : [];
}

function reasonOf(hit: SearchHit): Reason {
  const code = isSilent(hit) ? 'portal-silent-hit' : alerting.has(hit.source) ? 'portal-hit' : 'portal-finding';
  const alert = 'reference' in hit.facts ? hit.facts.reference.slice(0, longestReference) : undefined;
  return { code, detail: hit.source, ...(alert !== undefined && { alert }) };
}

function missing(sources: readonly SourceFindings[], wanted: SearchSource): Reason[] {
  const state = sources.find(({ source }) => source === wanted)?.state;
  if (state === 'complete') return [];
  const code = state === 'partial' ? 'portal-partial' : state === 'waiting' ? 'portal-late' : 'portal-unavailable';
  return [{ code, detail: wanted }];
}
