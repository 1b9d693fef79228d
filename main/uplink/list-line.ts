import { Client } from 'undici';
import { Fault } from '../contract/fault.ts';
import { dialling, type Trust } from './transport.ts';

/** Where a published list is fetched from. */
export interface ListLine {
  /** A whole file; undefined where there is none of that name. Faults: `uplink.offline`, `watchlist.refused` for one of more bytes. */
  file(name: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** A file's bytes from one on, as they come. Faults, of the chunks too: `uplink.offline`; `watchlist.refused` where central has none. */
  from(name: string, offset: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

const usualPatienceMs = 30_000;

/** So many bytes must come within the patience, or the line counts as down: a trickle would hold up a list for as long as it liked. */
const blockBytes = 64 * 1024;

/**
 * A connection of its own over HTTP/2 and TLS 1.3 with certificates on both sides, so that a list of a gigabyte that is cut off
 * takes no shipment with it. One that failed is never used again. Fault: `config.invalid`.
 */
export function openListLine(url: string, trust: Trust, patienceMs = usualPatienceMs): ListLine {
  if (URL.parse(url)?.protocol !== 'https:') throw new Fault('config.invalid', 'central has no https address');
  const dial = () => {
    const connect = { ...dialling(trust.tls(), (serialNumber) => trust.revoked(serialNumber)), timeout: 10_000 };
    return new Client(url, { allowH2: true, connect });
  };
  let client: Client | undefined;

  const lose = async (failed: Client) => {
    if (client === failed) client = undefined;
    await failed.destroy();
  };

  async function ask(name: string, signal: AbortSignal, headers: Record<string, string> = {}) {
    const current = (client ??= dial());
    const late = new AbortController();
    const over = AbortSignal.any([signal, late.signal]);
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(new Fault('uplink.offline', 'no answer in time')), patienceMs);
    };
    arm();
    try {
      const {
        statusCode,
        headers: answered,
        body,
      } = await current.request({
        path: `/v1/watchlist/${name}`,
        method: 'GET',
        headers,
        signal: over,
      });
      const chunks = (async function* () {
        let left = blockBytes;
        let whole = false;
        try {
          for await (const chunk of body as AsyncIterable<Uint8Array>) {
            left -= chunk.length;
            if (left <= 0) {
              arm();
              left = blockBytes;
            }
            yield chunk;
          }
          whole = true;
        } catch (error) {
          throw Fault.from(error, 'uplink.offline');
        } finally {
          clearTimeout(timer);
          // Whoever stops reading wants no more of it.
          if (!whole) await lose(current);
        }
      })();
      return { statusCode, answered, chunks };
    } catch (error) {
      clearTimeout(timer);
      await lose(current);
      throw Fault.from(error, 'uplink.offline');
    }
  }

  return {
    async file(name, mostBytes, signal) {
      const { statusCode, chunks } = await ask(name, signal);
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw new Fault('watchlist.refused', `${name} has no end`);
        parts.push(chunk);
      }
      if (statusCode === 404) return undefined;
      if (statusCode !== 200) throw new Fault('uplink.offline', `central answers ${statusCode}`);
      return Buffer.concat(parts);
    },
    async from(name, offset, signal) {
      const { statusCode, answered, chunks } = await ask(name, signal, { range: `bytes=${offset}-` });
      if (statusCode === 206 && String(answered['content-range']).startsWith(`bytes ${offset}-`)) return chunks;
      await chunks.return();
      if (statusCode === 404) throw new Fault('watchlist.refused', 'central has no such file');
      throw new Fault('uplink.offline', `central answers ${statusCode}`);
    },
    async close() {
      await client?.destroy();
      client = undefined;
    },
  };
}
