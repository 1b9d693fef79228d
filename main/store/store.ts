import type Database from 'better-sqlite3';
import type { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import type { SealedPacket } from '../contract/packet.ts';
import { AuditLog, type AuditRun } from './audit.ts';
import { openDatabase, storing } from './database.ts';
import { KeyDocumentTable } from './key-document.ts';
import { Outbox } from './outbox.ts';
import { Reserve } from './reserve.ts';
import { WatchlistTable } from './watchlist.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
/** Events kept until they can be logged, at most; the oldest go first. */
const mostUntold = 1000;

/** Where the store lies and how much it may hold. */
export interface StoreOptions {
  readonly file: string;
  /** 32 bytes, see readOrCreateKey. */
  readonly key: Uint8Array;
  /** Names the log of a store that is made. */
  readonly kioskId?: string;
  /** The version of the program, for the log. */
  readonly program?: string;
  /** Milliseconds since 1970. */
  readonly clock?: { now(): number };
  /** Sealed bytes the outbox may hold. */
  readonly maxBytes?: number;
  /** Bytes kept free for the crossing under way and for acknowledging. At least three times what one crossing can bring. */
  readonly reserveBytes?: number;
}

/** A crossing that was under way when the core died. */
export interface Interrupted {
  readonly crossingId: string;
  readonly startedAt: string;
}

/** What a kiosk keeps on its disk: crossings under way, the outbox, the watchlist, central's keys. Everything is encrypted and durable on return. */
export class Store {
  readonly outbox: Outbox;
  readonly watchlist: WatchlistTable;
  readonly audit: AuditLog;
  readonly keyDocument: KeyDocumentTable;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #reserveBytes: number;
  /** What could not be logged yet; nobody is admitted meanwhile. */
  #untold: { readonly event: AuditEvent; readonly atMs: number }[] = [];

  /** See openStore. */
  constructor({
    file,
    key,
    kioskId = 'kiosk',
    program = '',
    clock = Date,
    maxBytes = 8 * gibibyte,
    reserveBytes = 64 * mebibyte,
  }: StoreOptions) {
    const now = () => clock.now();
    this.#database = openDatabase(file, key);
    try {
      this.#reserve = storing(() => new Reserve(`${file}.reserve`, reserveBytes));
      this.#now = now;
      this.audit = new AuditLog(this.#database, { kioskId, now });
      this.outbox = new Outbox(this.#database, this.#reserve, this.audit, now);
      this.watchlist = new WatchlistTable(this.#database, this.audit, () => this.outbox.purge());
      const clean = ['store-closed', 'log-started'].includes(this.audit.lastEvent());
      this.note({ event: 'store-opened', program, clean, interrupted: this.interrupted().length });
      this.keyDocument = new KeyDocumentTable(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#maxBytes = maxBytes;
    this.#reserveBytes = reserveBytes;
  }

  /** Whether a crossing started now could be stored, whatever it brings (R13). Asked before each. */
  admits(): boolean {
    if (!storing(() => this.#reserve.stands() && this.outbox.bytes() + this.#reserveBytes <= this.#maxBytes))
      return false;
    return this.#catchUp();
  }

  /** Marks a crossing as under way. It says that someone stands at the gate, not who. */
  begin({ crossingId, startedAt }: Interrupted): void {
    const begin = this.#database.transaction(() => {
      const { changes } = this.#database
        .prepare('INSERT INTO crossing (id, started_at) VALUES (?, ?) ON CONFLICT DO NOTHING')
        .run(crossingId, startedAt);
      if (changes > 0) this.audit.append({ event: 'crossing-begun', crossingId });
    });
    storing(() => begin.immediate());
  }

  /**
   * Stores the outcome, its packets and what the log is told of them, and ends the crossing: all or nothing, durable on return.
   * A repeat changes nothing.
   * Faults: `store.full` when the outbox would outgrow its cap or the disk has no room, `store.failed`, `store.corrupt`.
   */
  conclude(
    { crossingId, outcome }: { crossingId: string; outcome: string },
    packets: readonly SealedPacket[],
    events: readonly AuditEvent[] = [],
  ): void {
    this.#write(packets, (missing) => {
      this.#database
        .prepare(
          `INSERT INTO crossing (id, started_at, outcome) VALUES (?, '', ?)
           ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome`,
        )
        .run(crossingId, outcome);
      for (const packet of missing) this.outbox.add(crossingId, packet);
      this.outbox.forgetConcluded(crossingId);
      if (missing.length > 0) for (const event of events) this.audit.append(event);
    });
  }

  /** Stores packets that are of no crossing, all or nothing; durable on return. A repeat changes nothing. Faults as `conclude`. */
  enqueue(packets: readonly SealedPacket[]): void {
    this.#write(packets, (missing) => {
      for (const packet of missing) this.outbox.add(null, packet);
    });
  }

  /** Puts a run of the log into the outbox: it is handed over once, whatever happens. Faults as `conclude`. */
  handOver(run: AuditRun, packet: SealedPacket): void {
    this.#write([packet], () => {
      this.outbox.add(null, packet);
      this.audit.handOver(run, packet.id);
    });
  }

  /** Logs what has no transaction of its own. Where it cannot be written now it is kept, and nobody is admitted until it is. */
  note(event: AuditEvent): void {
    AuditLog.check(event);
    this.#untold.push({ event, atMs: this.#now() });
    this.#catchUp();
  }

  #catchUp(): boolean {
    if (this.#untold.length === 0) return true;
    const tell = this.#database.transaction(() => {
      for (const { event, atMs } of this.#untold) this.audit.append(event, atMs);
    });
    try {
      this.#reserve.within(() => storing(() => tell.immediate()));
      this.#untold = [];
      return true;
    } catch (error) {
      const { code } = Fault.from(error);
      if (code !== 'store.full' && code !== 'store.failed') throw error;
      this.#untold.splice(0, this.#untold.length - mostUntold);
      return false;
    }
  }

  #write(packets: readonly SealedPacket[], work: (missing: readonly SealedPacket[]) => void): void {
    const missing = storing(() => this.outbox.missing(packets));
    const held = storing(() => this.outbox.bytes());
    const bytes = missing.reduce((sum, { sealed }) => sum + sealed.length, held);
    if (missing.length > 0 && bytes > this.#maxBytes) throw new Fault('store.full', 'the outbox is at its cap');
    const write = this.#database.transaction(() => work(missing));
    this.#reserve.within(() => storing(() => write.immediate()));
  }

  /** The traveller left: nothing of the crossing is kept. One already concluded stays. */
  abandon(crossingId: string): void {
    const abandon = this.#database.transaction(() => {
      const { changes } = this.#database
        .prepare('DELETE FROM crossing WHERE id = ? AND outcome IS NULL')
        .run(crossingId);
      if (changes > 0) this.audit.append({ event: 'crossing-abandoned', crossingId });
    });
    storing(() => abandon.immediate());
  }

  /** Crossings a dead core left behind, oldest first. Each is to be concluded, as referred, before the next one starts. */
  interrupted(): Interrupted[] {
    return storing(
      () =>
        this.#database
          .prepare(
            `SELECT id AS crossingId, started_at AS startedAt FROM crossing
             WHERE outcome IS NULL ORDER BY started_at, id`,
          )
          .all() as Interrupted[],
    );
  }

  /** Signs the log to its end and closes the database; the store is of no use after that. */
  close(): void {
    try {
      this.note({ event: 'store-closed' });
      this.#reserve.within(() => void this.audit.checkpoint());
    } catch {
      // The next start finds that this one did not end in order.
    } finally {
      storing(() => this.#database.close());
    }
  }
}

/**
 * Opens a kiosk's store, or makes one. Faults: `store.corrupt` (wrong key, altered file), `store.failed` (disk, another
 * process has it open, a newer program wrote it), `store.full`, `config.invalid` (key size).
 */
export function openStore(options: StoreOptions): Store {
  return new Store(options);
}
