import {
  type Batch,
  type Part,
  PartOfPacket,
  type Receipt,
  type Refusal,
  SealedPacket,
} from '../main/contract/packet.ts';
import { wasSame } from './emptied.ts';
import { type Opened, type OpeningKeys, openRecord } from './opening.ts';
import { Partials } from './partials.ts';
import { sha256 } from './sha256.ts';
import { type Database, rowsOf, type SqlValue } from './sql.ts';

/** What central answers about a batch, before it is signed. */
export type Answers = Pick<Receipt, 'stored' | 'refused' | 'partial'>;

interface Arrival {
  readonly sequence: number;
  readonly id: string;
  readonly sha256: string;
  /** What it is, why it is not taken, how far it has got, or that it was stored before. */
  readonly opened: Opened | { readonly refusal: Refusal } | { readonly bytes: number } | 'stored';
  /** It came in parts, and they can go. */
  readonly inParts?: boolean;
}

/** Where packets arrive: each is stored once, however often it comes, and is durable before it is answered. */
export class Inbox {
  readonly #database: Database;
  readonly #keys: OpeningKeys;
  readonly #partials: Partials;
  readonly #now: () => Date;

  constructor(database: Database, keys: OpeningKeys, now: () => Date) {
    this.#database = database;
    this.#keys = keys;
    this.#partials = new Partials(database, now);
    this.#now = now;
  }

  /** Takes a batch whose kiosk is known for certain. Undefined when a packet has no id to answer by. */
  async take(batch: Batch): Promise<Answers | undefined> {
    const arrivals: Arrival[] = [];
    for (const { sequence, packet, part } of batch.packets) {
      const arrival = part
        ? await this.#gather(batch.kioskId, sequence, packet, part)
        : await this.#open(batch.kioskId, sequence, packet);
      // Two of one id in a batch could not both be answered.
      if (!arrival || arrivals.some(({ id }) => id === arrival.id)) return undefined;
      arrivals.push(arrival);
    }
    return this.#database.transaction(() => this.#store(batch, arrivals), { shared: 'packet' });
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

  /** Takes a part of a packet; with the last of them the packet is as any other. */
  async #gather(kioskId: string, sequence: number, candidate: unknown, part: Part): Promise<Arrival | undefined> {
    const { data: header } = PartOfPacket.safeParse(candidate);
    const id = SealedPacket.shape.id.safeParse((candidate as Partial<SealedPacket> | null)?.id).data;
    if (id === undefined) return undefined;
    const arrival = { sequence, id, sha256: part.sha256 };
    if (!header) return { ...arrival, opened: { refusal: 'packet-malformed' } };
    if (header.kioskId !== kioskId) return { ...arrival, opened: { refusal: 'kiosk-mismatch' } };
    const gathered = await this.#partials.append(kioskId, id, part, header.sealed);
    if ('bytes' in gathered) return { ...arrival, opened: gathered };
    if ('ending' in gathered) {
      return { ...arrival, opened: gathered.ending === 'stored' ? 'stored' : { refusal: gathered.ending } };
    }
    const { data: packet } = SealedPacket.safeParse({ ...header, sealed: gathered.whole });
    const opened: Arrival['opened'] =
      sha256(gathered.whole) !== part.sha256
        ? { refusal: 'parts-mismatch' }
        : packet
          ? await openRecord(packet, this.#keys)
          : { refusal: 'packet-malformed' };
    return { ...arrival, opened, inParts: true };
  }

  async #store({ kioskId, epoch }: Batch, arrivals: readonly Arrival[]): Promise<Answers> {
    const conflicts = await this.#insert(
      arrivals.flatMap(({ opened }) => (typeof opened === 'object' && 'record' in opened ? [opened] : [])),
    );
    const answers: Answers = { stored: [], refused: [], partial: [] };
    // Of two packets under one number the later one counts.
    const numbered = new Map<number, SqlValue[]>();
    for (const { sequence, id, sha256, opened, inParts } of arrivals) {
      if (typeof opened === 'object' && 'bytes' in opened) {
        answers.partial.push({ id, sha256, bytes: opened.bytes });
        continue;
      }
      const refused = typeof opened === 'object' && 'refusal' in opened ? opened.refusal : undefined;
      const refusal = refused ?? (conflicts.has(id) ? 'conflict' : undefined);
      if (inParts) await this.#partials.end(kioskId, id, refusal ?? 'stored');
      if (refusal) answers.refused.push({ id, sha256, refusal });
      else answers.stored.push({ id, sha256 });
      numbered.set(sequence, [kioskId, epoch, sequence, id, refusal ?? null]);
    }
    const rows = [...numbered.values()];
    if (rows.length > 0)
      await this.#database.run(
        `INSERT INTO arrival (kiosk_id, epoch, sequence, packet_id, refusal) VALUES ${rowsOf(rows, 5)}
         ON CONFLICT (kiosk_id, epoch, sequence) DO UPDATE SET packet_id = excluded.packet_id, refusal = excluded.refusal`,
        rows.flat(),
      );
    return answers;
  }

  /** Inserts first and asks afterwards: the same record again is a success. Gives the ids under which another one is stored. */
  async #insert(opened: readonly Opened[]): Promise<ReadonlySet<string>> {
    if (opened.length === 0) return new Set();
    const receivedAt = this.#now().toISOString();
    const rows = opened.map(({ record, plain }) => {
      const { id, kioskId, kind, occurredAt } = record;
      const crossingId = 'crossingId' in record ? record.crossingId : null;
      return [id, kioskId, kind, crossingId, occurredAt, receivedAt, plain];
    });
    const inserted = await this.#database.all<{ id: string }>(
      `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
       VALUES ${rowsOf(rows, 7)} ON CONFLICT (id) DO NOTHING RETURNING id`,
      rows.flat(),
    );
    await this.#mark(opened);
    const fresh = new Set(inserted.map(({ id }) => id));
    const conflicts = new Set<string>();
    for (const { record, plain } of opened) {
      if (fresh.has(record.id)) continue;
      const same = await this.#database.get('SELECT 1 FROM packet WHERE id = ? AND record = ?', [record.id, plain]);
      if (!same && !(await wasSame(this.#database, record.id, plain))) conflicts.add(record.id);
    }
    return conflicts;
  }

  /** Notes which packets were sealed to a key that is revoked. */
  async #mark(opened: readonly Opened[]): Promise<void> {
    const rows = opened.flatMap(({ record, revokedKeyId }) => (revokedKeyId ? [[record.id, revokedKeyId]] : []));
    if (rows.length === 0) return;
    await this.#database.run(
      `INSERT INTO revoked_seal (packet_id, key_id) VALUES ${rowsOf(rows, 2)} ON CONFLICT (packet_id) DO NOTHING`,
      rows.flat(),
    );
  }
}
