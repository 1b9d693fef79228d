import { Fault } from '../contract/fault.ts';
import { newIdentifier } from '../contract/identifier.ts';
import { LinkAnswer, type LinkDecision, type LinkVerdict } from '../contract/link.ts';
import type { Line } from './line.ts';
import type { Asker } from './question.ts';

const maxAnswerBytes = 1024;

/** What a guard decided of a link, as it goes to central. */
export function verdictOf({ crossingId, ...decided }: LinkDecision, asker: Asker, nowMs: number): LinkVerdict {
  return {
    format: 'limen-link-verdict',
    version: 1,
    id: newIdentifier(nowMs),
    ...decided,
    ...asker,
    caseId: crossingId,
  };
}

/**
 * Has a link settled. Sent once more where no answer came, since the same verdict again changes nothing. Faults:
 * `search.offline` where it is not known to have been taken, `search.refused`, `search.malformed`.
 */
export async function settleLink(line: Line, verdict: LinkVerdict, signal: AbortSignal): Promise<void> {
  const answer = await once(line, verdict, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (Fault.from(error).code !== 'search.offline') throw error;
    return once(line, verdict, signal);
  });
  if ('refused' in answer) throw new Fault('search.refused', answer.refused);
}

async function once(line: Line, verdict: LinkVerdict, signal: AbortSignal): Promise<LinkAnswer> {
  const { chunks } = await line.ask('/v1/links', JSON.stringify(verdict), signal);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Fault('search.malformed', 'an answer that is too long');
    parts.push(chunk);
  }
  try {
    return LinkAnswer.parse(JSON.parse(Buffer.concat(parts).toString()));
  } catch (cause) {
    throw new Fault('search.malformed', 'no answer to a verdict', { cause });
  }
}
