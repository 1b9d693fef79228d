import { join } from 'node:path';
import type { Http2Bindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { centralApp } from '../../central/app.ts';
import { openCentralDatabase } from '../../central/database.ts';
import { Pacer } from '../../central/pacer.ts';
import { listGaps, type Gap } from '../../central/report.ts';
import type { Database } from '../../central/sql.ts';
import type { Answer } from '../../main/uplink/transport.ts';
import { abandon, question } from './handles.ts';
import type { Stock } from './stock.ts';
import type { Time } from './time.ts';
import { Volume } from './volume.ts';

/** Central's own requests, inbox and database, on a simulated disk. */
export class SimulatedCentral {
  readonly volume: Volume;
  readonly #stock: Stock;
  readonly #time: Time;
  #running: { app: Hono<{ Bindings: Http2Bindings }>; database: Database } | undefined;

  readonly #random: () => number;

  constructor(root: string, stock: Stock, time: Time, random: () => number) {
    this.#random = random;
    this.volume = new Volume(root, stock.centralDisk);
    this.#stock = stock;
    this.#time = time;
  }

  get up(): boolean {
    return this.#running !== undefined;
  }

  get #file(): string {
    return join(this.volume.directory, 'central.db');
  }

  async start(): Promise<void> {
    const { key, openingKeys, receiptKey, kioskId: name } = this.#stock;
    const database = await openCentralDatabase(this.#file, key);
    const now = () => new Date(Date.UTC(2026, 10, 24) + this.#time.nowMs);
    const pacer = new Pacer(() => this.#time.nowMs, this.#random);
    const peerOf = () => ({ name, role: 'kiosk' });
    const app = centralApp({ database, openingKeys, receiptKey, now, pacer, peerOf });
    this.#running = { app, database };
    this.volume.settle();
  }

  /** Works on a request to its end. */
  async take(path: string, body: Uint8Array): Promise<Answer> {
    const request = new Request(`https://central${path}`, { method: 'POST', body: new Uint8Array(body) });
    const response = await this.#running!.app.fetch(request);
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, body: await response.text(), ...(retryAfter !== null && { retryAfter }) };
  }

  /** Has done what it was asked, and may crash no more in it. */
  rest(): void {
    this.volume.settle();
  }

  /** Crashes somewhere in what it has done since it came to rest. */
  crash(random: () => number): void {
    const file = this.#file;
    this.#running = undefined;
    this.volume.crash(random);
    abandon(file);
    this.volume.settle();
  }

  /** Ids of all packets it holds, in the order they came. */
  ids(): string[] {
    return (question(this.#file, 'SELECT id FROM packet ORDER BY position').all() as [string][]).map(([id]) => id);
  }

  /** Which packet came under which number. */
  numbers(): Map<number, string> {
    return new Map(question(this.#file, 'SELECT sequence, packet_id FROM arrival').all() as [number, string][]);
  }

  gaps(): Promise<Gap[]> {
    return listGaps(this.#running!.database);
  }

  remove(): void {
    abandon(this.#file);
    this.volume.remove();
  }
}
