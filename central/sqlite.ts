import { AsyncLocalStorage } from 'node:async_hooks';
import { chmodSync } from 'node:fs';
import SqliteConnection from 'better-sqlite3';
import { Fault, type FaultCode } from '../main/contract/fault.ts';
import type { Database, SqlValue } from './sql.ts';
import { Turns } from './turns.ts';

const maxStatements = 500;

interface Transaction {
  over: boolean;
  /** A part of it that failed: the whole cannot be committed any more. */
  failed?: { readonly error: unknown };
}

/** SQLite in this process: one connection, on which transactions and single statements take turns. */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  readonly #connection: SqliteConnection.Database;
  readonly #statements = new Map<string, SqliteConnection.Statement>();
  readonly #inside = new AsyncLocalStorage<Transaction>();
  readonly #turns = new Turns();

  /** Opens an encrypted, durable database; the 32-byte key is used as it is. Fault: `store.corrupt`, `config.invalid`. */
  constructor(file: string, key: Uint8Array) {
    if (key.length !== 32) throw new Fault('config.invalid', 'the database key must be 32 bytes');
    this.#connection = new SqliteConnection(file);
    const pragma = (text: string) => this.#connection.pragma(text, { simple: true });
    try {
      // Its log takes on the same mode.
      chmodSync(file, 0o600);
      pragma(`cipher='aegis'`);
      pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
      pragma('journal_mode = WAL');
      // The library's default under WAL is NORMAL, which would lose what a receipt has promised.
      pragma('synchronous = FULL');
      pragma('secure_delete = ON');
      pragma('temp_store = MEMORY');
      if (pragma('synchronous') !== 2) throw new Fault('store.failed', 'synchronous did not hold');
    } catch (error) {
      this.#connection.close();
      throw Fault.from(error, 'store.corrupt');
    }
  }

  all<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#whenFree(() => this.#statement(text).all(...values) as Row[]);
  }

  get<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#whenFree(() => this.#statement(text).get(...values) as Row | undefined);
  }

  run(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.#whenFree(() => this.#statement(text).run(...values).changes);
  }

  exec(statements: string): Promise<void> {
    return this.#whenFree(() => void this.#connection.exec(statements));
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.#inside.getStore();
    if (!outer) return this.#inTurn(() => this.#alone(work));
    try {
      return await work();
    } catch (error) {
      outer.failed = { error };
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#connection.close());
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const own: Transaction = { over: false };
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = await this.#inside.run(own, work);
      if (own.failed) throw own.failed.error;
      this.#connection.exec('COMMIT');
      return result;
    } finally {
      own.over = true;
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
    }
  }

  async #whenFree<T>(work: () => T): Promise<T> {
    const transaction = this.#inside.getStore();
    if (!transaction) return this.#inTurn(work);
    if (transaction.over) throw new Fault('internal', 'a statement outlived its transaction');
    return faulting(work);
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.take(() => faulting(work));
  }

  #statement(text: string): SqliteConnection.Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      if (this.#statements.size >= maxStatements) this.#statements.clear();
      this.#statements.set(text, (statement = this.#connection.prepare(text)));
    }
    return statement;
  }
}

function faulting<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw faultOf(error);
  }
}

function faultOf(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  const codes: Record<string, FaultCode> = {
    SQLITE_FULL: 'store.full',
    SQLITE_CORRUPT: 'store.corrupt',
    SQLITE_NOTADB: 'store.corrupt',
  };
  return Fault.from(error, codes[code] ?? 'store.failed');
}
