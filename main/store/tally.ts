import type Database from 'better-sqlite3';
import { storing } from './database.ts';

const hourMs = 3_600_000;

/** Counts that may leave: all of them since one hour, which began at that time in milliseconds since 1970. */
export interface Ripe {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Counts by cell, each since the hour it was begun in. What is in a cell is a number and nothing else. */
export class Tally {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Adds one to a cell, inside the caller's transaction. */
  count(cell: string, nowMs: number): void {
    // A clock that was set back takes the beginning with it: an hour to come would never be over.
    this.#database
      .prepare(
        `INSERT INTO tally VALUES (?, ?, 1)
         ON CONFLICT (cell) DO UPDATE SET count = count + 1, since_ms = min(since_ms, excluded.since_ms)`,
      )
      .run(cell, hourOf(nowMs));
  }

  /** The next counts whose hour is over and of which each is so large at least. Smaller ones wait, and go on growing. */
  ripe(smallest: number, nowMs: number): Ripe | undefined {
    const untilMs = hourOf(nowMs);
    const rows = storing(() =>
      this.#database
        .prepare('SELECT cell, since_ms AS sinceMs, count FROM tally WHERE count >= ? AND since_ms < ? ORDER BY 2, 1')
        .all(smallest, untilMs),
    ) as { cell: string; sinceMs: number; count: number }[];
    const sinceMs = rows[0]?.sinceMs;
    if (sinceMs === undefined) return undefined;
    const together = rows.filter((row) => row.sinceMs === sinceMs);
    return { sinceMs, untilMs, counts: Object.fromEntries(together.map(({ cell, count }) => [cell, count])) };
  }

  /** Takes out counts that leave, inside the caller's transaction; what was counted meanwhile stays. */
  take({ counts, untilMs }: Ripe): void {
    for (const [cell, count] of Object.entries(counts)) {
      this.#database.prepare('DELETE FROM tally WHERE cell = ? AND count = ?').run(cell, count);
      this.#database
        .prepare('UPDATE tally SET count = count - :count, since_ms = :untilMs WHERE cell = :cell AND count > :count')
        .run({ cell, count, untilMs });
    }
  }
}

const hourOf = (ms: number) => Math.floor(ms / hourMs) * hourMs;
