import type { Evidence, Reason } from '../contract/crossing.ts';
import type { Findings } from '../contract/findings.ts';
import type { LinkColour, SearchSource } from '../contract/search.ts';
import type { Clock } from '../search/clock.ts';
import { fileOf, joined } from '../search/joined.ts';
import { type Asker, type Subject, wantedOf } from '../search/question.ts';
import type { Search } from '../search/search.ts';
import { linksIn, withLink } from '../search/links.ts';
import { alarming, judge, type Policy, treatmentOf, type Verdict } from '../search/verdict.ts';
import { nameOf, type Notices } from './notices.ts';

export interface InquiriesOptions {
  readonly search: Search;
  readonly clock: Clock;
  readonly asker: Asker;
  /** Whom the first question goes to. */
  readonly sources: readonly SearchSource[];
  /** Whom those with biometrics go to; none: no biometrics leave the kiosk before the record does. */
  readonly biometricSources: readonly SearchSource[];
  readonly policy: Policy;
  /** How long a decision waits after the last question was asked. */
  readonly decisionMs: number;
  readonly notices: Pick<Notices, 'add'>;
  /** Stores what has to be heard of at once and is in no record of the crossing. */
  readonly alarm: (crossingId: string, reasons: readonly Reason[]) => void;
  readonly onChange: () => void;
}

/** What the central systems are asked about each traveller, while the crossing goes on. */
export interface Inquiries {
  /** Asks about what is new in the evidence; answers come when they come. */
  ask(crossingId: string, evidence: Evidence): void;
  /** What the answers do to the crossing, once they are all there or have been waited for long enough. */
  verdict(crossingId: string, signal: AbortSignal): Promise<Verdict>;
  findings(crossingId: string): Findings | undefined;
  /** Whether a link was shown with this traveller that a booth has to verify. */
  mayJudge(crossingId: string, link: string): boolean;
  /** A link has been settled: what was found of it is told so from now on. */
  judged(crossingId: string, link: string, colour: LinkColour): void;
  /** How the crossing went on: hits that come, or came, too late for its decision are told in another way. */
  decided(crossingId: string, outcome: 'clear' | 'refer'): void;
  /** The traveller left before anything was decided. */
  left(crossingId: string): void;
  /** The guard has decided, or the gate has closed behind the traveller: what is still asked is heard to its end, and no longer. */
  over(crossingId: string): void;
  close(): void;
}

interface Inquiry {
  readonly crossingId: string;
  readonly name: string;
  readonly stop: AbortController;
  readonly found: Findings[];
  /** Hits that some record or alarm holds already. */
  readonly told: Set<string>;
  /** Hits that the guard has a notice of. */
  readonly noticed: Set<string>;
  readonly waiting: Set<() => void>;
  with: ReadonlySet<string>;
  askedMs: number;
  running: number;
  stands: 'open' | 'clear' | 'refer' | 'left';
  over: boolean;
}

