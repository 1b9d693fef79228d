import { createPrivateKey } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Http2Bindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { type AppOptions, centralApp } from '../../central/app.ts';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { type OpeningKeys, readOpeningKey } from '../../central/opening.ts';
import type { Database } from '../../central/sql.ts';
import { Fault } from '../../main/contract/fault.ts';
import type { Clock } from '../../main/uplink/clock.ts';
import type { Answer, Transport } from '../../main/uplink/transport.ts';
import type { Field } from './field.ts';

/** Time that stands still until nothing else is left to do, and then jumps to the next sleeper. */
export class VirtualClock implements Clock {
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();
  #now = Date.UTC(2026, 10, 24);

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  /** Lets time pass until the condition holds; work that is going on is waited for. */
  async runUntil(holds: () => boolean, busy: () => boolean): Promise<void> {
    while (!holds()) {
      await setImmediate();
      if (busy()) continue;
      const [next] = [...this.#sleepers].toSorted((a, b) => a.at - b.at);
      if (!next || holds()) continue;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }
}

/** What befalls one request. */
export type Mishap =
  'none' | 'request lost' | 'reply lost' | 'sent twice' | 'stuck' | 'reply garbled' | 'an earlier reply';

/** Central without a network: the real requests, inbox and database, for a peer named by the caller. */
export interface NearCentral {
  readonly app: Hono<{ Bindings: Http2Bindings }>;
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens central's inside for a field's kiosk. */
export async function nearCentral(
  field: Field,
  clock: Pick<Clock, 'now'> = Date,
  more: Pick<AppOptions, 'pacer'> = {},
): Promise<NearCentral> {
  const { file, storeKey, database: server, openingKeys, receiptKey: pem } = readDirectory(field.pki.central);
  const keys: OpeningKeys = new Map(await Promise.all(openingKeys.map((jwk) => readOpeningKey(jwk))));
  const database = await openCentralDatabase(file, storeKey, server);
  const receiptKey = createPrivateKey(pem);
  const peer = { name: field.credentials.kioskId, role: 'kiosk' };
  const now = () => new Date(clock.now());
  const app = centralApp({ database, openingKeys: keys, receiptKey, now, peerOf: () => peer, ...more });
  return { app, database, close: () => database.close() };
}

/** A line to central on which mishaps happen in a given order; when they have run out it is a good one. */
export class Line implements Transport {
  /** Requests the line is working on; one that is stuck is not worked on. */
  busy = 0;
  requests = 0;
  readonly #central: () => NearCentral;
  readonly #mishaps: Mishap[];
  #earlier: Answer = { status: 200, body: '' };

  constructor(central: () => NearCentral, mishaps: readonly Mishap[] = []) {
    this.#central = central;
    this.#mishaps = [...mishaps];
  }

  async post(path: string, body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    this.requests++;
    const mishap = this.#mishaps.shift() ?? 'none';
    if (mishap === 'stuck')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    this.busy++;
    try {
      if (mishap === 'request lost') throw new Fault('uplink.offline');
      if (mishap === 'an earlier reply') return this.#earlier;
      const answer = await this.#deliver(path, body);
      this.#earlier = answer;
      if (mishap === 'sent twice') await this.#deliver(path, body);
      if (mishap === 'reply lost') throw new Fault('uplink.offline');
      return mishap === 'reply garbled' ? { ...answer, body: `${answer.body.slice(0, -9)}AAAAAAAAA` } : answer;
    } finally {
      this.busy--;
    }
  }

  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #deliver(path: string, body: Uint8Array): Promise<Answer> {
    const request = new Request(`https://central${path}`, { method: 'POST', body: new Uint8Array(body) });
    const response = await this.#central().app.fetch(request);
    return { status: response.status, body: await response.text() };
  }
}
