import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { callbackify } from 'node:util';
import { type ClientBase, Pool, type PoolClient, types } from 'pg';
import { Fault } from '../main/contract/fault.ts';
import { inPostgresql, numbered } from './dialect.ts';
import { isNear, serverUrl } from './near.ts';
import { isInTheWay, postgresFault } from './postgres-faults.ts';
import type { Database, Lock, SqlValue } from './sql.ts';
import { Turns } from './turns.ts';

const maxConnections = 16;
const maxTries = 6;
/** Locks of Limen are apart from those of whoever shares the server. */
const lockSpace = 0x4c696d65;

// A process that hangs in a transaction does not hold up the others for good.
const sessionOptions = [
  'synchronous_commit=on',
  'default_transaction_isolation=read\\ committed',
  'idle_in_transaction_session_timeout=30s',
  'statement_timeout=60s',
];

interface Transaction {
  readonly client: PoolClient;
  readonly turns: Turns;
  over: boolean;
  failed?: { readonly error: unknown };
}

/** PostgreSQL (15 or later), by a pool of connections. What is stored is encrypted by the machine's disk or not at all. */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgresql';
  readonly #pool: Pool;
  readonly #inside = new AsyncLocalStorage<Transaction>();

  private constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: maxConnections,
      application_name: 'limen-central',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      options: sessionOptions.map((option) => `-c ${option}`).join(' '),
      types: {
        // Positions and counts are safe integers; what were larger would have to be refused.
        getTypeParser: (oid, format) =>
          oid === types.builtins.INT8 ? toSafeInteger : types.getTypeParser(oid, format),
      },
      verify: callbackify(assertDurable),
    });
    // One that breaks while it is not asked anything tells it so: whoever uses it next hears of it, or has another.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    this.#pool.on('error', () => {});
  }

  /**
   * `postgres://USER@HOST/NAME`, to another machine with `sslmode=verify-full`; a password is in it or where libpq looks for
   * one. Fault: `config.invalid` where that or the server's own durability is wanting, `store.failed`.
   */
  static async open(url: string): Promise<PostgresDatabase> {
    assertPrivate(url);
    const database = new PostgresDatabase(url);
    try {
      await database.get('SELECT 1');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async all<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.#query(numbered(text), values)).rows as Row[];
  }

  async get<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.all<Row>(text, values))[0];
  }

  async run(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return (await this.#query(numbered(text), values)).rowCount ?? 0;
  }

  async exec(statements: string): Promise<void> {
    // Two that start at a time would both make what is not there.
    await this.transaction(() => this.#query(inPostgresql(statements)), { alone: 'schema' });
  }

  async transaction<T>(work: () => Promise<T>, lock?: Lock): Promise<T> {
    const outer = this.#inside.getStore();
    if (outer) return this.#within(outer, work, lock);
    for (let tries = 1; ; tries++) {
      try {
        return await this.#attempt(work, lock);
      } catch (error) {
        if (tries === maxTries || !isInTheWay(error)) throw error;
        await setTimeout(Math.random() * 2 ** tries);
      }
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #within<T>(outer: Transaction, work: () => Promise<T>, lock?: Lock): Promise<T> {
    try {
      await this.#lock(lock);
      return await work();
    } catch (error) {
      outer.failed = { error };
      throw error;
    }
  }

  async #attempt<T>(work: () => Promise<T>, lock?: Lock): Promise<T> {
    const client = await this.#begin();
    const own: Transaction = { client, turns: new Turns(), over: false };
    let broken: Error | undefined;
    try {
      const result = await this.#inside.run(own, async () => {
        await this.#lock(lock);
        return work();
      });
      if (own.failed) throw own.failed.error;
      own.over = true;
      await own.turns.take(() => commit(client));
      return result;
    } catch (error) {
      own.over = true;
      await client.query('ROLLBACK').catch((cause: Error) => (broken = cause));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** A connection of the pool may have broken since it was used: another is tried, since nothing has been done yet. */
  async #begin(): Promise<PoolClient> {
    for (let tries = 1; ; tries++) {
      let client: PoolClient | undefined;
      try {
        client = await this.#pool.connect();
        await client.query('BEGIN');
        return client;
      } catch (error) {
        client?.release(true);
        if (!client || tries > maxConnections) throw postgresFault(error);
      }
    }
  }

  async #lock(lock: Lock | undefined): Promise<void> {
    if (!lock) return;
    const [name, kind] = 'alone' in lock ? [lock.alone, ''] : [lock.shared, '_shared'];
    const key = createHash('sha256').update(name).digest().readInt32BE();
    await this.#query(`SELECT pg_advisory_xact_lock${kind}($1, $2)`, [lockSpace, key]);
  }

  async #query(text: string, values?: readonly SqlValue[]) {
    const transaction = this.#inside.getStore();
    if (transaction?.over) throw new Fault('internal', 'a statement outlived its transaction');
    try {
      if (!transaction) return await this.#pool.query(text, values && [...values]);
      return await transaction.turns.take(() => transaction.client.query(text, values && [...values]));
    } catch (error) {
      throw postgresFault(error);
    }
  }
}

/** What failed on the way is rolled back by COMMIT without an error. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw postgresFault(error);
  });
  if (command !== 'COMMIT') throw new Fault('store.failed', 'a transaction was rolled back');
}

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Fault('store.corrupt', 'a number is too large');
  return value;
}

/** What a receipt promises has to be on the disk: a server that answers before that is not used. */
async function assertDurable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit`,
  );
  const wrong = Object.entries(rows[0]!).find(([, value]) => value !== 'on');
  if (wrong) throw new Fault('config.invalid', `PostgreSQL runs with ${wrong[0]} = ${wrong[1]}`);
}

/** To another machine only over TLS, to the one that its certificate names. */
function assertPrivate(text: string): void {
  const url = serverUrl(text, 'database', ['postgres:', 'postgresql:']);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  if (!isNear(host) && url.searchParams.get('sslmode') !== 'verify-full')
    throw new Fault('config.invalid', 'a database on another machine needs sslmode=verify-full');
}
