import type Database from 'better-sqlite3';
import { Fault, type FaultCode } from '../contract/fault.ts';
import { type Lane, laneOf, lanes, type PacketKind, type Refusal, type SealedPacket } from '../contract/packet.ts';
import { storing } from './database.ts';
import { LaneTable } from './lane-table.ts';
import { type OutboxStats, type ParkedPacket, readOldestMs, readParked, readStats } from './outbox-figures.ts';
import { digest, OutboxReader, type OutboxRow, type Wanted } from './outbox-reader.ts';
import type { OwnTime } from './own-time.ts';
import { shrink } from './purge.ts';
import type { Reserve } from './reserve.ts';
import { forgottenDeliveries } from './retention.ts';

export type { OutboxRow } from './outbox-reader.ts';

/** What central has said of packets, in a receipt that was verified. */
export interface Settlement {
  readonly stored?: readonly string[];
  readonly refused?: readonly { readonly id: string; readonly refusal?: Refusal }[];
  /** How many of a packet's bytes central has. */
  readonly partial?: readonly { readonly id: string; readonly bytes: number }[];
  /** Central's clock, in milliseconds since 1970. */
  readonly centralMs?: number;
}

/** What the log of the kiosk's doings hears of, inside the transaction that does it. */
export type OutboxEvent =
  | { readonly event: 'packet-acknowledged'; readonly packetId: string; readonly kind: PacketKind }
  | { readonly event: 'packet-parked'; readonly packetId: string; readonly fault: FaultCode }
  | { readonly event: 'packets-unparked'; readonly packets: number }
  | { readonly event: 'packet-dropped'; readonly packetId: string; readonly reason: string };

/** What an outbox is made of. */
export interface OutboxParts {
  readonly database: Database.Database;
  readonly reserve: Reserve;
  readonly time: OwnTime;
  readonly note: (event: OutboxEvent) => void;
}

/** Sealed packets on their way to central. Nothing leaves it but by a receipt; what cannot be sent is parked, never dropped. */
export class Outbox {
  /** Which numbering this is; new with each new database file. */
  readonly epoch: string;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #time: OwnTime;
  readonly #lanes: LaneTable;
  readonly #reader: OutboxReader;
  readonly #note: (event: OutboxEvent) => void;

  constructor({ database, reserve, time, note }: OutboxParts) {
    this.#database = database;
    this.#reserve = reserve;
    this.#time = time;
    this.#note = note;
    this.#lanes = new LaneTable(database);
    this.#reader = new OutboxReader(database, this.#lanes);
    this.epoch = storing(() => {
      database
        .prepare(
          'INSERT INTO ledger (only, epoch, last_sequence, bytes, delivered) VALUES (1, ?, 0, 0, 0) ON CONFLICT DO NOTHING',
        )
        .run(crypto.randomUUID());
      return (database.prepare('SELECT epoch FROM ledger').get() as { epoch: string }).epoch;
    });
  }

  /** Sealed bytes held, parked ones too; or those of one lane that may be sent. */
  bytes(lane?: Lane): number {
    if (lane) return this.#lanes.bytes(lanes.indexOf(lane));
    return this.#database.prepare('SELECT bytes FROM ledger').pluck().get() as number;
  }

  /** The greatest id that was ever added, or nothing. */
  newestId(): string {
    return this.#database.prepare('SELECT newest_id FROM clock').pluck().get() as string;
  }

