import { addMonths } from '../ees/calendar.ts';
import { sha256 } from '../sha256.ts';
import type { Database } from '../sql.ts';
import { chainedLogSchema } from './chained-log-schema.ts';

/** The length of a log and the hash of its last line: kept elsewhere, it shows a log that was cut or made anew. */
export interface LogHead {
  readonly length: number;
  readonly hash: string;
}

const root = '0'.repeat(64);
const maxRowsAtOnce = 1000;
const caseOfLine = { sqlite: `line ->> 'caseId'`, postgresql: `(line::json ->> 'caseId')` };

interface Row {
  readonly position: number;
  readonly at: string;
  readonly line: string | null;
  readonly digest: string;
  readonly hash: string;
}

/** A log that is only added to: each line's hash is over the one before, its time and its digest. */
export class ChainedLog<Line extends { readonly at: string }> {
  readonly #database: Database;
  readonly #name: string;
  readonly #keptMonths: number;

  private constructor(database: Database, name: string, keptMonths: number) {
    [this.#database, this.#name, this.#keptMonths] = [database, name, keptMonths];
  }

  /** The name is that of its table. */
  static async open<Line extends { readonly at: string }>(
    database: Database,
    name: string,
    keptMonths: number,
  ): Promise<ChainedLog<Line>> {
    await database.exec(chainedLogSchema[database.dialect](name));
    return new ChainedLog<Line>(database, name, keptMonths);
  }

  /** Durable when it resolves, or with the transaction it is part of. */
  async append(line: Line): Promise<void> {
    const { at } = line;
    const text = JSON.stringify(line);
    const digest = sha256(text);
    await this.#database.transaction(
      async () => {
        const { length, hash } = await this.head();
        await this.#database.run(
          `INSERT INTO ${this.#name} (position, at, line, digest, hash) VALUES (?, ?, ?, ?, ?)`,
          [length + 1, at, text, digest, chain(hash, length + 1, at, digest)],
        );
      },
      { alone: this.#name },
    );
  }

  async head(): Promise<LogHead> {
    const last = await this.#database.get<LogHead>(
      `SELECT position AS length, hash FROM ${this.#name} ORDER BY position DESC LIMIT 1`,
    );
    return last ?? { length: 0, hash: root };
  }

  /** The first position that is not as it was written; undefined when all are, up to and with a head kept elsewhere. */
  async firstAltered(now: Date, kept?: LogHead): Promise<number | undefined> {
    const due = this.#due(now);
    let [expected, before] = [0, root];
    for (;;) {
      const rows = await this.#database.all<Row>(
        `SELECT position, at, line, digest, hash FROM ${this.#name} WHERE position > ? ORDER BY position LIMIT ?`,
        [expected, maxRowsAtOnce],
      );
      for (const { position, at, line, digest, hash } of rows) {
        expected++;
        before = chain(before, expected, at, digest);
        // A line may be empty when its time is over, and not before.
        const whole = line === null ? at < due : sha256(line) === digest;
        if (!whole || position !== expected || hash !== before) return expected;
        if (kept?.length === expected && kept.hash !== hash) return expected;
      }
      if (rows.length < maxRowsAtOnce) return kept && kept.length > expected ? expected + 1 : undefined;
    }
  }

  /** Keeps the lines of a case, for as long as a control of them goes on. */
  async hold(caseId: string): Promise<void> {
    await this.#database.run(`INSERT INTO ${this.#name}_hold VALUES (?) ON CONFLICT DO NOTHING`, [caseId]);
  }

  async release(caseId: string): Promise<void> {
    await this.#database.run(`DELETE FROM ${this.#name}_hold WHERE case_id = ?`, [caseId]);
  }

  /** Empties the lines whose time is over and whose case nobody holds; gives how many. */
  erase(now: Date): Promise<number> {
    return this.#database.run(
      `UPDATE ${this.#name} SET line = NULL WHERE line IS NOT NULL AND at < ?
       AND coalesce(${caseOfLine[this.#database.dialect]}, '') NOT IN (SELECT case_id FROM ${this.#name}_hold)`,
      [this.#due(now)],
    );
  }

  /** Lines from after a position that are still there, for control only. */
  async read(after = 0, limit = 100): Promise<Line[]> {
    const rows = await this.#database.all<{ line: string }>(
      `SELECT line FROM ${this.#name} WHERE position > ? AND line IS NOT NULL ORDER BY position LIMIT ?`,
      [after, limit],
    );
    return rows.map(({ line }) => JSON.parse(line) as Line);
  }

  #due(now: Date): string {
    return addMonths(now.toISOString().slice(0, 10), -this.#keptMonths);
  }
}

function chain(before: string, position: number, at: string, digest: string): string {
  return sha256(`${before}\n${position}\n${at}\n${digest}`);
}
