import type { Database } from './sql.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS retention_clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    reached TEXT NOT NULL
  ) STRICT;
`;

/** Something whose time comes: it erases what is due by a time, and gives how much that was. */
export interface Erasing {
  readonly name: string;
  readonly erase: (now: Date) => Promise<number>;
}

/** What came of a look at the clock: erased so much, by name; or not believed, and how far the clock was believed before. */
export type Erased =
  { readonly erased: Readonly<Record<string, number>> } | { readonly unbelieved: string; readonly reached: string };

const dayMs = 86_400_000;

/**
 * Erases by a clock that it does not believe blindly. What is erased is gone, so a time far ahead of the last one that was
 * believed erases nothing until a person has confirmed it; a time that lies behind erases nothing that was not due already.
 */
export class RetentionClock {
  readonly #database: Database;
  readonly #erasing: readonly Erasing[];
  readonly #mostDays: number;

  private constructor(database: Database, erasing: readonly Erasing[], mostDays: number) {
    this.#database = database;
    this.#erasing = erasing;
    this.#mostDays = mostDays;
  }

  /** Opens it. A central that was off for more than `mostDays` waits for a word (`confirm`) as well. */
  static async open(database: Database, erasing: readonly Erasing[], mostDays = 7): Promise<RetentionClock> {
    await database.exec(schema);
    return new RetentionClock(database, erasing, mostDays);
  }

  /** Erases what is due, if the time is believed. To be called every hour or so. */
  async tick(now: Date): Promise<Erased> {
    const reached = await this.#reached();
    // A new central has nothing that could be erased too early.
    const since = reached === undefined ? 0 : now.getTime() - Date.parse(reached);
    if (since < 0 || since > this.#mostDays * dayMs) return { unbelieved: now.toISOString(), reached: reached! };
    return this.confirm(now);
  }

  /** Takes a time for true, whatever was believed before, and erases what is due by it. */
  async confirm(now: Date): Promise<Erased> {
    await this.#database.run(
      'INSERT INTO retention_clock VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET reached = excluded.reached',
      [now.toISOString()],
    );
    const erased: Record<string, number> = {};
    for (const { name, erase } of this.#erasing) erased[name] = await erase(now);
    return { erased };
  }

  async #reached(): Promise<string | undefined> {
    return (await this.#database.get<{ reached: string }>('SELECT reached FROM retention_clock'))?.reached;
  }
}
