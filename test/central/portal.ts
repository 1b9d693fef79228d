import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../central/esp/clock.ts';
import type { EspConfiguration } from '../../central/esp/configuration.ts';
import { centralApp } from '../../central/app.ts';
import type { Behaviours } from '../../central/registers/behaviour.ts';
import { openServices, type Services } from '../../central/services.ts';
import type { Database } from '../../central/sql.ts';
import { SearchLine, type SearchQuery } from '../../main/contract/search.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import type { Resident } from '../sim/central/population.ts';
import { openAt, remove } from './place.ts';

/** The portal on a database of its own, asked without a network by `gate-1`. Gone with `dispose`. */
export interface NearPortal extends AsyncDisposable {
  readonly file: string;
  readonly database: Database;
  readonly services: Services;
  readonly behaviours: Behaviours;
  /** Whether the database is being asked something: virtual time waits for that. */
  readonly busy: () => boolean;
  /** Posts a body as it is. */
  post(body: string, signal?: AbortSignal, path?: string): Promise<Response>;
  /** Asks, and gives the whole answer as it was sent. */
  ask(query: unknown): Promise<string>;
}

/** Opens one. */
export async function nearPortal(
  more: Partial<EspConfiguration> = {},
  clock: Clock = systemClock,
): Promise<NearPortal> {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const file = join(directory, 'central.db');
  const database = await openAt(file, randomBytes(32));
  const busy = watched(database);
  const behaviours: Behaviours = new Map();
  const configuration = exampleConfiguration({ slotMs: 0, ...more });
  const services = await openServices({ database, configuration, behaviours, clock });
  const app = centralApp({
    database,
    openingKeys: new Map(),
    receiptKey: generateKeyPairSync('ed25519').privateKey,
    now: () => new Date(clock.now()),
    peerOf: () => ({ name: 'gate-1', role: 'kiosk' }),
    search: services.search,
    settle: services.settle,
    onStored: services.onStored,
  });
  const post = async (body: string, signal?: AbortSignal, path = '/v1/search') =>
    app.fetch(new Request(`https://central${path}`, { method: 'POST', body, ...(signal && { signal }) }));
  return {
    file,
    database,
    services,
    behaviours,
    busy,
    post,
    ask: async (query) => (await post(JSON.stringify(query))).text(),
    async [Symbol.asyncDispose]() {
      await services.close();
      await database.close();
      await remove(file);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Counts what a database is doing from now on. */
function watched(database: Database): () => boolean {
  let pending = 0;
  const counting =
    <A extends unknown[], R>(ask: (...all: A) => Promise<R>) =>
    async (...all: A): Promise<R> => {
      pending++;
      try {
        return await ask(...all);
      } finally {
        pending--;
      }
    };
  database.all = counting(database.all.bind(database)) as Database['all'];
  database.run = counting(database.run.bind(database));
  database.transaction = counting<[work: () => Promise<unknown>], unknown>(
    database.transaction.bind(database),
  ) as Database['transaction'];
  return () => pending > 0;
}

/** The question a kiosk asks of a traveller on entry. */
export function queryOf(
  { document, identity }: Pick<Resident, 'document' | 'identity'>,
  more: Partial<SearchQuery> = {},
) {
  return {
    format: 'limen-search',
    version: 1,
    id: '019363d5-8c00-7000-8000-000000000001',
    purpose: 'border-check-entry',
    authority: 'border-police',
    staffId: 'guard-7',
    caseId: 'case-1',
    dataTypes: ['document', 'identity'],
    document,
    identity,
    ...more,
  } satisfies SearchQuery;
}

/** The lines of an answer, each checked. */
export function linesOf(answer: string): SearchLine[] {
  return answer
    .split('\n')
    .slice(0, -1)
    .map((line) => SearchLine.parse(JSON.parse(line)));
}

/** All lines of a search, when it has ended. */
export async function allOf(search: AsyncIterable<SearchLine>): Promise<SearchLine[]> {
  const lines: SearchLine[] = [];
  for await (const line of search) lines.push(line);
  return lines;
}
