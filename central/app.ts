import type { KeyObject } from 'node:crypto';
import type { Http2Bindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { CompactSign } from 'jose';
import { Fault, faults } from '../main/contract/fault.ts';
import { Batch, maxBatchBytes, maxSealedBytes, type Receipt } from '../main/contract/packet.ts';
import { SearchSource } from '../main/contract/search.ts';
import type { KioskLogs } from './audit/kiosk-logs.ts';
import { readBody } from './body.ts';
import { decodeCbor } from './cbor.ts';
import type { Search } from './esp/search.ts';
import { Inbox } from './inbox.ts';
import { receiptKeyId } from './key-document.ts';
import type { OpeningKeys } from './opening.ts';
import { Pacer } from './pacer.ts';
import { waitingLinks } from './mid/links.ts';
import { listGaps, listRecords } from './report.ts';
import type { Database } from './sql.ts';
import { Turnstile } from './turnstile.ts';
import type { ListShelf } from './watchlist/list-shelf.ts';

const maxBodyBytes = maxSealedBytes + maxBatchBytes;
const maxBatchTokens = 1000;
const maxAtOnce = 8;
/** Who waits has sent no more than headers, so that waiting costs next to nothing; it is over long before a kiosk gives up. */
const maxWaiting = 256;
const comeBack = { 'retry-after': '1' };
const forKiosks = /^\/v1\/(packets|keys|search|links|systems\/[^/]+|watchlist\/.+)$/;
/** What those alone may read who look whether all was lawful. */
const forControl: ReadonlySet<string> = new Set(['/v1/audit/lines']);

/** Who asks, by the client certificate that TLS has verified: CN names, OU tells the role. */
export interface Peer {
  readonly name: string;
  readonly role: string;
}

/** What central answers with. */
export interface AppOptions {
  readonly database: Database;
  readonly openingKeys: OpeningKeys;
  /** Ed25519 private key. */
  readonly receiptKey: KeyObject;
  /** The signed key document, handed out as it is. */
  readonly keyDocument?: string;
  readonly now: () => Date;
  readonly peerOf: (bindings: Http2Bindings) => Peer | undefined;
  /** The published watchlist; without it there is none. */
  readonly list?: ListShelf;
  /** Answers questions to the portal; without it there is none. */
  readonly search?: Search;
  /** Answers verdicts on links; without it there are none. */
  readonly settle?: (context: Context, kioskId: string) => Promise<Response>;
  /** What kiosks ship of their own logs. */
  readonly kioskLogs?: KioskLogs;
  /** Called when packets have been stored, before their receipt. */
  readonly onStored?: () => void;
  readonly pacer?: Pacer;
  /** The version up to which a kiosk is to erase its watchlist, where that is ordered. */
  readonly eraseThrough?: (kioskId: string) => number | undefined;
}

/** Central's requests: packets and questions from kiosks, records and gaps for operators. Anything unexpected is a bare status. */
export function centralApp({
  database,
  openingKeys,
  receiptKey,
  keyDocument,
  list,
  now,
  peerOf,
  search,
  settle,
  kioskLogs,
  onStored,
  pacer = new Pacer(),
  eraseThrough = () => undefined,
}: AppOptions): Hono<{ Bindings: Http2Bindings }> {
  const app = new Hono<{ Bindings: Http2Bindings }>();
  const inbox = new Inbox(database, openingKeys, now);
  const kid = receiptKeyId(receiptKey);
  const turnstile = new Turnstile(maxAtOnce, maxWaiting);

  app.use('/v1/*', async (context, next) => {
    const { path } = context.req;
    const role = forKiosks.test(path) ? 'kiosk' : forControl.has(path) ? 'control' : 'operator';
    return peerOf(context.env)?.role === role ? next() : context.body(null, 403);
  });

  app.use('/v1/packets', async (context, next) => {
    const leave = await turnstile.enter();
    if (!leave) return context.body(null, 503, comeBack);
    try {
      return await next();
    } finally {
      leave();
    }
  });

  app.post('/v1/packets', async (context) => {
    const body = await readBody(context.req.raw.body, maxBodyBytes);
    if (!body) return context.body(null, 413);
    const batch = readBatch(new Uint8Array(body));
    if (!batch) return context.body(null, 422);
    const { kioskId, nonce } = batch;
    if (peerOf(context.env)?.name !== kioskId) return context.body(null, 403);
    const answers = await inbox.take(batch);
    if (!answers) return context.body(null, 422);
    onStored?.();
    const pace = pacer.pace(kioskId, batch.waiting, batch.turn);
    const issuedAt = now().toISOString();
    const eraseListThrough = eraseThrough(kioskId);
    const receipt: Receipt = {
      format: 'limen-receipt',
      version: 1,
      kioskId,
      nonce,
      issuedAt,
      ...answers,
      ...(pace && { pace }),
      ...(eraseListThrough && { eraseListThrough }),
    };
    const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(receipt)))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'limen-receipt', kid: await kid })
      .sign(receiptKey);
    return context.body(jws, 200, { 'content-type': 'application/jose' });
  });

  app.get('/v1/keys', (context) =>
    keyDocument === undefined
      ? context.body(null, 404)
      : context.body(keyDocument, 200, { 'content-type': 'application/jose' }),
  );

  if (list) {
    app.get('/v1/watchlist/:name', (context) => list.metadata(context.req.param('name')));
    app.get('/v1/watchlist/targets/:name', (context) =>
      list.target(context.req.param('name'), context.req.header('range')),
    );
  }

  // Its role has been seen to.
  if (search) {
    app.post('/v1/search', (context) => search.answer(context, peerOf(context.env)!.name));
    app.post('/v1/systems/:source', (context) => {
      const { data: source } = SearchSource.safeParse(context.req.param('source'));
      return source ? search.answer(context, peerOf(context.env)!.name, source) : context.notFound();
    });
  }

  if (settle) app.post('/v1/links', (context) => settle(context, peerOf(context.env)!.name));
  app.get('/v1/waiting-links', async (context) => context.json(await waitingLinks(database, now())));

  app.get('/v1/records', async (context) => {
    const after = Number(context.req.query('after') ?? 0);
    return Number.isSafeInteger(after) ? context.json(await listRecords(database, after)) : context.body(null, 400);
  });
  app.get('/v1/gaps', async (context) => context.json(await listGaps(database)));
  if (kioskLogs) {
    app.get('/v1/audit', async (context) =>
      context.json({ logs: await kioskLogs.logs(), alarms: await kioskLogs.alarms() }),
    );
    app.get('/v1/audit/lines', async (context) => {
      const { kiosk, origin, after = '0' } = context.req.query();
      if (!kiosk || !origin || !/^\d{1,15}$/.test(after)) return context.body(null, 400);
      return context.json(await kioskLogs.read(kiosk, origin, Number(after)));
    });
  }
  app.notFound((context) => context.body(null, 404));
  // An error's text may quote what was sent.
  app.onError((error, context) =>
    error instanceof Fault && faults[error.code].retry === 'later'
      ? context.body(null, 503, comeBack)
      : context.body(null, 500),
  );
  return app;
}

function readBatch(body: Uint8Array): Batch | undefined {
  try {
    return Batch.safeParse(decodeCbor(body, maxBatchTokens)).data;
  } catch {
    return undefined;
  }
}
