import type Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import type { SealedPacket } from '../contract/packet.ts';
import { openDatabase, storing } from './database.ts';
import { Outbox } from './outbox.ts';
import { Reserve } from './reserve.ts';
import { WatchlistTable } from './watchlist.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

/** Where the store lies and how much it may hold. */
export interface StoreOptions {
  readonly file: string;
  /** 32 bytes, see readOrCreateKey. */
  readonly key: Uint8Array;
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

/** What a kiosk keeps on its disk: crossings under way, the outbox, the watchlist. Everything is encrypted and durable on return. */
export class Store {
  readonly outbox: Outbox;
  readonly watchlist: WatchlistTable;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #maxBytes: number;
  readonly #reserveBytes: number;

  /** See openStore. */
  constructor({ file, key, clock = Date, maxBytes = 8 * gibibyte, reserveBytes = 64 * mebibyte }: StoreOptions) {
    this.#database = openDatabase(file, key);
    try {
      this.#reserve = storing(() => new Reserve(`${file}.reserve`, reserveBytes));
      this.outbox = new Outbox(this.#database, this.#reserve, () => clock.now());
      this.watchlist = new WatchlistTable(this.#database, () => this.outbox.purge());
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#maxBytes = maxBytes;
    this.#reserveBytes = reserveBytes;
  }

  /** Whether a crossing started now could be stored, whatever it brings (R13). Asked before each. */
  admits(): boolean {
    return storing(() => this.#reserve.stands() && this.outbox.bytes() + this.#reserveBytes <= this.#maxBytes);
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

  /** Stores packets that are of no crossing, all or nothing; durable on return. A repeat changes nothing. Faults as `conclude`. */
  enqueue(packets: readonly SealedPacket[]): void {
    this.#write(packets, (missing) => {
      for (const packet of missing) this.outbox.add(null, packet);
    });
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
