import { connect } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { Client } from 'undici';
import { Fault } from '../contract/fault.ts';

/** An answer with its status; one that was cut off is an error, never an answer. */
export interface Answer {
  readonly status: number;
  /** Seconds or an HTTP date, as given (RFC 9110, section 10.2.3). */
  readonly retryAfter?: string;
  readonly body: string;
}

/** How batches reach central. */
export interface Transport {
  /** Fault: `uplink.offline` when no whole answer came. */
  post(path: string, body: Uint8Array, signal: AbortSignal): Promise<Answer>;
  /** Whether central's port can be reached at all; nothing is sent. */
  reaches(signal: AbortSignal): Promise<boolean>;
  /** Told when the connection that stood is gone; a line that fell silent shows at the next request only. */
  onLost?(hear: () => void): void;
  close(): Promise<void>;
}

/** The line to central, on which more than batches goes. */
export interface Line extends Transport {
  /** Gets a signed document. Faults: `uplink.offline` when no whole answer came, `keys.refused` for one without end. */
  get(path: string, signal: AbortSignal): Promise<Answer>;
  /** Told of each new connection. */
  onConnected(hear: () => void): void;
  /** Other files from now on: requests under way end on the connection they have, the next one makes a new one. */
  renew(tls: TlsFiles): void;
}

/** The kiosk's certificate and key, and the authority central's certificate must come from; PEM. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Revocation list of the authority (RFC 5280, section 5). With one that is out of date nobody is spoken to. */
  readonly crl?: string;
}

/** Whom lines trust and who they are, asked for each connection: a certificate that was renewed makes a new one. */
export interface Trust {
  tls(): TlsFiles;
  /** Whether a certificate of the far end, by its serial number, is not to be spoken to any more. */
  revoked(serialNumber: string): boolean;
}

/** How central is dialled by whoever talks to it: TLS 1.3, its name, its role, and a serial number that is not revoked. */
export function dialling(files: TlsFiles, revoked: (serialNumber: string) => boolean) {
  const identity = (host: string, certificate: PeerCertificate) =>
    checkServerIdentity(host, certificate) ?? refusalOf(certificate, revoked);
  return { ...files, checkServerIdentity: identity, minVersion: 'TLSv1.3' as const };
}

const maxAnswerBytes = 64 * 1024;
const reachMs = 1000;

/** An idle connection is kept so long, so that its end tells of trouble and not of thrift. */
const idleMs = 600_000;

/**
 * HTTP/2 over TLS 1.3 with certificates on both sides; central's must have its role, and a serial number that is not revoked. A
 * connection that failed is never used again. Fault: `config.invalid`.
 */
export function http2Transport(
  url: string,
  tls: TlsFiles,
  revoked: (serialNumber: string) => boolean = () => false,
): Line {
  let files = tls;
  let lost = () => {};
  let connected = () => {};
  const dial = () => {
    const connect = { ...dialling(files, revoked), timeout: 10_000 };
    const dialled = new Client(url, { allowH2: true, keepAliveTimeout: idleMs, connect });
    dialled.on('connect', () => connected());
    dialled.on('disconnect', () => dialled === client && lost());
    return dialled;
  };
  const { protocol } = URL.parse(url) ?? {};
  if (protocol !== 'https:') throw new Fault('config.invalid', 'central has no https address');
  let client = dial();

  async function exchange(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    body?: Uint8Array,
  ): Promise<Answer> {
    const tooLong = method === 'GET' ? 'keys.refused' : 'uplink.receipt';
    const current = client;
    try {
      const sent = body && {
        headers: { 'content-type': 'application/cbor', 'content-length': String(body.length) },
        body,
      };
      const { statusCode, headers, body: stream } = await current.request({ path, method, signal, ...sent });
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > maxAnswerBytes) throw new Fault(tooLong, 'the answer is too long');
        chunks.push(chunk);
      }
      const retryAfter = headers['retry-after'];
      return {
        status: statusCode,
        ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
        body: Buffer.concat(chunks).toString('latin1'),
      };
    } catch (error) {
      if (client === current) client = dial();
      await current.destroy();
      throw Fault.from(error, 'uplink.offline');
    }
  }

  return {
    post: (path, body, signal) => exchange('POST', path, signal, body),
    get: (path, signal) => exchange('GET', path, signal),
    reaches: (signal) => reaches(new URL(url), signal),
    onLost: (hear) => void (lost = hear),
    onConnected: (hear) => void (connected = hear),
    renew(tls) {
      files = tls;
      const old = client;
      client = dial();
      void old.close().catch(() => {});
    },
    close: () => client.destroy(),
  };
}

/** Why a certificate that the authority did issue is not central's. */
function refusalOf({ subject, serialNumber }: PeerCertificate, revoked: (serialNumber: string) => boolean) {
  if ((subject.OU as unknown) !== 'central') return new Fault('uplink.offline', 'a certificate for another role');
  return revoked(serialNumber) ? new Fault('uplink.offline', 'a revoked certificate') : undefined;
}

function reaches({ hostname, port }: URL, signal: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(reachMs)]);
  const socket = connect({ host: hostname.replace(/^\[(.+)\]$/, '$1'), port: Number(port || 443), signal: over });
  const reached = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  return reached.finally(() => socket.destroy());
}
