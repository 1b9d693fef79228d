import { Fault } from '../contract/fault.ts';
import { type SearchQuery, SearchRefusal, type SearchSource } from '../contract/search.ts';
import { retryAfterMs } from '../uplink/backoff.ts';
import { type Answer, hear, unheard } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Line, LineAnswer } from './line.ts';
import { readLines } from './lines.ts';

/** A question as the log of queries has it (R22): who asked whom for what, and nothing of whom it was about. */
export interface AskedLine {
  /** Before anything is sent; once the whole answer is there; or when it ended in another way. */
  readonly event: 'asked' | 'answered' | 'left';
  readonly at: string;
  readonly by: 'portal' | 'direct';
  readonly queryId: string;
  readonly caseId: string;
  readonly authority: string;
  readonly purpose: string;
  readonly staffId: string;
  readonly dataTypes: SearchQuery['dataTypes'];
  readonly sources: readonly SearchSource[];
  /** What was told, by source: kinds of lines only. */
  readonly results: Readonly<Partial<Record<SearchSource, readonly string[]>>>;
}

/** What it takes to ask one address. */
export interface AskOptions {
  readonly clock: Clock;
  /** How long an answer may take, whole. */
  readonly answerMs: number;
  /** Writes to the log, and throws when it cannot: then nothing is asked, and an answer does not count as whole. */
  readonly onAsked: (line: AskedLine) => void;
}

/** How an address did: `whole`, `cut` off, `broken` by a line that may not be, `refused` for good, or `dead`. */
export interface Heard {
  readonly how: 'whole' | 'cut' | 'broken' | 'refused' | 'dead';
  readonly answer: Answer;
  /** For how long it asked to be left in peace. */
  readonly quietMs: number;
}

const maxRefusalBytes = 1024;

/**
 * Asks one address one question, and tells of the answer as it grows. Whatever comes back, it ends, within its time, with what
 * can be believed; it rejects only when the signal fires.
 */
export async function ask(
  { line, by, path }: { readonly line: Line; readonly by: AskedLine['by']; readonly path: string },
  query: SearchQuery,
  { clock, answerMs, onAsked }: AskOptions,
  signal: AbortSignal,
  onMore: (answer: Answer) => void,
): Promise<Heard> {
  const asked = query.sources ?? [];
  let answer = unheard(query.id, asked);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const log = (event: AskedLine['event']) => {
    const { id: queryId, caseId, authority, purpose, staffId, dataTypes } = query;
    const who = { queryId, caseId, authority, purpose, staffId, dataTypes };
    onAsked({ event, at: new Date(clock.now()).toISOString(), by, ...who, sources: asked, results: kindsOf(answer) });
  };
  const late = clock.sleep(answerMs, either).then(
    () => over.abort(new Fault('search.offline', 'no whole answer in time')),
    () => {},
  );
  let logged = false;
  let how: Heard['how'] = 'dead';
  let quietMs = 0;
  try {
    log('asked');
    logged = true;
    const begun = await orAborted(line.ask(path, JSON.stringify(query), either), either);
    quietMs = retryAfterMs(begun.retryAfter, clock.now());
    if (begun.status !== 200) how = (await isRefusal(begun)) ? 'refused' : 'dead';
    else {
      how = 'cut';
      for await (const said of readLines(abortable(begun.chunks, either))) {
        const next = hear(answer, said);
        if (!next) throw new Fault('search.malformed', 'an answer that contradicts itself');
        answer = next;
        if (!answer.whole) onMore(answer);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (Fault.from(error).code === 'search.malformed') how = 'broken';
  } finally {
    over.abort();
    await late;
    if (logged) how = closeLog(log, how, answer, signal);
  }
  return { how: how === 'cut' && answer.whole ? 'whole' : how, answer, quietMs };
}

/** An answer that the log does not have is not whole. */
function closeLog(
  log: (event: AskedLine['event']) => void,
  how: Heard['how'],
  answer: Answer,
  signal: AbortSignal,
): Heard['how'] {
  try {
    log(how === 'cut' && answer.whole && !signal.aborted ? 'answered' : 'left');
    return how;
  } catch {
    return how === 'cut' ? 'broken' : how;
  }
}

/** Refusals that blame the question, and that nobody else would answer differently; others say "not now". */
async function isRefusal({ status, chunks }: LineAnswer): Promise<boolean> {
  if (![403, 413, 422].includes(status)) return false;
  const bytes: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxRefusalBytes) return false;
    bytes.push(chunk);
  }
  try {
    return SearchRefusal.safeParse(JSON.parse(Buffer.concat(bytes).toString())).success;
  } catch {
    return false;
  }
}

function kindsOf(answer: Answer): AskedLine['results'] {
  const kinds = [...answer.said].map(([source, { hits, ending }]) => {
    const told = new Set<string>(hits.map(({ kind }) => kind));
    if (ending === 'complete' && hits.length === 0) told.add('NO_HIT');
    if (ending === 'partial') told.add('PARTIAL');
    if (ending === 'unavailable') told.add('UNAVAILABLE');
    return [source, [...told]] as const;
  });
  return Object.fromEntries(kinds);
}

/** Whatever a line does with a signal, nobody waits for it after that has fired. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

async function* abortable(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const each = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await orAborted(each.next(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    each.return?.().catch(() => {});
  }
}
