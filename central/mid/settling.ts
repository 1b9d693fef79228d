import type { Context } from 'hono';
import { type LinkAnswer, LinkVerdict, maxVerdictBytes } from '../../main/contract/link.ts';
import { readBody } from '../body.ts';
import { type EspConfiguration, settlesOf } from '../esp/configuration.ts';
import type { Database } from '../sql.ts';
import type { LinkLine, LinkLog } from './link-log.ts';
import type { Links } from './links.ts';

/** What takes verdicts on links. */
export interface SettlingOptions {
  readonly database: Database;
  readonly configuration: EspConfiguration;
  readonly links: Links;
  readonly log: LinkLog;
  readonly now: () => Date;
}

type Refused = Extract<LinkAnswer, { refused: string }>['refused'];

const statuses = {
  'verdict-malformed': 422,
  'verdict-too-large': 413,
  'not-authorised': 403,
  'not-open': 409,
  'not-logged': 503,
} as const satisfies Record<Refused, number>;

/**
 * Answers `POST /v1/links` of a kiosk whose name is known for certain: the verdict of a person of an authority that the profile
 * lets settle, and the line of the log, in one transaction; a verdict that is not taken is logged too.
 */
export async function settle(options: SettlingOptions, context: Context, kioskId: string): Promise<Response> {
  const refuse = (refused: Refused) => context.json({ refused } satisfies LinkAnswer, statuses[refused]);
  const body = await readBody(context.req.raw.body, maxVerdictBytes);
  if (!body) return refuse('verdict-too-large');
  const verdict = readVerdict(body.toString());
  if (!verdict) return refuse('verdict-malformed');
  const settles = settlesOf(options.configuration, kioskId, verdict);
  if (!settles) return refuse('not-authorised');
  const { database, links, log, now } = options;
  try {
    const settled = await database.transaction(
      async () => {
        const taken = await links.settle(verdict, settles);
        // Said again because the answer was lost: it is logged already.
        if (taken !== 'before') await log.append(lineOf(verdict, kioskId, now(), taken ? 'settled' : 'refused'));
        return taken !== false;
      },
      { alone: 'mid' },
    );
    return settled ? context.json({ settled } satisfies LinkAnswer) : refuse('not-open');
  } catch {
    return refuse('not-logged');
  }
}

function lineOf(verdict: LinkVerdict, kioskId: string, at: Date, event: LinkLine['event']): LinkLine {
  const { id: verdictId, link, colour, authority, purpose, staffId, caseId } = verdict;
  return { at: at.toISOString(), event, verdictId, link, colour, kioskId, authority, purpose, staffId, caseId };
}

function readVerdict(text: string): LinkVerdict | undefined {
  try {
    return LinkVerdict.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
