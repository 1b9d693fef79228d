import type { Decision, Evidence, Reason } from '../contract/crossing.ts';
import type { ListedHit } from '../contract/guard.ts';
import type { Means } from '../contract/policy.ts';
import { isExpired } from '../document/date.ts';
import { readMrz } from '../document/mrz.ts';
import { fuse } from './fusion.ts';
import { judge } from './judgement.ts';
import type { PolicyInForce } from './policy.ts';
import type { SearchResult } from './watchlist.ts';

/** What a decision depends on besides the evidence. */
export interface DecisionContext {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly faceRequired: boolean;
  readonly challengeRequired: boolean;
  readonly fingerRequired: boolean;
  readonly policy: PolicyInForce;
  /** Hits elsewhere that must not be noticed. */
  readonly notices?: readonly Reason[];
}

/** What the list does to a crossing: why it is referred, and what must not be noticed. */
interface Judged {
  readonly reasons: readonly Reason[];
  readonly notices: readonly Reason[];
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

function judgeList(evidence: Evidence, search: SearchResult | undefined, context: DecisionContext): Judged {
  if (!search) return { reasons: [{ code: 'watchlist-unavailable', detail: 'not-searched' }], notices: [] };
  const { policy, calibrations, state } = context.policy;
  const { listVersion } = search;
  const wanted: [Means, boolean][] = [
    ['document', true],
    ['name', true],
    ['finger', context.fingerRequired || evidence.finger !== undefined],
    ['face', context.faceRequired || evidence.face !== undefined],
  ];
  const unavailable = [
    ...(state === 'missing' ? ['no-policy'] : []),
    ...search.shortcomings,
    ...wanted.filter(([means, needed]) => needed && !search.searched.includes(means)).map(([means]) => `no-${means}`),
  ];
  const fused = fuse(search.hits, calibrations);
  const judged = (as: 'refer' | 'notice') =>
    fused
      .filter((hit) => judge(hit, policy, search.alerts) === as)
      .flatMap(({ likenesses }) => likenesses)
      .map(({ alert, by, score, threshold, detail }): Reason => ({
        code: `watchlist-${by}`,
        alert,
        listVersion,
        ...figures(score, threshold),
        ...(detail && { detail: detail.slice(0, 64) }),
      }));
  return {
    reasons: [
      ...judged('refer'),
      ...unavailable.map((detail): Reason => ({ code: 'watchlist-unavailable', detail, listVersion })),
    ],
    notices: judged('notice'),
  };
}

/** The alerts of the list that a decision noticed, as the guard is told of them. */
export function silentHits({ notices = [] }: Decision, search: SearchResult): ListedHit[] {
  const noticed = new Set(notices.filter(({ code }) => code.startsWith('watchlist-')).map(({ alert }) => alert));
  return [...noticed].flatMap((alert): ListedHit[] => {
    const hit = search.hits.find((each) => each.alert === alert);
    const facts = { reference: alert ?? '' };
    return hit ? [{ source: 'list', kind: 'SILENT_HIT', action: hit.order.action, facts }] : [];
  });
}

/**
 * The decision policy. It clears only when the document was read with every check digit valid and is in force, the face
 * matches its portrait, the challenge was passed where one is asked for, the finger was captured, the whole list was searched without a hit that the policy refers, and
 * nothing went wrong on the way. Everything else it refers to a guard, with all reasons; it cannot refuse.
 */
export function decide(evidence: Evidence, search: SearchResult | undefined, context: DecisionContext): Decision {
  const list = judgeList(evidence, search, context);
  const worked: Reason[] = [
    ...documentReasons(evidence, context.today),
    ...faceReasons(evidence, context.faceRequired),
    ...(context.challengeRequired && evidence.face && !evidence.challenge?.passed
      ? [{ code: 'challenge-not-passed' as const }]
      : []),
    ...(context.fingerRequired && !evidence.finger ? [{ code: 'finger-not-captured' as const }] : []),
    ...list.reasons,
  ];
  const recorded = evidence.reasons;
  const fresh = worked.filter(({ code, alert }) => !recorded.some((old) => old.code === code && old.alert === alert));
  const reasons = [...recorded, ...fresh];
  const notices = [...(context.notices ?? []), ...list.notices];
  return { outcome: reasons.length === 0 ? 'clear' : 'refer', reasons, ...(notices.length > 0 && { notices }) };
}