  /** Those of the packets that are neither here nor were delivered of late. */
  missing(packets: readonly SealedPacket[]): SealedPacket[] {
    const known = this.#database.prepare(
      'SELECT 1 FROM outbox WHERE id = :id UNION SELECT 1 FROM delivered WHERE id = :id',
    );
    return packets.filter(({ id }) => known.get({ id }) === undefined);
  }

  /** Adds a packet that is missing, of a crossing or of none, inside the caller's transaction. */
  add(crossingId: string | null, { id, kioskId, kind, keyId, sealed }: SealedPacket): void {
    const lane = lanes.indexOf(laneOf[kind]);
    const { sequence } = this.#database
      .prepare(
        'UPDATE ledger SET last_sequence = last_sequence + 1, bytes = bytes + ? RETURNING last_sequence AS sequence',
      )
      .get(sealed.length) as { sequence: number };
    this.#time.keep();
    this.#database.prepare('UPDATE clock SET newest_id = max(newest_id, ?)').run(id);
    this.#lanes.count(lane, 1, sealed.length);
    this.#database
      .prepare(
        `INSERT INTO outbox (sequence, id, crossing_id, kiosk_id, kind, key_id, bytes, sha256, lane, stored_ms, sent_bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
      )
      .run(sequence, id, crossingId, kioskId, kind, keyId, sealed.length, digest(sealed), lane, this.#time.now());
    this.#database.prepare('INSERT INTO sealed (sequence, bytes) VALUES (?, ?)').run(sequence, sealed);
  }

  /**
   * The next packets to send: the most urgent first, each lane in order, none left waiting for ever. At least one if there is
   * one; what is larger than `partBytes` goes in parts of that size. Bytes that rotted on the disk are parked.
   */
  next(wanted: Wanted): OutboxRow[] {
    const { rows, rotten } = storing(() => this.#reader.next(wanted));
    for (const id of rotten) this.park(id, 'store.corrupt');
    return rows.length === 0 && rotten.length > 0 ? this.next(wanted) : rows;
  }

  /**
   * Does what a verified receipt says: deletes what central has, notes how far parts have got, parks what it refused. All at
   * once; on a disk that has no room for that, one after another, for each gives back more than it takes.
   */
  settle(settlement: Settlement): void {
    try {
      storing(() => this.#settle(settlement));
    } catch (error) {
      if (Fault.from(error).code !== 'store.full') throw error;
      const { stored = [], ...others } = settlement;
      for (const one of [...stored.map((id) => ({ stored: [id] })), others]) {
        this.purge();
        this.#reserve.within(() => storing(() => this.#settle(one)));
      }
    }
  }

  #settle({ stored = [], refused = [], partial = [], centralMs }: Settlement): void {
    const settle = this.#database.transaction(() => {
      const served = new Set<number>();
      for (const id of stored) this.#delete(id, served);
      for (const { id, bytes } of partial) this.#advance(id, bytes, served);
      for (const { id, refusal } of refused) this.#park(id, 'uplink.refused', refusal, served);
      this.#lanes.served(served);
      if (stored.length > 0) this.#database.prepare(`DELETE FROM delivered WHERE ${forgottenDeliveries}`).run();
      if (centralMs !== undefined) this.#time.hear(centralMs);
    });
    settle.immediate();
  }

  /** Deletes packets whose receipt was verified. */
  acknowledge(ids: readonly string[]): void {
    this.settle({ stored: ids });
  }

  #delete(id: string, served: Set<number>): void {
    const { changes } = this.#database
      .prepare('INSERT INTO delivered SELECT sequence, id FROM outbox WHERE id = ?')
      .run(id);
    if (changes === 0) return;
    const { crossingId, kind, bytes, lane, ready } = this.#database
      .prepare(
        'DELETE FROM outbox WHERE id = ? RETURNING crossing_id AS crossingId, kind, bytes, lane, fault IS NULL AS ready',
      )
      .get(id) as { crossingId: string | null; kind: PacketKind; bytes: number; lane: number; ready: number };
    this.#database.prepare('UPDATE ledger SET delivered = delivered + 1, bytes = bytes - ?').run(bytes);
    if (ready) this.#lanes.count(lane, -1, -bytes);
    served.add(lane);
    if (crossingId !== null) this.forgetConcluded(crossingId);
    this.#note({ event: 'packet-acknowledged', packetId: id, kind });
  }

  #advance(id: string, bytes: number, served: Set<number>): void {
    const lane = this.#database
      .prepare(
        'UPDATE outbox SET sent_bytes = :bytes WHERE id = :id AND fault IS NULL AND bytes > :bytes RETURNING lane',
      )
      .pluck()
      .get({ id, bytes }) as number | undefined;
    if (lane !== undefined) served.add(lane);
  }

  #park(id: string, fault: FaultCode, refusal: Refusal | undefined, served: Set<number>): void {
    const parked = this.#database
      .prepare('UPDATE outbox SET fault = ?, refusal = ? WHERE id = ? AND fault IS NULL RETURNING lane, bytes')
      .get(fault, refusal ?? null, id) as { lane: number; bytes: number } | undefined;
    if (!parked) return;
    this.#lanes.count(parked.lane, -1, -parked.bytes);
    served.add(parked.lane);
    this.#note({ event: 'packet-parked', packetId: id, fault });
  }

  /** Deletes a concluded crossing that has nothing left to send, inside the caller's transaction. */
  forgetConcluded(crossingId: string): void {
    this.#database
      .prepare(
        `DELETE FROM crossing WHERE id = :id AND outcome IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE crossing_id = :id)`,
      )
      .run({ id: crossingId });
  }

  /** Sets a packet aside with the fault that keeps it from being sent; the lane goes on. */
  park(id: string, fault: FaultCode): void {
    this.#write(() => {
      const served = new Set<number>();
      this.#park(id, fault, undefined, served);
      this.#lanes.served(served);
    });
  }

  /** Gives parked packets, or one of them, another try from their first byte on. Tells how many. */
  unpark(id?: string): number {
    return this.#write(() => {
      const again = this.#database
        .prepare(
          `UPDATE outbox SET fault = NULL, refusal = NULL, sent_bytes = 0
           WHERE fault IS NOT NULL AND (:id IS NULL OR id = :id) RETURNING lane, bytes`,
        )
        .all({ id: id ?? null }) as { lane: number; bytes: number }[];
      for (const { lane, bytes } of again) this.#lanes.count(lane, 1, bytes);
      if (again.length > 0) this.#note({ event: 'packets-unparked', packets: again.length });
      return again.length;
    });
  }

  /** What is parked, the oldest first. */
  parked(limit: number): ParkedPacket[] {
    return storing(() => readParked(this.#database, this.#time, limit));
  }

  /** Whether there is something that is not to be held up. */
  urgent(): boolean {
    return storing(() => this.#lanes.waiting()[0]?.lane === 0);
  }

  /** Milliseconds that the oldest packet of some lanes has waited, by the store's own time; parked ones do not count. */
  oldestMs(counted: (lane: Lane) => boolean): number {
    return storing(() => readOldestMs(this.#database, this.#lanes, this.#time, counted));
  }

  /** Figures for the technician. */
  stats(): OutboxStats {
    return storing(() => readStats(this.#database, this.#lanes, this.#time));
  }

  /** Leaves no byte of a deleted packet in the database file or its log, and gives the space back to the disk (R14). */
  purge(): void {
    this.#reserve.within(() => storing(() => shrink(this.#database)));
    this.#reserve.restore();
  }

  /** A change that must not fail for want of room. */
  #write<T>(work: () => T): T {
    const write = this.#database.transaction(work);
    return this.#reserve.within(() => storing(() => write.immediate()));
  }
}
