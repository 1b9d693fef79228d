import { createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { getRequestListener, type Http2Bindings } from '@hono/node-server';
import { centralApp, type Peer } from './app.ts';
import { openCentralDatabase } from './database.ts';
import { systemClock } from './esp/clock.ts';
import type { EspConfiguration } from './esp/configuration.ts';
import { type ListOrders, orderFor } from './list-orders.ts';
import { readPublishedKeys } from './key-document.ts';
import { type OpeningKeys, readOpeningKey } from './opening.ts';
import type { Behaviours } from './registers/behaviour.ts';
import { listGaps, listRecords, type Gap, type RecordView } from './report.ts';
import type { Servers } from './servers.ts';
import { openServices, type Services } from './services.ts';
import { serviceNames, type ServiceName } from './takers.ts';
import type { Database } from './sql.ts';
import { ListFolder } from './watchlist/list-folder.ts';
import { ListShelf } from './watchlist/list-shelf.ts';

/** Answers one request of a connection. */
export type Answer = (request: Request, bindings: Http2Bindings) => Response | Promise<Response>;

/** What central can be given anew while it runs. Certificates and keys are PEM. */
export interface CentralIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Revocation list of the authority (RFC 5280, section 5). With one that is out of date nobody is let in. */
  readonly crl?: string;
  /** X25519 private keys as JWK with a `kid`. */
  readonly openingKeys: readonly (JsonWebKey & { kid: string })[];
  /** Ed25519 private key. */
  readonly receiptKey: string;
  /** The folder of the published watchlist, and the private key (Ed25519) of its timestamp. */
  readonly list?: { readonly folder: string; readonly timestampKey: string };
  /** Lists that kiosks are to erase. */
  readonly listOrders?: ListOrders;
  /** The signed key document for kiosks, and the public key (Ed25519) of the authority that signed it. */
  readonly published?: { readonly jws: string; readonly authority: string };
}

/** What central is made of. */
export interface CentralOptions extends CentralIdentity, Servers {
  /** The database's file and its 32-byte key; unused where `database` names a server. */
  readonly file: string;
  readonly storeKey: Uint8Array;
  /** What the portal may do; without it nobody may ask anything. */
  readonly esp?: EspConfiguration;
  /** How the registers behave, said by tests and demonstrations. */
  readonly behaviours?: Behaviours;
  /** What stands between the line and the answers, said by tests and demonstrations. */
  readonly around?: (answer: Answer) => Answer;
  /** Which services take here what the queue tells; absent: all. Without a queue all do. */
  readonly serves?: readonly ServiceName[];
  readonly host?: string;
  readonly port?: number;
  readonly now?: () => Date;
}

/** A running central. */
export interface Central {
  readonly url: string;
  readonly port: number;
  readonly services: Services;
  records(after?: number): Promise<RecordView[]>;
  gaps(): Promise<Gap[]>;
  /** Takes up other keys and certificates; whoever's certificate is revoked now is answered no more. Fault: `config.invalid`, and all stays as it was. */
  reload(identity: CentralIdentity): Promise<void>;
  close(): Promise<void>;
}