/** Opens the inquiries. What they know of travellers is in memory only. */
export function openInquiries(options: InquiriesOptions): Inquiries {
  const { search, clock, asker, policy, notices, onChange } = options;
  const inquiries = new Map<string, Inquiry>();

  /**
   * Tells the guard of hits to be noticed only, as they come, and of those that no decision speaks of; these alone leave as alarms.
   * What is found before the decision leaves with the crossing's record, at the moment at which every crossing's does (R18).
   */
  const review = (inquiry: Inquiry) => {
    const alarms: Reason[] = [];
    for (const { hits } of joined(inquiry.found).sources)
      for (const hit of hits) {
        const treatment = treatmentOf(hit, policy.treatments);
        if (treatment === 'pass') continue;
        const { crossingId, name, stands, told, noticed } = inquiry;
        const file = fileOf(hit);
        const late = stands !== 'open' && !told.has(file);
        const kind = treatment === 'notice' ? 'discreet' : stands === 'left' ? 'left' : 'late';
        if (!noticed.has(file) && (kind === 'discreet' || (late && stands !== 'refer'))) {
          noticed.add(file);
          notices.add({ crossingId, kind, name, hit });
        }
        if (!late) continue;
        told.add(file);
        alarms.push(...alarming(hit));
      }
    if (alarms.length > 0) options.alarm(inquiry.crossingId, alarms);
  };

  const changed = (inquiry: Inquiry) => {
    review(inquiry);
    for (const hear of inquiry.waiting) hear();
    if (inquiry.over && inquiry.running === 0) inquiries.delete(inquiry.crossingId);
    onChange();
  };

  const start = (inquiry: Inquiry, subject: Subject, sources: readonly SearchSource[]) => {
    const wanted = wantedOf(subject, asker, inquiry.crossingId);
    inquiry.askedMs = clock.elapsed();
    const at = inquiry.found.push({
      rung: wanted ? 'portal' : 'local',
      ended: !wanted,
      sources: sources.map((source) => ({ source, state: wanted ? 'waiting' : 'unavailable', by: null, hits: [] })),
    });
    if (!wanted) return changed(inquiry);
    inquiry.running++;
    const tell = (findings: Findings) => {
      inquiry.found[at - 1] = findings;
      changed(inquiry);
    };
    search
      .inquire(wanted, sources, inquiry.stop.signal, tell)
      .then(tell, () => {})
      .finally(() => {
        inquiry.running--;
        changed(inquiry);
      });
  };

  const settled = async (inquiry: Inquiry, signal: AbortSignal) => {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (inquiry.running === 0) resolve();
    };
    inquiry.waiting.add(look);
    look();
    const leftMs = options.decisionMs - (clock.elapsed() - inquiry.askedMs);
    const late = clock.sleep(Math.max(0, leftMs), until);
    try {
      await Promise.race([promise, late]);
    } finally {
      inquiry.waiting.delete(look);
      over.abort();
      late.catch(() => {});
    }
  };

  return {
    ask(crossingId, evidence) {
      const { document, face, finger, otherFingers = [] } = evidence;
      if (!document) return;
      const known = inquiries.get(crossingId);
      const inquiry: Inquiry = known ?? {
        crossingId,
        name: nameOf(document),
        stop: new AbortController(),
        found: [],
        told: new Set(),
        noticed: new Set(),
        waiting: new Set(),
        with: new Set(),
        askedMs: clock.elapsed(),
        running: 0,
        stands: 'open',
        over: false,
      };
      inquiries.set(crossingId, inquiry);
      if (!known) start(inquiry, { document }, options.sources);
      const present = new Set([...(face ? ['face'] : []), ...(finger ? ['finger'] : [])]);
      const fresh = [...present].some((part) => !inquiry.with.has(part));
      inquiry.with = present;
      if (!fresh || options.biometricSources.length === 0) return;
      const fingers = finger && [finger, ...otherFingers];
      start(inquiry, { document, ...(face && { face }), ...(fingers && { fingers }) }, options.biometricSources);
    },
    async verdict(crossingId, signal) {
      const inquiry = inquiries.get(crossingId);
      if (!inquiry) return judge({ rung: 'local', ended: true, sources: [] }, policy);
      await settled(inquiry, signal);
      const findings = joined(inquiry.found);
      const verdict = judge(findings, policy);
      // The crossing's own records speak of these.
      for (const { hits } of findings.sources)
        for (const hit of hits) if (treatmentOf(hit, policy.treatments) !== 'pass') inquiry.told.add(fileOf(hit));
      return verdict;
    },
    findings(crossingId) {
      const inquiry = inquiries.get(crossingId);
      return inquiry && joined(inquiry.found);
    },
    mayJudge(crossingId, link) {
      const found = inquiries.get(crossingId)?.found ?? [];
      return found.flatMap(linksIn).some(({ reference, verifyBy }) => reference === link && verifyBy !== undefined);
    },
    judged(crossingId, link, colour) {
      const inquiry = inquiries.get(crossingId);
      if (!inquiry) return;
      for (const [at, findings] of inquiry.found.entries()) inquiry.found[at] = withLink(findings, link, colour);
      onChange();
    },
    decided(crossingId, outcome) {
      const inquiry = inquiries.get(crossingId);
      if (!inquiry) return;
      inquiry.stands = outcome;
      changed(inquiry);
    },
    left(crossingId) {
      const inquiry = inquiries.get(crossingId);
      if (!inquiry) return;
      inquiry.stands = 'left';
      inquiry.over = true;
      inquiry.stop.abort();
      changed(inquiry);
    },
    over(crossingId) {
      const inquiry = inquiries.get(crossingId);
      if (!inquiry) return;
      inquiry.over = true;
      changed(inquiry);
    },
    close() {
      for (const { stop } of inquiries.values()) stop.abort();
      inquiries.clear();
    },
  };
}
