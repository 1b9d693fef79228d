import type Database from 'better-sqlite3';

/** A difference to central's clock that is more than the line's delay and the drift of two clocks. */
const jumpMs = 60_000;

/** How often it is written down while nothing else is. */
const keepEveryMs = 60_000;

/**
 * Time as the store counts it, in milliseconds of its own: while the program runs, and what central's receipts say has gone by
 * while it did not. It never goes back, and what the machine's clock says has no part in it.
 */
export class OwnTime {
  readonly #database: Database.Database;
  readonly #uptimeMs: () => number;
  #ahead: number;
  #keptMs: number;

  constructor(database: Database.Database, uptimeMs: () => number) {
    this.#database = database;
    this.#uptimeMs = uptimeMs;
    this.#keptMs = database.prepare('SELECT own_ms FROM clock').pluck().get() as number;
    this.#ahead = this.#keptMs - uptimeMs();
  }

  now(): number {
    return Math.trunc(this.#uptimeMs() + this.#ahead);
  }

  /** Writes it down, inside the caller's transaction: less than that it never says again. */
  keep(): void {
    this.#keptMs = this.now();
    this.#database.prepare('UPDATE clock SET own_ms = ?').run(this.#keptMs);
  }

  /** Writes it down if that is some time ago. */
  keepNowAndThen(): void {
    if (this.now() - this.#keptMs >= keepEveryMs) this.keep();
  }

  /** Hears what central's clock said just now, in milliseconds since 1970, inside the caller's transaction. */
  hear(centralMs: number): void {
    const { heardMs, ownMs } = this.#database
      .prepare('SELECT central_ms AS heardMs, own_at_central_ms AS ownMs FROM clock')
      .get() as { heardMs: number; ownMs: number };
    const missedMs = heardMs === 0 ? 0 : centralMs - heardMs - (this.now() - ownMs);
    // Compared with the same word of central's until the two part, so that the line's delays do not add up.
    if (heardMs !== 0 && Math.abs(missedMs) < jumpMs) return;
    if (missedMs > 0) this.#ahead += missedMs;
    this.keep();
    this.#database.prepare('UPDATE clock SET central_ms = ?, own_at_central_ms = ?').run(centralMs, this.#keptMs);
  }
}
