import { Client } from 'undici';
import { Fault } from '../contract/fault.ts';
import { dialling, type Trust } from '../uplink/transport.ts';

export type { Trust };

/** How an address answered: its status, what it asks for, and its bytes as they come. */
export interface LineAnswer {
  readonly status: number;
  /** Seconds or an HTTP date, as given. */
  readonly retryAfter?: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The way to an address that answers questions. */
export interface Line {
  /** Fault: `search.offline` when no answer begins; the chunks throw it when one breaks off. */
  ask(path: string, body: string, signal: AbortSignal): Promise<LineAnswer>;
  close(): Promise<void>;
}

/** HTTP/2 over TLS 1.3 with certificates on both sides. A connection that failed is never used again. Fault: `config.invalid`. */
export function http2Line(url: string, trust: Trust): Line {
  if (URL.parse(url)?.protocol !== 'https:') throw new Fault('config.invalid', 'the portal has no https address');
  let files = trust.tls();
  const dial = () => {
    files = trust.tls();
    const connect = { ...dialling(files, (serialNumber) => trust.revoked(serialNumber)), timeout: 5000 };
    return new Client(url, { allowH2: true, connect });
  };
  let client = dial();
  const left = new Set<Client>();
  /** An asker who has gone is no fault of the line. Others may be on it: it ends when they have. */
  const lose = (failed: Client, signal: AbortSignal) => {
    const late = signal.reason instanceof Fault && signal.reason.code === 'search.offline';
    if ((signal.aborted && !late) || client !== failed) return;
    leave(failed);
  };
  const leave = (failed: Client) => {
    client = dial();
    left.add(failed);
    void failed.close().then(
      () => left.delete(failed),
      () => left.delete(failed),
    );
  };
  return {
    async ask(path, body, signal) {
      if (trust.tls() !== files) leave(client);
      const current = client;
      try {
        const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
        const answer = await current.request({ path, method: 'POST', headers, body, signal });
        const retryAfter = answer.headers['retry-after'];
        const chunks = (async function* () {
          try {
            yield* answer.body as AsyncIterable<Uint8Array>;
          } catch (error) {
            lose(current, signal);
            throw Fault.from(error, 'search.offline');
          }
        })();
        return { status: answer.statusCode, ...(typeof retryAfter === 'string' && { retryAfter }), chunks };
      } catch (error) {
        lose(current, signal);
        throw Fault.from(error, 'search.offline');
      }
    },
    async close() {
      await Promise.all([client, ...left].map((each) => each.destroy()));
    },
  };
}
