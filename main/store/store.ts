import type Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import { type Lane, laneOf, type SealedPacket } from '../contract/packet.ts';
import { openDatabase, storing } from './database.ts';
import { KeyDocumentTable } from './key-document.ts';
import { Outbox, type OutboxEvent } from './outbox.ts';
import { OwnTime } from './own-time.ts';
import { Reserve } from './reserve.ts';
import { RollbackMark } from './rollback-mark.ts';
import { WatchlistTable } from './watchlist.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const dayMs = 86_400_000;

/** Where the store lies and how much it may hold. */
export interface StoreOptions {
  readonly file: string;
  /** 32 bytes, see readOrCreateKey. */
  readonly key: Uint8Array;
  /** Milliseconds since some moment: they only go up, whatever the machine's clock is set to. */
  readonly uptimeMs?: () => number;
  /** Sealed bytes the outbox may hold. */
  readonly maxBytes?: number;
  /** How long a record may wait before nobody is let in any more. */
  readonly maxAgeMs?: number;
  /** Bytes kept free for the crossing under way and for acknowledging. At least three times what one crossing can bring. */
  readonly reserveBytes?: number;
  /** Hears what becomes of packets, inside the transaction that does it. */
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
  readonly watchlist: WatchlistTable;
  readonly keyDocument: KeyDocumentTable;
  readonly rollbackMark: RollbackMark;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #time: OwnTime;
  readonly #note: (event: OutboxEvent) => void;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #reserveBytes: number;

  /** See openStore. */
  constructor(options: StoreOptions) {
    const { file, key, uptimeMs = () => performance.now(), note = () => {} } = options;
    const { maxBytes = 8 * gibibyte, maxAgeMs = 7 * dayMs, reserveBytes = 64 * mebibyte } = options;
    this.#reserve = storing(() => new Reserve(`${file}.reserve`, reserveBytes));
    this.#database = this.#reserve.within(() => openDatabase(file, key));
    try {
      this.#time = storing(() => new OwnTime(this.#database, uptimeMs));
      this.outbox = new Outbox({ database: this.#database, reserve: this.#reserve, time: this.#time, note });
      this.watchlist = new WatchlistTable(this.#database, () => this.outbox.purge());
      this.keyDocument = new KeyDocumentTable(this.#database);
      this.rollbackMark = new RollbackMark(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#note = note;
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
      if (!this.#reserve.stands()) return 'disk';
      if (this.outbox.bytes() + this.#reserveBytes > this.#maxBytes) return 'full';
      return this.outbox.oldestMs((lane) => lane !== optional) > this.#maxAgeMs ? 'old' : 'open';
    });
  }

  /** Marks a crossing as under way. It says that someone stands at the gate, not who. */
  begin({ crossingId, startedAt }: Interrupted): void {
    storing(() =>
      this.#database
        .prepare('INSERT INTO crossing (id, started_at) VALUES (?, ?) ON CONFLICT DO NOTHING')
        .run(crossingId, startedAt),
    );
  }

  /**
   * Stores the outcome and its packets and ends the crossing, all or nothing; durable on return. A repeat changes nothing.
   * Faults: `store.full` when the outbox would outgrow its cap or the disk has no room, `store.failed`, `store.corrupt`.
   */
  conclude({ crossingId, outcome }: { crossingId: string; outcome: string }, packets: readonly SealedPacket[]): void {
    this.#write(packets, (missing) => {
      this.#database
        .prepare(
          `INSERT INTO crossing (id, started_at, outcome) VALUES (?, '', ?)
           ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome`,
        )
        .run(crossingId, outcome);
      for (const packet of missing) this.outbox.add(crossingId, packet);
      this.outbox.forgetConcluded(crossingId);
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

  #write(packets: readonly SealedPacket[], work: (missing: readonly SealedPacket[]) => void): void {
    const dropped = packets.filter((packet) => this.#dispensable(packet));
    const missing = storing(() => this.outbox.missing(packets)).filter((packet) => !dropped.includes(packet));
    const held = storing(() => this.outbox.bytes());
    const bytes = missing.reduce((sum, { sealed }) => sum + sealed.length, held);
    if (missing.length > 0 && bytes > this.#maxBytes) throw new Fault('store.full', 'the outbox is at its cap');
    const write = this.#database.transaction(() => {
      for (const { id } of dropped) this.#note({ event: 'packet-dropped', packetId: id, reason: 'no-room' });
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
    storing(() => this.#database.prepare('DELETE FROM crossing WHERE id = ? AND outcome IS NULL').run(crossingId));
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

  /** Closes the database; the store is of no use after that. */
  close(): void {
    storing(() => this.#database.close());
  }
}

/**
 * Opens a kiosk's store, or makes one. Faults: `store.corrupt` (wrong key, altered file), `store.failed` (disk, another
 * process has it open, a newer program wrote it), `store.full`, `config.invalid` (key size).
 */
export function openStore(options: StoreOptions): Store {
  return new Store(options);
}
