import type { SearchEnding, SearchLine, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import type { Biometrics } from '../sbms/probe.ts';
import type { Question, Source } from '../registers/register.ts';
import type { Clock } from './clock.ts';
import type { EspConfiguration, Sees } from './configuration.ts';

/** What a portal is made of. */
export interface PortalOptions {
  readonly sources: readonly Source[];
  readonly configuration: Pick<EspConfiguration, 'deadlineMs' | 'deadlinesMs' | 'slotMs' | 'maxHits'>;
  readonly clock: Clock;
}

interface Told {
  readonly source: SearchSource;
  readonly ending: SearchEnding;
  readonly lines: readonly SearchLine[];
}

/**
 * The European search portal (Reg. (EU) 2019/817 Art. 9): one question goes to all sources at once, and what each says is
 * told as it comes. A source that is outside the profile is not asked, so that nothing about an answer can depend on it.
 */
export class Portal {
  readonly #options: PortalOptions;
  readonly #silentSince = new Map<SearchSource, number>();

  constructor(options: PortalOptions) {
    this.#options = options;
  }

  /** The sources a question goes to: those wanted, seen, and able to look with what there is. */
  plan(query: SearchQuery, sees: Sees): Source[] {
    return this.#options.sources.filter(
      (each) => each.source in sees && (query.sources?.includes(each.source) ?? true) && each.takes(query),
    );
  }

  /**
   * Lines as they are known, the closing one last; `biometrics` are those of the query, read; `today` is the day where it is asked. The next waits until it is wanted,
   * the whole ends when the signal does.
   */
  async *search(
    query: SearchQuery,
    sees: Sees,
    today: Day,
    signal: AbortSignal,
    biometrics?: Biometrics,
  ): AsyncGenerator<SearchLine, void> {
    const left = new AbortController();
    const either = AbortSignal.any([signal, left.signal]);
    const plan = this.plan(query, sees);
    const { document, identity } = query;
    const subject = { ...(document && { document }), ...(identity && { identity }), ...(biometrics && { biometrics }) };
    const waiting = new Map(
      plan.map((each) => [each.source, this.#ask(each, { ...subject, kinds: sees[each.source]!, today }, either)]),
    );
    const endings = new Map<SearchSource, SearchEnding>();
    try {
      while (waiting.size > 0) {
        const { source, ending, lines } = await Promise.race(waiting.values());
        waiting.delete(source);
        endings.set(source, ending);
        yield* lines;
      }
      const sources = plan.map(({ source }) => ({ source, ending: endings.get(source)! }));
      yield { kind: 'END', id: query.id, sources };
    } finally {
      left.abort();
      await Promise.allSettled(waiting.values());
    }
  }

  /** Rejects only when nobody waits any longer. */
  async #ask(each: Source, question: Question, signal: AbortSignal): Promise<Told> {
    const { configuration, clock } = this.#options;
    const startedMs = clock.now();
    const told = await this.#hear(each, question, signal);
    if (configuration.slotMs > 0) {
      const over = (clock.now() - startedMs) % configuration.slotMs;
      if (over > 0 || clock.now() === startedMs) await clock.sleep(configuration.slotMs - over, signal);
    }
    return told;
  }

  async #hear(each: Source, question: Question, signal: AbortSignal): Promise<Told> {
    const { configuration, clock } = this.#options;
    const { source } = each;
    const over = new AbortController();
    const own = AbortSignal.any([signal, over.signal]);
    const startedMs = clock.now();
    try {
      const late = clock.sleep(configuration.deadlinesMs[source] ?? configuration.deadlineMs, own);
      const found = await Promise.race([each.ask(question, own), late]);
      if (!found) throw new Error('late');
      this.#silentSince.delete(source);
      const seen = found.matches.filter(({ kind, hit }) => question.kinds.includes(kind) && hit.source === source);
      const hits = seen.slice(0, configuration.maxHits).map(({ hit }) => hit);
      const complete = found.complete && hits.length === seen.length;
      if (!complete) return { source, ending: 'partial', lines: [...hits, { source, kind: 'PARTIAL' }] };
      return { source, ending: 'complete', lines: hits.length > 0 ? hits : [{ source, kind: 'NO_HIT' }] };
    } catch {
      signal.throwIfAborted();
      const sinceMs = this.#silentSince.get(source) ?? startedMs;
      this.#silentSince.set(source, sinceMs);
      const since = new Date(sinceMs).toISOString();
      return { source, ending: 'unavailable', lines: [{ source, kind: 'UNAVAILABLE', since }] };
    } finally {
      over.abort();
    }
  }
}
