import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { Fault } from '../contract/fault.ts';
import type { PacketKind, Part, SealedPacket } from '../contract/packet.ts';
import { choose, type Waiting } from './choice.ts';
import { storing } from './database.ts';
import type { LaneTable } from './lane-table.ts';

/**
 * A packet and its number: without gaps within the outbox's epoch, in the order of the decisions. With a part, `sealed` holds
 * the bytes of that part only.
 */
export interface OutboxRow {
  readonly sequence: number;
  readonly packet: SealedPacket;
  readonly part?: Part;
}

/** How much is wanted: rows and bytes, and the size of the parts that a larger packet goes in. */
export interface Wanted {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly partBytes?: number;
}

interface Entry extends Waiting {
  readonly id: string;
  readonly kioskId: string;
  readonly kind: PacketKind;
  readonly keyId: string;
  readonly totalBytes: number;
  readonly offset: number;
  readonly sha256: Buffer;
}

/** Reads what goes next out of the outbox, by the index of its lanes: what waits behind costs nothing. */
export class OutboxReader {
  readonly #database: Database.Database;
  readonly #lanes: LaneTable;

  constructor(database: Database.Database, lanes: LaneTable) {
    this.#database = database;
    this.#lanes = lanes;
  }

  /** The next packets as `choose` has it, and the ids of those whose bytes have rotted. */
  next({ partBytes = Number.MAX_SAFE_INTEGER, ...limits }: Wanted): { rows: OutboxRow[]; rotten: string[] } {
    const first = this.#database.prepare(
      `SELECT sequence, lane, id, kiosk_id AS kioskId, kind, key_id AS keyId, sha256, bytes AS totalBytes,
         bytes > :partBytes AS partly, iif(bytes > :partBytes, sent_bytes, 0) AS offset,
         iif(bytes > :partBytes, min(:partBytes, bytes - sent_bytes), bytes) AS bytes
       FROM outbox WHERE fault IS NULL AND lane = :lane ORDER BY sequence LIMIT :rows`,
    );
    const waiting = this.#lanes.waiting().map((state) => {
      const packets = first.all({ lane: state.lane, rows: limits.maxRows, partBytes }) as Entry[];
      return { ...state, packets };
    });
    const rows: OutboxRow[] = [];
    const rotten: string[] = [];
    for (const entry of choose(waiting, limits)) {
      const sealed = this.#read(entry);
      if (!sealed) {
        rotten.push(entry.id);
        continue;
      }
      const { sequence, id, kioskId, kind, keyId, offset, totalBytes, sha256 } = entry;
      const part = { offset, totalBytes, sha256: sha256.toString('hex') };
      rows.push({ sequence, packet: { id, kioskId, kind, keyId, sealed }, ...(entry.partly && { part }) });
    }
    return { rows, rotten };
  }

  /** The bytes of a packet, or of its next part; undefined where they are not what was stored. */
  #read({ sequence, offset, bytes, totalBytes, sha256 }: Entry): Uint8Array<ArrayBuffer> | undefined {
    try {
      const read = storing(
        () =>
          this.#database
            .prepare('SELECT substr(bytes, ?, ?) FROM sealed WHERE sequence = ?')
            .pluck()
            .get(offset + 1, offset === 0 ? totalBytes : bytes, sequence) as Buffer,
      );
      // A page is authenticated, but one the disk has cut off reads as zeros. Of later parts central checks the whole.
      if (offset === 0 && !digest(read).equals(sha256)) return undefined;
      return new Uint8Array(read.subarray(0, bytes));
    } catch (error) {
      if (Fault.from(error).code !== 'store.corrupt') throw error;
      return undefined;
    }
  }
}

/** SHA-256. */
export function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
