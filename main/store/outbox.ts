import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { Fault, type FaultCode } from '../contract/fault.ts';
import { laneOf, lanes, type SealedPacket } from '../contract/packet.ts';
import { storing } from './database.ts';
import type { Reserve } from './reserve.ts';

/** A packet and its number: without gaps within the outbox's epoch, in the order of the decisions. */
export interface OutboxRow {
  readonly sequence: number;
  readonly packet: SealedPacket;
}

/** How the outbox does; `bytes` counts sealed bytes, parked ones too. */
export interface OutboxStats {
  readonly ready: number;
  readonly parked: number;
  readonly bytes: number;
  readonly oldestSeconds: number;
  readonly delivered: number;
}

const rememberedDeliveries = 10_000;
const vacuumPages = 1000;

interface Entry {
  sequence: number;
  id: string;
  kiosk_id: string;
  kind: SealedPacket['kind'];
  key_id: string;
  bytes: number;
  sha256: Buffer;
}

/** Sealed packets on their way to central. Nothing leaves it but by a receipt; what cannot be sent is parked, never dropped. */
export class Outbox {
  /** Which numbering this is; new with each new database file. */
  readonly epoch: string;
  readonly #database: Database.Database;
  readonly #reserve: Reserve;
  readonly #now: () => number;

  constructor(database: Database.Database, reserve: Reserve, now: () => number) {
    this.#database = database;
    this.#reserve = reserve;
    this.#now = now;
    this.epoch = storing(() => {
      database
        .prepare(
          'INSERT INTO ledger (only, epoch, last_sequence, bytes, delivered) VALUES (1, ?, 0, 0, 0) ON CONFLICT DO NOTHING',
        )
        .run(crypto.randomUUID());
      return (database.prepare('SELECT epoch FROM ledger').get() as { epoch: string }).epoch;
    });
  }

  /** Sealed bytes held, parked ones too. */
  bytes(): number {
    return this.#database.prepare('SELECT bytes FROM ledger').pluck().get() as number;
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
    const { sequence } = this.#database
      .prepare(
        'UPDATE ledger SET last_sequence = last_sequence + 1, bytes = bytes + ? RETURNING last_sequence AS sequence',
      )
      .get(sealed.length) as { sequence: number };
    this.#database
      .prepare(
        `INSERT INTO outbox (sequence, id, crossing_id, kiosk_id, kind, key_id, bytes, sha256, lane, stored_ms, sent_bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
      )
      .run(
        sequence,
        id,
        crossingId,
        kioskId,
        kind,
        keyId,
        sealed.length,
        digest(sealed),
        lanes.indexOf(laneOf[kind]),
        Math.trunc(this.#now()),
      );
    this.#database.prepare('INSERT INTO sealed (sequence, bytes) VALUES (?, ?)').run(sequence, sealed);
  }

  /** The next packets to send, urgent ones first, each lane in order. At least one if there is one, however large. */
  next({ maxRows, maxBytes }: { maxRows: number; maxBytes: number }): OutboxRow[] {
    return storing(() => {
      const entries = this.#database
        .prepare(
          `SELECT sequence, id, kiosk_id, kind, key_id, bytes, sha256 FROM outbox
           WHERE fault IS NULL ORDER BY lane, sequence LIMIT ?`,
        )
        .all(maxRows) as Entry[];
      const rows: OutboxRow[] = [];
      let bytes = 0;
      for (const entry of entries) {
        bytes += entry.bytes;
        if (rows.length > 0 && bytes > maxBytes) break;
        const row = this.#read(entry);
        if (row) rows.push(row);
      }
      return rows.length === 0 && entries.length > 0 ? this.next({ maxRows, maxBytes }) : rows;
    });
  }

  /** Reads one packet. Bytes that rotted on the disk are set aside, and the lane goes on. */
  #read({ sequence, id, kiosk_id, kind, key_id, sha256 }: Entry): OutboxRow | undefined {
    try {
      const sealed = storing(
        () => this.#database.prepare('SELECT bytes FROM sealed WHERE sequence = ?').pluck().get(sequence) as Buffer,
      );
      // A page is authenticated, but one the disk has cut off reads as zeros.
      if (!digest(sealed).equals(sha256)) throw new Fault('store.corrupt', 'a packet is not as it was stored');
      return { sequence, packet: { id, kioskId: kiosk_id, kind, keyId: key_id, sealed: new Uint8Array(sealed) } };
    } catch (error) {
      const { code } = Fault.from(error);
      if (code !== 'store.corrupt') throw error;
      this.park(id, code);
      return undefined;
    }
  }

  /** Deletes packets whose receipt was verified. */
  acknowledge(ids: readonly string[]): void {
    const acknowledge = this.#database.transaction(() => {
      const remember = this.#database.prepare('INSERT INTO delivered SELECT sequence, id FROM outbox WHERE id = ?');
      const remove = this.#database.prepare(
        'DELETE FROM outbox WHERE id = ? RETURNING crossing_id AS crossingId, bytes',
      );
      const count = this.#database.prepare('UPDATE ledger SET delivered = delivered + 1, bytes = bytes - ?');
      for (const id of ids) {
        if (remember.run(id).changes === 0) continue;
        const { crossingId, bytes } = remove.get(id) as { crossingId: string | null; bytes: number };
        count.run(bytes);
        if (crossingId !== null) this.forgetConcluded(crossingId);
      }
      this.#database
        .prepare('DELETE FROM delivered WHERE sequence <= (SELECT last_sequence FROM ledger) - ?')
        .run(rememberedDeliveries);
    });
    this.#reserve.within(() => storing(() => acknowledge.immediate()));
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
    storing(() => this.#database.prepare('UPDATE outbox SET fault = ? WHERE id = ?').run(fault, id));
  }

  /** Gives parked packets another try, once what was wrong is mended. Tells how many. */
  unpark(): number {
    return storing(
      () => this.#database.prepare('UPDATE outbox SET fault = NULL WHERE fault IS NOT NULL').run().changes,
    );
  }

  /** Figures for the technician. */
  stats(): OutboxStats {
    return storing(() => {
      const row = this.#database
        .prepare(
          `SELECT count(*) FILTER (WHERE fault IS NULL) AS ready, count(fault) AS parked, min(stored_ms) AS oldestMs,
             (SELECT bytes FROM ledger) AS bytes, (SELECT delivered FROM ledger) AS delivered FROM outbox`,
        )
        .get() as Omit<OutboxStats, 'oldestSeconds'> & { oldestMs: number | null };
      const { oldestMs, ...stats } = row;
      // The clock may have been set back since.
      return { ...stats, oldestSeconds: oldestMs === null ? 0 : Math.max(0, (this.#now() - oldestMs) / 1000) };
    });
  }

  /** Leaves no byte of a deleted packet in the database file or its log, and gives the space back to the disk (R14). */
  purge(): void {
    const checkpoint = () => this.#database.pragma('wal_checkpoint(TRUNCATE)');
    const free = () => this.#database.pragma('freelist_count', { simple: true }) as number;
    const shrink = () => {
      checkpoint();
      // In steps, so that the log of what is moved stays small.
      for (let before = Infinity, left = free(); left > 0 && left < before; [before, left] = [left, free()]) {
        this.#database.pragma(`incremental_vacuum(${vacuumPages})`);
        checkpoint();
      }
    };
    this.#reserve.within(() => storing(shrink));
    this.#reserve.restore();
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