/** Starts central: HTTP/2 over TLS 1.3, and nobody without a certificate of the authority gets as far as a request. */
export async function openCentral(options: CentralOptions): Promise<Central> {
  const { host = '127.0.0.1', port = 0, now = () => new Date() } = options;
  let keys = await readKeys(options, now);
  const database = await openCentralDatabase(options.file, options.storeKey, options.database);
  const services = await closingOnFault(database, () =>
    openServices({
      database,
      clock: { ...systemClock, now: () => now().getTime() },
      ...(options.esp && { configuration: options.esp }),
      ...(options.behaviours && { behaviours: options.behaviours }),
      ...(options.queue !== undefined && {
        queue: { url: options.queue, relays: true, serves: options.serves ?? serviceNames },
      }),
    }),
  );
  const { search, settle, kioskLogs, onStored } = services;
  const appOf = (own: Keys, { listOrders }: CentralIdentity) =>
    centralApp({
      database,
      ...own,
      eraseThrough: (kioskId) => orderFor(kioskId, listOrders),
      now,
      peerOf: (bindings) => peerOf(bindings, keys.revoked),
      search,
      settle,
      kioskLogs,
      onStored,
    });
  let app = appOf(keys, options);
  const server = createSecureServer({
    ...tlsOf(options),
    requestCert: true,
    rejectUnauthorized: true,
    settings: { maxConcurrentStreams: 8 },
  });
  const connections = watchConnections(server);
  const answer: Answer = (request, bindings) => app.fetch(request, bindings);
  const around = options.around?.(answer) ?? answer;
  const listener = getRequestListener((request, bindings) => around(request, bindings as Http2Bindings), {
    overrideGlobalObjects: false,
  });
  server.on('request', (request, response) => void listener(request, response));
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  } catch (error) {
    await services.close();
    await database.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `https://${host}:${address.port}`,
    services,
    records: (after) => listRecords(database, after),
    gaps: () => listGaps(database),
    async reload(identity) {
      const next = await readKeys(identity, now);
      server.setSecureContext(tlsOf(identity));
      keys = next;
      app = appOf(next, identity);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.destroy();
      await Promise.all([closed, services.close()]);
      await database.close();
    },
  };
}

/** Keys as they are used, and the serial numbers of certificates that are not. */
interface Keys {
  readonly openingKeys: OpeningKeys;
  readonly receiptKey: KeyObject;
  readonly keyDocument?: string;
  readonly list?: ListShelf;
  readonly revoked: ReadonlySet<string>;
}

async function readKeys({ openingKeys, receiptKey, published, list }: CentralIdentity, now: () => Date): Promise<Keys> {
  const keys = published && (await readPublishedKeys(published.jws, published.authority));
  const dead = new Set(keys?.document.sealing.flatMap(({ id, status }) => (status === 'revoked' ? [id] : [])));
  return {
    openingKeys: new Map(await Promise.all(openingKeys.map((jwk) => readOpeningKey(jwk, dead.has(jwk.kid))))),
    receiptKey: createPrivateKey(receiptKey),
    ...(keys && { keyDocument: keys.jws }),
    ...(list && {
      list: new ListShelf(new ListFolder(list.folder), createPrivateKey(list.timestampKey), () => now().getTime()),
    }),
    revoked: new Set(keys?.document.revokedCertificates),
  };
}

const tlsOf = ({ ca, cert, key, crl }: CentralIdentity) => ({
  ca,
  cert,
  key,
  ...(crl !== undefined && { crl }),
  minVersion: 'TLSv1.3' as const,
});

async function closingOnFault<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Knows the open connections, with a session or without one, and lets none of them bring the process down. */
function watchConnections(server: Http2SecureServer): ReadonlySet<ServerHttp2Session | Socket> {
  const connections = new Set<ServerHttp2Session | Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('session', (session) => {
    connections.add(session);
    session.setTimeout(120_000, () => session.close());
    session.on('error', () => {});
    session.on('close', () => connections.delete(session));
  });
  for (const event of ['sessionError', 'tlsClientError']) server.on(event, () => {});
  return connections;
}

function peerOf({ incoming }: Http2Bindings, revoked: ReadonlySet<string>): Peer | undefined {
  const socket = incoming.stream.session?.socket as TLSSocket | undefined;
  if (!socket?.authorized) return undefined;
  const { subject, serialNumber } = socket.getPeerCertificate();
  // Asked for each request: a session that was opened before does not outlive the revocation.
  if (revoked.has(serialNumber)) return undefined;
  // Node gives an array where a name holds the attribute twice.
  const { CN: name, OU: role } = (subject ?? {}) as { CN?: unknown; OU?: unknown };
  return typeof name === 'string' && typeof role === 'string' ? { name, role } : undefined;
}
