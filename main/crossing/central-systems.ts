import type { Reason } from '../contract/crossing.ts';
import type { SearchStatus } from '../contract/guard.ts';
import type { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import type { LinkDecision } from '../contract/link.ts';
import { Label, type SearchAction, type SearchSource } from '../contract/search.ts';
import type { Treatment } from '../contract/findings.ts';
import type { AskedLine } from '../search/asking.ts';
import { type Clock, systemClock } from '../search/clock.ts';
import { http2Line, type Line, type Trust } from '../search/line.ts';
import { settleLink, verdictOf } from '../search/link-verdict.ts';
import { openSearch, type Search } from '../search/search.ts';
import { type Inquiries, openInquiries } from './inquiries.ts';
import type { Notices } from './notices.ts';

/** What a deployment says about asking. */
export interface AskingSettings {
  readonly url?: string | undefined;
  readonly authority: string;
  readonly purpose: string;
  readonly staffId?: string | undefined;
  readonly sources: readonly SearchSource[];
  readonly required: readonly SearchSource[];
  readonly biometricSources: readonly SearchSource[];
  readonly direct: Readonly<Partial<Record<SearchSource, string>>>;
  readonly treatments: Readonly<Partial<Record<SearchAction, Treatment>>>;
  readonly answerMs: number;
  readonly decisionMs: number;
}

export interface CentralSystemsOptions {
  readonly settings: AskingSettings;
  readonly centralUrl: string;
  readonly trust: Trust;
  readonly guardId: string;
  readonly onAsked: (line: AskedLine) => void;
  /** Writes to the log, and throws when it cannot: then no verdict is sent. */
  readonly note: (event: AuditEvent) => void;
  readonly notices: Pick<Notices, 'add'>;
  readonly alarm: (crossingId: string, reasons: readonly Reason[]) => void;
  readonly onChange: () => void;
  readonly clock?: Clock;
}

/** The central systems as a kiosk asks them: what is known of travellers, and how the ladder stands. */
export interface CentralSystems extends Pick<Search, 'tryNow' | 'close'> {
  readonly inquiries: Inquiries;
  /** Has a link settled that is open in a case. Faults: `contract.breach`, `search.offline`, `search.refused`. */
  settle(decision: LinkDecision): Promise<void>;
  status(): Pick<SearchStatus, 'rung' | 'since'>;
}

/** Opens the way to the central systems: one connection an address. Fault: `config.invalid`. */
export function openCentralSystems(options: CentralSystemsOptions): CentralSystems {
  const { settings, centralUrl, trust, onChange, onAsked, clock = systemClock } = options;
  const { authority, purpose, sources, biometricSources, direct, answerMs, decisionMs } = settings;
  const { data: staffId } = Label.safeParse(settings.staffId ?? options.guardId);
  if (staffId === undefined)
    throw new Fault('config.invalid', 'search.staffId is needed: the id of the guard cannot be one');
  const lines = new Map<string, Line>();
  const lineTo = (url: string): Line => {
    const line = lines.get(url) ?? http2Line(url, trust);
    lines.set(url, line);
    return line;
  };
  const asker = { authority, purpose, staffId };
  // Even at one address they do not share a connection: what breaks one is not to break the other.
  const portal = http2Line(settings.url ?? centralUrl, trust);
  const search = openSearch({
    portal,
    direct: Object.fromEntries(sources.map((source) => [source, lineTo(direct[source] ?? centralUrl)])),
    answerMs,
    onAsked,
    onRung: onChange,
    clock,
  });
  const inquiries = openInquiries({
    search,
    clock,
    asker,
    sources,
    biometricSources,
    policy: settings,
    decisionMs,
    notices: options.notices,
    alarm: options.alarm,
    onChange,
  });
  return {
    inquiries,
    async settle(decision) {
      const { crossingId, link, colour } = decision;
      if (!inquiries.mayJudge(crossingId, link)) throw new Fault('contract.breach', 'no such link is open here');
      options.note({ event: 'link-judged', crossingId, link, colour, ...asker });
      const verdict = verdictOf(decision, asker, clock.now());
      await settleLink(portal, verdict, AbortSignal.timeout(2 * answerMs));
      inquiries.judged(crossingId, link, colour);
    },
    status: () => search.rung(),
    tryNow: () => search.tryNow(),
    async close() {
      inquiries.close();
      await search.close();
    },
  };
}
