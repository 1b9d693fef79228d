import type Database from 'better-sqlite3';
import type { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import { AuditLog } from './audit.ts';
import { storing } from './database.ts';
import type { Reserve } from './reserve.ts';

/** Events kept until they can be logged, at most; the oldest go first. */
const mostEvents = 1000;

/** Logs what has no transaction of its own, now or as soon as it can be written. */
export class Untold {
  readonly #audit: AuditLog;
  readonly #reserve: Reserve;
  readonly #tell: Database.Transaction<() => void>;
  readonly #now: () => number;
  #events: { readonly event: AuditEvent; readonly atMs: number }[] = [];

  constructor(database: Database.Database, reserve: Reserve, audit: AuditLog, now: () => number) {
    this.#audit = audit;
    this.#reserve = reserve;
    this.#now = now;
    this.#tell = database.transaction(() => {
      for (const { event, atMs } of this.#events) this.#audit.append(event, atMs);
    });
  }

  /** Logs an event; where that cannot be done now, it is kept. Fault: `contract.breach` for what no line may hold. */
  note(event: AuditEvent): void {
    AuditLog.check(event);
    this.#events.push({ event, atMs: this.#now() });
    this.catchUp();
  }

  /** Logs what was kept; tells whether nothing is left. */
  catchUp(): boolean {
    if (this.#events.length === 0) return true;
    try {
      this.#reserve.within(() => storing(() => this.#tell.immediate()));
      this.#events = [];
      return true;
    } catch (error) {
      const { code } = Fault.from(error);
      if (code !== 'store.full' && code !== 'store.failed') throw error;
      this.#events = this.#events.slice(-mostEvents);
      return false;
    }
  }
}
