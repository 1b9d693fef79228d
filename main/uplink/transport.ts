import { connect } from 'node:net';
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

/** The kiosk's certificate and key, and the authority central's certificate must come from; PEM. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const maxAnswerBytes = 64 * 1024;
const reachMs = 3000;

/** An idle connection is kept so long, so that its end tells of trouble and not of thrift. */
const idleMs = 600_000;

/** HTTP/2 over TLS 1.3 with certificates on both sides. A connection that failed is never used again. Fault: `config.invalid`. */
export function http2Transport(url: string, tls: TlsFiles): Transport {
  let lost = () => {};
  const dial = () => {
    const connect = { ...tls, minVersion: 'TLSv1.3' as const, timeout: 10_000 };
    const dialled = new Client(url, { allowH2: true, keepAliveTimeout: idleMs, connect });
    dialled.on('disconnect', () => dialled === client && lost());
    return dialled;
  };
  const { protocol } = URL.parse(url) ?? {};
  if (protocol !== 'https:') throw new Fault('config.invalid', 'central has no https address');
  let client = dial();
  return {
    async post(path, body, signal) {
      const current = client;
      try {
        const {
          statusCode,
          headers,
          body: stream,
        } = await current.request({
          path,
          method: 'POST',
          headers: { 'content-type': 'application/cbor', 'content-length': String(body.length) },
          body,
          signal,
        });
        const chunks: Uint8Array[] = [];
        let size = 0;
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          size += chunk.length;
          if (size > maxAnswerBytes) throw new Fault('uplink.receipt', 'the answer is too long');
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
    },
    reaches: (signal) => reaches(new URL(url), signal),
    onLost: (hear) => void (lost = hear),
    close: () => client.destroy(),
  };
}

function reaches({ hostname, port }: URL, signal: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(reachMs)]);
  const socket = connect({ host: hostname.replace(/^\[(.+)\]$/, '$1'), port: Number(port || 443), signal: over });
  const reached = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  return reached.finally(() => socket.destroy());
}
