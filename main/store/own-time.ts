import type Database from 'better-sqlite3';
import type { Uptime } from './uptime.ts';

/** A difference to central's clock that is more than the line's delay and the drift of two clocks. */
const jumpMs = 60_000;

/** How often it is written down while nothing else is. */
const keepEveryMs = 60_000;

interface Row {
  readonly own_ms: number;
  readonly central_ms: number;
  readonly own_at_central_ms: number;
  readonly boot_id: string;
  readonly uptime_ms: number;
  readonly sure: number;
}

/** What central's clock shows, as far as the store knows: milliseconds since 1970, at least. */
export interface CentralTime {
  readonly ms: number;
  /** Whether it is that and not only at least that: central has said it since the machine was started. */
  readonly sure: boolean;
}

/**
 * Time as the store counts it, in milliseconds of its own: while the machine runs, and what central's receipts say has gone by
 * while it did not. It never goes back, and what the machine's clock says has no part in it.
 */
export class OwnTime {
  readonly #database: Database.Database;
  readonly #uptime: Uptime;
  #ahead: number;
  #keptMs: number;
  #central: { readonly ms: number; readonly ownMs: number; readonly sure: boolean };

  constructor(database: Database.Database, uptime: Uptime) {
    this.#database = database;
    this.#uptime = uptime;
    const row = database.prepare('SELECT * FROM clock').get() as Row;
    const sameRun = row.boot_id === uptime.bootId && row.uptime_ms <= uptime.ms();
    this.#keptMs = row.own_ms;
    this.#ahead = row.own_ms - (sameRun ? row.uptime_ms : uptime.ms());
    this.#central = { ms: row.central_ms, ownMs: row.own_at_central_ms, sure: sameRun && row.sure === 1 };
    this.keep();
  }

  now(): number {
    return Math.trunc(this.#uptime.ms() + this.#ahead);
  }

  /** Undefined before central has said anything. */
  central(): CentralTime | undefined {
    const { ms, ownMs, sure } = this.#central;
    return ms === 0 ? undefined : { ms: ms + this.now() - ownMs, sure };
  }

  /** Writes it down, inside the caller's transaction: less than that it never says again. */
  keep(): void {
    this.#keptMs = this.now();
    const { ms, ownMs, sure } = this.#central;
    this.#database
      .prepare(
        'UPDATE clock SET own_ms = ?, central_ms = ?, own_at_central_ms = ?, sure = ?, boot_id = ?, uptime_ms = ?',
      )
      .run(this.#keptMs, ms, ownMs, Number(sure), this.#uptime.bootId, Math.trunc(this.#uptime.ms()));
  }

  /** Writes it down if that is some time ago. */
  keepNowAndThen(): void {
    if (this.now() - this.#keptMs >= keepEveryMs) this.keep();
  }

  /** Hears what central's clock said just now, in milliseconds since 1970, inside the caller's transaction. */
  hear(centralMs: number): void {
    const { ms: heardMs, ownMs, sure } = this.#central;
    const missedMs = heardMs === 0 ? 0 : centralMs - heardMs - (this.now() - ownMs);
    // Compared with the same word of central's until the two part, so that the line's delays do not add up.
    if (sure && Math.abs(missedMs) < jumpMs) return;
    if (heardMs !== 0 && Math.abs(missedMs) < jumpMs) this.#central = { ...this.#central, sure: true };
    else {
      if (missedMs > 0) this.#ahead += missedMs;
      this.#central = { ms: centralMs, ownMs: this.now(), sure: true };
    }
    this.keep();
  }
}
