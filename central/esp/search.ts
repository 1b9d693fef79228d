import type { Context } from 'hono';
import { readBody } from '../body.ts';
import { Fault } from '../../main/contract/fault.ts';
import {
  maxQueryBytes,
  type SearchLine,
  SearchQuery,
  type SearchRefusal,
  type SearchSource,
} from '../../main/contract/search.ts';
import { dayAt } from '../ees/calendar.ts';
import { type Biometrics, probeOf } from '../sbms/probe.ts';
import type { Asker } from '../sbms/sbms-log.ts';
import type { Clock } from './clock.ts';
import { type EspConfiguration, type Sees, seesOf } from './configuration.ts';
import type { Portal } from './portal.ts';
import { type QueryLog, queryLine, type ResultKind } from './query-log.ts';

/** What answers questions to the portal. */
export interface SearchOptions {
  readonly configuration: EspConfiguration;
  readonly portal: Portal;
  readonly log: QueryLog;
  readonly clock: Clock;
}

const statuses = {
  'query-malformed': 422,
  'query-too-large': 413,
  'not-authorised': 403,
  busy: 503,
  'not-logged': 503,
} as const satisfies Record<SearchRefusal['refused'], number>;

/** Answers `POST /v1/search` of a kiosk: lines of JSON as they come, or a refusal that says nothing of the subject. */
export class Search {
  readonly #options: SearchOptions;
  readonly #open = new Set<() => Promise<void>>();

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /**
   * Answers one question of a kiosk whose name is known for certain; `only` is the system that it is asked of directly, past
   * the portal, by the same rules (Reg. (EU) 2019/817 Art. 11).
   */
  async answer(context: Context, kioskId: string, only?: SearchSource): Promise<Response> {
    const { configuration, log, portal } = this.#options;
    const body = await readBody(context.req.raw.body, maxQueryBytes);
    if (!body) return refuse(context, 'query-too-large');
    const query = readQuery(body.toString(), only);
    if (!query) return refuse(context, 'query-malformed');
    const sees = seesOf(configuration, kioskId, query);
    if (!sees) return refuse(context, 'not-authorised');
    const probe = await probeOf(query, configuration.biometrics.leastQuality);
    if (probe === 'malformed') return refuse(context, 'query-malformed');
    const asker = askerOf(kioskId, query);
    if (this.#open.size >= configuration.maxAtOnce) return refuse(context, 'busy');
    const asked = portal.plan(query, sees).map(({ source }) => source);
    const leaving = new AbortController();
    const lines = this.#lines(kioskId, query, sees, asked, leaving.signal, probe && { probe, asker });
    const leave = async () => {
      leaving.abort();
      // What ends it, or the log that cannot be written any longer, has nobody left to be told.
      await lines.return().catch(() => {});
      this.#open.delete(leave);
    };
    this.#open.add(leave);
    try {
      await log.append(queryLine('asked', this.#now(), kioskId, query, asked));
    } catch {
      await leave();
      return refuse(context, 'not-logged');
    }
    const late = this.#options.clock.sleep(configuration.wholeMs, leaving.signal);
    return context.body(streamOf(lines, leave, late), 200, { 'content-type': 'application/x-ndjson' });
  }

  /** Ends the searches that are going on, and has them logged. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open, (leave) => leave()));
  }

  /** The closing line is let out when the log has it: an answer that is not logged is not whole. */
  async *#lines(
    kioskId: string,
    query: SearchQuery,
    sees: Sees,
    asked: readonly SearchSource[],
    signal: AbortSignal,
    biometrics: Biometrics | undefined,
  ): AsyncGenerator<SearchLine, void> {
    const { configuration, log, portal } = this.#options;
    const results: Partial<Record<SearchSource, ResultKind[]>> = {};
    const today = dayAt(this.#now().toISOString(), configuration.kiosks[kioskId]!.timeZone);
    let event: 'answered' | 'left' = 'left';
    try {
      for await (const line of portal.search(query, sees, today, signal, biometrics)) {
        if (line.kind === 'END') {
          event = 'answered';
          await log.append(queryLine(event, this.#now(), kioskId, query, asked, results));
        } else {
          const kinds = (results[line.source] ??= []);
          if (!kinds.includes(line.kind)) kinds.push(line.kind);
        }
        yield line;
      }
    } finally {
      if (event === 'left') await log.append(queryLine(event, this.#now(), kioskId, query, asked, results));
    }
  }

  #now(): Date {
    return new Date(this.#options.clock.now());
  }
}

function askerOf(kioskId: string, { id, authority, purpose, staffId, caseId }: SearchQuery): Asker {
  return { queryId: id, kioskId, authority, purpose, staffId, caseId };
}

/** A question to one system names that system or none. */
function readQuery(text: string, only: SearchSource | undefined): SearchQuery | undefined {
  try {
    const query = SearchQuery.safeParse(JSON.parse(text)).data;
    if (!query || only === undefined) return query;
    return (query.sources ?? [only]).every((source) => source === only) ? { ...query, sources: [only] } : undefined;
  } catch {
    return undefined;
  }
}

function refuse(context: Context, refused: SearchRefusal['refused']): Response {
  const headers = statuses[refused] === 503 ? { 'retry-after': '1' } : undefined;
  return context.json({ refused } satisfies SearchRefusal, statuses[refused], headers);
}

/** A line is made when the one before has been taken; when the client goes, or is too long about it, the search ends. */
function streamOf(
  lines: AsyncGenerator<SearchLine, void>,
  leave: () => Promise<void>,
  late: Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      const cutOff = () => {
        controller.error(new Fault('wire.closed'));
        return leave();
      };
      // Rejects when it is left in time.
      late.then(cutOff, () => {});
    },
    async pull(controller) {
      try {
        const { done, value } = await lines.next();
        if (!done) return controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
        controller.close();
        await leave();
      } catch (error) {
        await leave();
        throw error;
      }
    },
    cancel: leave,
  });
}
