import type { Decision, Evidence, Reason } from '../contract/crossing.ts';
import { isExpired } from '../document/date.ts';
import { readMrz } from '../document/mrz.ts';
import type { Means, SearchResult } from './watchlist.ts';

/** What a decision depends on besides the evidence. */
export interface DecisionContext {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly faceRequired: boolean;
  readonly challengeRequired: boolean;
  readonly fingerRequired: boolean;
}

function documentReasons({ document }: Evidence, today: string): Reason[] {
  if (!document) return [{ code: 'document-unreadable' }];
  const reading = readMrz(document.lines, today);
  if (reading.kind === 'malformed') return [{ code: 'document-unreadable', detail: reading.why }];
  const reasons: Reason[] = reading.checks
    .filter(({ valid }) => !valid)
    .map(({ field }) => ({ code: 'document-check-digit', detail: field }));
  // What the lines say is what counts; a document that says otherwise is not what was read.
  const told = reading.document;
  for (const field of ['number', 'surname', 'givenNames', 'birthDate', 'expiryDate', 'issuingState'] as const) {
    if (told[field] !== document[field]) reasons.push({ code: 'document-unreadable', detail: field });
  }
  if (isExpired(document, today) || isExpired(told, today)) reasons.push({ code: 'document-expired' });
  return reasons;
}

function faceReasons({ face }: Evidence, required: boolean): Reason[] {
  if (!face) return required ? [{ code: 'face-not-captured' }] : [];
  if (!face.comparison) return required ? [{ code: 'portrait-missing' }] : [];
  const { matched, score, threshold } = face.comparison;
  return matched && score >= threshold ? [] : [{ code: 'face-mismatch', ...figures(score, threshold) }];
}

function figures(score: number, threshold: number): Pick<Reason, 'score' | 'threshold'> {
  return Number.isFinite(score) && Number.isFinite(threshold) ? { score, threshold } : {};
}

function watchlistReasons(evidence: Evidence, search: SearchResult | undefined, context: DecisionContext): Reason[] {
  if (!search) return [{ code: 'watchlist-unavailable', detail: 'not-searched' }];
  const { listVersion } = search;
  const wanted: [Means, boolean][] = [
    ['document', true],
    ['name', true],
    ['finger', context.fingerRequired || evidence.finger !== undefined],
    ['face', context.faceRequired || evidence.face !== undefined],
  ];
  const unavailable = [
    ...search.shortcomings,
    ...wanted.filter(([means, needed]) => needed && !search.searched.includes(means)).map(([means]) => `no-${means}`),
  ];
  return [
    ...search.hits.map(({ alert, by, score, threshold, detail }): Reason => ({
      code: `watchlist-${by}`,
      alert,
      listVersion,
      ...figures(score, threshold),
      ...(detail && { detail: detail.slice(0, 64) }),
    })),
    ...unavailable.map((detail): Reason => ({ code: 'watchlist-unavailable', detail, listVersion })),
  ];
}

/**
 * The decision policy. It clears only when the document was read with every check digit valid and is in force, the face
 * matches its portrait, the challenge was passed where one is asked for, the finger was captured, the whole list was searched without a hit, and nothing went wrong on
 * the way. Everything else it refers to a guard, with all reasons; it cannot refuse.
 */
export function decide(evidence: Evidence, search: SearchResult | undefined, context: DecisionContext): Decision {
  const worked: Reason[] = [
    ...documentReasons(evidence, context.today),
    ...faceReasons(evidence, context.faceRequired),
    ...(context.challengeRequired && evidence.face && !evidence.challenge?.passed
      ? [{ code: 'challenge-not-passed' as const }]
      : []),
    ...(context.fingerRequired && !evidence.finger ? [{ code: 'finger-not-captured' as const }] : []),
    ...watchlistReasons(evidence, search, context),
  ];
  const recorded = evidence.reasons;
  const fresh = worked.filter(({ code, alert }) => !recorded.some((old) => old.code === code && old.alert === alert));
  const reasons = [...recorded, ...fresh];
  return { outcome: reasons.length === 0 ? 'clear' : 'refer', reasons };
}
