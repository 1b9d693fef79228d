import type Database from 'better-sqlite3';
import type { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import { type Lane, laneOf, type SealedPacket } from '../contract/packet.ts';
import { AuditLog, type AuditRun } from './audit.ts';
import { openDatabase, storing } from './database.ts';
import { KeyDocumentTable } from './key-document.ts';
import { lawfulLife, type LifeSettings } from './list-life.ts';
import { ListMetadata } from './list-metadata.ts';
import { Outbox, type OutboxEvent } from './outbox.ts';
import { OwnTime } from './own-time.ts';
import { Reserve } from './reserve.ts';
import { sweep } from './retention.ts';
import { RollbackMark } from './rollback-mark.ts';
import { type Ripe, Tally } from './tally.ts';
import { Untold } from './untold.ts';
import { machineUptime, type Uptime } from './uptime.ts';
import { Watchlist } from './watchlist.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const dayMs = 86_400_000;

/** How much may wait in a store, and how long. */
export interface StoreLimits {
  /** Sealed bytes the outbox may hold. */
  readonly maxBytes?: number;
  /** How long a record may wait before nobody is let in any more. */
  readonly maxAgeMs?: number;
}

/** Where the store lies and how much it may hold. */
export interface StoreOptions extends StoreLimits {
  readonly file: string;
  /** 32 bytes, see readOrCreateKey. */
  readonly key: Uint8Array;
  /** Names the log of a store that is made. */
  readonly kioskId?: string;
  /** The version of the program, for the log. */
  readonly program?: string;
  /** Milliseconds since 1970, for the log. */
  readonly clock?: { now(): number };
  /** How long the machine has run, whatever its clock is set to. */
  readonly uptime?: Uptime;
  /** How long a watchlist lives; by default as the law has it. */
  readonly watchlist?: LifeSettings;
  /** Bytes kept free for the crossing under way and for acknowledging. At least three times what one crossing can bring. */
  readonly reserveBytes?: number;
  /** Hears, besides the log, what becomes of packets, inside the transaction that does it. */
  readonly note?: (event: OutboxEvent) => void;
}

/** Whether a crossing may start; else what keeps it: too much that is queued, something queued for too long, or no room. */
export type Admission = 'open' | 'full' | 'old' | 'disk';

/** What may be lost at the door: counts. They never have more than this share of the cap. */
const optional: Lane = 'statistics';
const optionalShare = 1 / 16;

/** A crossing that was under way when the core died. */
export interface Interrupted {
  readonly crossingId: string;
  readonly startedAt: string;
}

/** What a kiosk keeps on its disk: crossings under way, the outbox, the watchlist, central's keys. Everything is encrypted and durable on return. */
export class Store {
  readonly outbox: Outbox;
  readonly watchlist: Watchlist;
  readonly listMetadata: ListMetadata;
  readonly audit: AuditLog;
  readonly keyDocument: KeyDocumentTable;
  readonly rollbackMark: RollbackMark;
  readonly tally: Tally;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #time: OwnTime;
  readonly #untold: Untold;
  readonly #now: () => number;
  readonly #note: (event: OutboxEvent) => void;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #reserveBytes: number;

  /** See openStore. */
  constructor(options: StoreOptions) {
    const { file, key, kioskId = 'kiosk', program = '', clock = Date } = options;
    const { uptime = machineUptime(), watchlist: settings = lawfulLife } = options;
    const { maxBytes = 8 * gibibyte, maxAgeMs = 7 * dayMs, reserveBytes = 64 * mebibyte } = options;
    this.#note = options.note ?? (() => {});
    this.#reserve = storing(() => new Reserve(`${file}.reserve`, reserveBytes));
    this.#database = this.#reserve.within(() => openDatabase(file, key));
    try {
      this.#time = this.#reserve.within(() => storing(() => new OwnTime(this.#database, uptime)));
      const now = () => clock.now();
      this.#now = now;
      this.audit = new AuditLog(this.#database, { kioskId, now });
      this.#untold = new Untold(this.#database, this.#reserve, this.audit, now);
      const note = (event: OutboxEvent) => this.#tell(event);
      this.outbox = new Outbox({ database: this.#database, reserve: this.#reserve, time: this.#time, note });
      const purge = () => this.outbox.purge();
      const [database, reserve, time, { audit }] = [this.#database, this.#reserve, this.#time, this];
      const known = () => ({ ownMs: time.now(), central: time.central(), wallMs: now() });
      const tell = (event: AuditEvent) => this.note(event);
      this.watchlist = new Watchlist({ file, database, reserve, audit, purge, note: tell, settings, known });
      this.listMetadata = new ListMetadata(this.#database);
      this.keyDocument = new KeyDocumentTable(this.#database);
      this.rollbackMark = new RollbackMark(this.#database);
      this.tally = new Tally(this.#database);
      if (this.#reserve.within(() => storing(() => sweep(this.#database))) > 0) this.outbox.purge();
      const clean = ['store-closed', 'log-started'].includes(this.audit.lastEvent());
      this.note({ event: 'store-opened', program, clean, interrupted: this.interrupted().length });
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#reserveBytes = reserveBytes;
  }

  /** Whether a crossing started now could be stored, whatever it brings (R13). Asked before each. */
  admits(): boolean {
    return this.admission() === 'open';
  }

  /** The same, and why not. Counts may wait as long as they like, and what is parked waits for a technician. */
  admission(): Admission {
    return storing(() => {
      this.#time.keepNowAndThen();
      if (!this.#reserve.stands() || !this.#untold.catchUp()) return 'disk';
      if (this.outbox.bytes() + this.#reserveBytes > this.#maxBytes) return 'full';
      return this.outbox.oldestMs((lane) => lane !== optional) > this.#maxAgeMs ? 'old' : 'open';
    });
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
   * Stores the outcome, its packets, what the log is told of them and what they count under, and ends the crossing: all or nothing, durable on return.
   * A repeat changes nothing.
   * Faults: `store.full` when the outbox would outgrow its cap or the disk has no room, `store.failed`, `store.corrupt`.
   */
  conclude(
    { crossingId, outcome }: { crossingId: string; outcome: string },
    packets: readonly SealedPacket[],
    events: readonly AuditEvent[] = [],
    cells: readonly string[] = [],
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
      if (missing.length === 0) return;
      for (const event of events) this.audit.append(event);
      for (const cell of cells) this.tally.count(cell, this.#now());
    });
  }

  /**
   * Stores packets that are of no crossing, all or nothing; durable on return. A repeat changes nothing. Counts that have no
   * room are dropped, which is noted. Faults as `conclude`.
   */
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

  /** Puts counts into the outbox and takes them out of the tally; tells whether there was room. They stay where there is none. */
  handOverCounts(ripe: Ripe, packet: SealedPacket): boolean {
    if (this.#dispensable(packet)) return false;
    this.#write([packet], () => {
      this.outbox.add(null, packet);
      this.tally.take(ripe);
    });
    return true;
  }

  /** Logs what has no transaction of its own. Where it cannot be written now it is kept, and nobody is admitted until it is. */
  note(event: AuditEvent): void {
    this.#untold.note(event);
  }

  /** What the log is told of packets. It does not tell of its own, nor of counts, or it would never be at rest. */
  #tell(event: OutboxEvent): void {
    if (event.event !== 'packet-acknowledged') this.audit.append(event);
    else if (event.kind === 'audit') this.audit.acknowledge(event.packetId);
    else if (event.kind !== 'statistics') this.audit.append({ event: event.event, packetId: event.packetId });
    this.#note(event);
  }

  #write(packets: readonly SealedPacket[], work: (missing: readonly SealedPacket[]) => void): void {
    const dropped = packets.filter((packet) => this.#dispensable(packet));
    const missing = storing(() => this.outbox.missing(packets)).filter((packet) => !dropped.includes(packet));
    const held = storing(() => this.outbox.bytes());
    const bytes = missing.reduce((sum, { sealed }) => sum + sealed.length, held);
    if (missing.length > 0 && bytes > this.#maxBytes) throw new Fault('store.full', 'the outbox is at its cap');
    const write = this.#database.transaction(() => {
      for (const { id } of dropped) this.#tell({ event: 'packet-dropped', packetId: id, reason: 'no-room' });
      work(missing);
    });
    this.#reserve.within(() => storing(() => write.immediate()));
  }

  /** Whether a packet is of those that are done without first, and there is no room for them: they hold no one's crossing up. */
  #dispensable({ kind, sealed }: SealedPacket): boolean {
    if (laneOf[kind] !== optional) return false;
    return !this.admits() || this.outbox.bytes(optional) + sealed.length > this.#maxBytes * optionalShare;
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
      this.watchlist.close();
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
