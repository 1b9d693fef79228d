import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { type Batch, type Receipt, type Refusal, SealedPacket } from '../main/contract/packet.ts';
import type { LimenRecord } from '../main/contract/record.ts';
import { type OpeningKeys, openRecord } from './opening.ts';

/** What central answers about a batch, before it is signed. */
export type Answers = Pick<Receipt, 'stored' | 'refused'>;

interface Arrival {
  readonly sequence: number;
  readonly id: string;
  readonly sha256: string;
  readonly opened: { record: LimenRecord; plain: Uint8Array } | { refusal: Refusal };
}

/** Where packets arrive: each is stored once, however often it comes, and is durable before it is answered. */
export class Inbox {
  readonly #database: Database.Database;
  readonly #keys: OpeningKeys;
  readonly #now: () => Date;

  constructor(database: Database.Database, keys: OpeningKeys, now: () => Date) {
    this.#database = database;
    this.#keys = keys;
    this.#now = now;
  }

  /** Takes a batch whose kiosk is known for certain. Undefined when a packet has no id to answer by. */
  async take(batch: Batch): Promise<Answers | undefined> {
    const arrivals: Arrival[] = [];
    for (const { sequence, packet } of batch.packets) {
      const arrival = await this.#open(batch.kioskId, sequence, packet);
      // Two of one id in a batch could not both be answered.
      if (!arrival || arrivals.some(({ id }) => id === arrival.id)) return undefined;
      arrivals.push(arrival);
    }
    return this.#database.transaction(() => this.#store(batch, arrivals)).immediate();
  }

  async #open(kioskId: string, sequence: number, candidate: unknown): Promise<Arrival | undefined> {
    const { data: packet } = SealedPacket.safeParse(candidate);
    if (!packet) {
      const { id, sealed } = (candidate ?? {}) as Partial<SealedPacket>;
      if (!SealedPacket.shape.id.safeParse(id).success || !(sealed instanceof Uint8Array)) return undefined;
      return { sequence, id: id as string, sha256: sha256(sealed), opened: { refusal: 'packet-malformed' } };
    }
    const opened: Arrival['opened'] =
      packet.kioskId === kioskId ? await openRecord(packet, this.#keys) : { refusal: 'kiosk-mismatch' };
    return { sequence, id: packet.id, sha256: sha256(packet.sealed), opened };
  }

  #store({ kioskId, epoch }: Batch, arrivals: readonly Arrival[]): Answers {
    const answers: { stored: Receipt['stored']; refused: Receipt['refused'] } = { stored: [], refused: [] };
    for (const { sequence, id, sha256, opened } of arrivals) {
      const refusal = 'refusal' in opened ? opened.refusal : this.#insert(opened.record, opened.plain);
      if (refusal) answers.refused.push({ id, sha256, refusal });
      else answers.stored.push({ id, sha256 });
      this.#database
        .prepare(
          `INSERT INTO arrival (kiosk_id, epoch, sequence, packet_id, refusal) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET packet_id = excluded.packet_id, refusal = excluded.refusal`,
        )
        .run(kioskId, epoch, sequence, id, refusal ?? null);
    }
    return answers;
  }

  /** Inserts first and asks afterwards: the same record again is a success, another one of its id is refused. */
  #insert(record: LimenRecord, plain: Uint8Array): Refusal | undefined {
    const { id, kioskId, kind, occurredAt } = record;
    const crossingId = 'crossingId' in record ? record.crossingId : null;
    const inserted = this.#database
      .prepare(
        `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      )
      .run(id, kioskId, kind, crossingId, occurredAt, this.#now().toISOString(), plain);
    if (inserted.changes === 1) return undefined;
    const same = this.#database.prepare('SELECT 1 FROM packet WHERE id = ? AND record = ?').get(id, plain);
    return same ? undefined : 'conflict';
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
