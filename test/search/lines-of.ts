import type { SearchEnding, SearchHit, SearchLine, SearchSource, StayFacts } from '../../main/contract/search.ts';
import type { Clock } from '../../main/search/clock.ts';
import type { Line } from '../../main/search/line.ts';
import { VirtualClock } from '../uplink/line.ts';

/** Time of the tests: it moves when nothing else is left to do. */
export class SearchClock extends VirtualClock implements Clock {
  elapsed(): number {
    return this.now();
  }

  /** Lets so much time pass. */
  async sleepFor(ms: number): Promise<void> {
    let over = false;
    const slept = this.sleep(ms, new AbortController().signal).then(() => (over = true));
    await this.runUntil(
      () => over,
      () => false,
    );
    await slept;
  }
}

/** Whom the tests ask about. */
export { travelDocument as traveller } from '../journey/events.ts';

export const asker = { authority: 'border-police', purpose: 'border-check-entry', staffId: 'guard-7' };
export const caseId = '0197e0a0-0000-7000-8000-000000000000';

/** A stay in order. */
export const stay: StayFacts = {
  usedDays: 12,
  daysLeft: 78,
  overBy: 0,
  unlawfulDays: 0,
  refusals: 0,
  incomplete: false,
};

export const dossier: SearchHit = {
  source: 'EES',
  kind: 'HIT',
  action: 'consult-dossier',
  facts: { reference: 'EES-1', ...stay },
};
export const arrest: SearchHit = { source: 'SIS', kind: 'HIT', action: 'arrest', facts: { reference: 'SIS-1' } };
export const discreet: SearchHit = {
  source: 'SIS',
  kind: 'SILENT_HIT',
  action: 'discreet-check',
  facts: { reference: 'SIS-2' },
};
export const none = (source: SearchSource): SearchLine => ({ source, kind: 'NO_HIT' });
export const unavailable = (source: SearchSource): SearchLine => ({
  source,
  kind: 'UNAVAILABLE',
  since: '2026-11-24T08:00:00.000Z',
});
export const end = (id: string, endings: Partial<Record<SearchSource, SearchEnding>>): SearchLine => ({
  kind: 'END',
  id,
  sources: Object.entries(endings).map(([source, ending]) => ({ source: source as SearchSource, ending })),
});

/** Lines as they go over the wire. */
export const written = (...lines: unknown[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

/** Bytes as they come, in the pieces given. */
export async function* arriving(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** What an address does with a question of this id to these sources. */
export type Answering = (ask: {
  readonly path: string;
  readonly id: string;
  readonly sources: readonly SearchSource[];
  readonly signal: AbortSignal;
}) => Promise<{ status?: number; retryAfter?: string; chunks?: AsyncIterable<Uint8Array> }>;

/** An address that answers as it is told to, and counts how often it is asked. */
export function lineThat(answering: Answering): Line & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async ask(path, body, signal) {
      asked.push(path);
      const { id, sources } = JSON.parse(body) as { id: string; sources: SearchSource[] };
      const { status = 200, retryAfter, chunks = arriving() } = await answering({ path, id, sources, signal });
      return { status, chunks, ...(retryAfter && { retryAfter }) };
    },
    close: async () => {},
  };
}

/** Answers that nothing is there, whole. */
export const nothing: Answering = async ({ id, sources }) => ({
  chunks: arriving(
    written(
      ...sources.map((source) => none(source)),
      end(id, Object.fromEntries(sources.map((source) => [source, 'complete']))),
    ),
  ),
});

/** Takes the question and never says anything. */
export const mute: Answering = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** Cannot be reached. */
export const dead: Answering = () => Promise.reject(new Error('ECONNREFUSED'));
