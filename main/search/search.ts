import type { Findings, Rung } from '../contract/findings.ts';
import { Fault } from '../contract/fault.ts';
import type { SearchQuery, SearchSource } from '../contract/search.ts';
import { unheard } from './answer.ts';
import { ask, type AskedLine, type Heard } from './asking.ts';
import { Circuit } from './circuit.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Line } from './line.ts';
import { queryOf, type Wanted } from './question.ts';
import { askElsewhere, type Part, standing } from './standing.ts';

/** Whom questions go to, and how long they are waited for. */
export interface SearchOptions {
  readonly portal: Line;
  /** Where each system is asked by itself when the portal is down; absent: it cannot be. */
  readonly direct: Readonly<Partial<Record<SearchSource, Line>>>;
  /** How long an address has for its whole answer. */
  readonly answerMs: number;
  readonly onAsked: (line: AskedLine) => void;
  /** The step that the next question begins at has changed. */
  readonly onRung?: () => void;
  readonly clock?: Clock;
  /** 0 to 1, for spreading trials. */
  readonly random?: () => number;
}

/** Asks about travellers: the portal, where it is down each system by itself, and where that fails too nobody. */
export interface Search {
  /**
   * Asks one question and tells of every change. Resolves with what is known when nobody is waited for any more, at the latest
   * after twice the time of an answer; rejects when the signal fires, and never else.
   */
  inquire(
    wanted: Wanted,
    sources: readonly SearchSource[],
    signal: AbortSignal,
    onMore: (findings: Findings) => void,
  ): Promise<Findings>;
  /** The step of the ladder that the last questions stood on, and since when. */
  rung(): { readonly rung: Rung; readonly since: string };
  /** There is news of the line: what was given up is tried with the next question. */
  tryNow(): void;
  close(): Promise<void>;
}

/** Opens the way to the portal and to the systems behind it. */
export function openSearch(options: SearchOptions): Search {
  const { portal, direct, onRung = () => {}, clock = systemClock, random = Math.random } = options;
  const closing = new AbortController();
  const portalCircuit = new Circuit(clock, random);
  const circuits = new Map(
    (Object.keys(direct) as SearchSource[]).map((source) => [source, new Circuit(clock, random)]),
  );
  const silentSince = new Map<SearchSource, string>();
  const nowIso = () => new Date(clock.now()).toISOString();
  let stands: { rung: Rung; since: string } = { rung: 'portal', since: nowIso() };

  const settle = (findings: Findings): Findings => {
    if (findings.rung !== stands.rung) {
      stands = { rung: findings.rung, since: nowIso() };
      onRung();
    }
    return { ...findings, sources: findings.sources.map((each) => dated(each)) };
  };
  /** Since when a source that does not answer has not done so, as far as this kiosk knows. */
  const dated = (each: Findings['sources'][number]) => {
    if (each.state !== 'unavailable') {
      silentSince.delete(each.source);
      return each;
    }
    const since = each.since ?? silentSince.get(each.source) ?? nowIso();
    silentSince.set(each.source, since);
    return { ...each, since };
  };

  return {
    async inquire(wanted, sources, signal, onMore) {
      const until = AbortSignal.any([signal, closing.signal]);
      until.throwIfAborted();
      const parts: Part[] = [];
      let over = false;
      const tell = () => onMore(standing(sources, parts, over));
      const askOne = async (line: Line, by: Part['by'], path: string, query: SearchQuery): Promise<Heard> => {
        const at = parts.push({ by, answer: unheard(query.id, query.sources ?? []) }) - 1;
        tell();
        const heard = await ask({ line, by, path }, query, { ...options, clock }, until, (answer) => {
          parts[at] = { by, answer };
          tell();
        });
        parts[at] = { by, answer: heard.answer, how: heard.how };
        tell();
        return heard;
      };
      const askPortal = async () => {
        const heard = await askOne(portal, 'portal', '/v1/search', queryOf(wanted, sources, clock.now()));
        judge(portalCircuit, heard);
      };
      const askDirect = async (source: SearchSource) => {
        const [line, circuit] = [direct[source], circuits.get(source)];
        if (!line || !circuit || circuit.state === 'open') return;
        const query = queryOf(wanted, [source], clock.now());
        const heard = await askOne(line, 'direct', `/v1/systems/${source}`, query);
        const silent = heard.how === 'whole' && heard.answer.said.get(source)?.ending === 'unavailable';
        judge(circuit, silent ? { ...heard, how: 'dead' } : heard);
      };
      const { state } = portalCircuit;
      if (state === 'on-trial') {
        // It costs nobody time: the systems are asked beside it, and where they have told all it is not waited for.
        const trial = askPortal();
        trial.catch(() => {});
        await Promise.all(sources.map(askDirect));
        if (standing(sources, parts, false).sources.some((each) => each.state !== 'complete')) await trial;
      } else {
        if (state === 'closed') await askPortal();
        const [part] = parts;
        await Promise.all(sources.filter((source) => !part || askElsewhere(part, source)).map(askDirect));
      }
      over = true;
      return settle(standing(sources, parts, true));
    },
    rung: () => stands,
    tryNow() {
      for (const circuit of [portalCircuit, ...circuits.values()]) circuit.tryNow();
    },
    async close() {
      closing.abort(new Fault('capture.cancelled'));
      await Promise.all([...new Set([portal, ...Object.values(direct)])].map((line) => line.close()));
    },
  };
}

/** An answer that was refused for what was asked shows that the address works. */
function judge(circuit: Circuit, { how, quietMs }: Heard): void {
  if (how === 'whole' || how === 'refused') circuit.worked();
  else circuit.failed(quietMs);
}
