import { maxSealedBytes, type Part, type Refusal } from '../main/contract/packet.ts';
import type { Database } from './sql.ts';

// A packet that comes in parts. When it is whole and had its effect, or was refused, its bytes go and its end is remembered.
const schema = `
  CREATE TABLE IF NOT EXISTS partial (
    kiosk_id TEXT NOT NULL,
    packet_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    total_bytes INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    ending TEXT,
    touched_at TEXT NOT NULL,
    PRIMARY KEY (kiosk_id, packet_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS part (
    kiosk_id TEXT NOT NULL,
    packet_id TEXT NOT NULL,
    first_byte INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (kiosk_id, packet_id, first_byte)
  ) STRICT;
`;

/** What a kiosk may have lying here in parts. One packet at a time is what a kiosk sends. */
const maxBytesOfKiosk = 2 * maxSealedBytes;
const maxAgeMs = 7 * 86_400_000;

/** How a packet ended. */
export type Ending = 'stored' | Refusal;

/** How far a packet has got: so many bytes from the first on, all of it, or what became of it before. */
export type Gathered =
  { readonly bytes: number } | { readonly whole: Uint8Array<ArrayBuffer> } | { readonly ending: Ending };

interface Row {
  readonly sha256: string;
  readonly totalBytes: number;
  readonly bytes: number;
  readonly ending: Ending | null;
}

/** Packets that come in parts: durable before it is said how far they have got, and bounded for each kiosk by bytes and by age. */
export class Partials {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  /** Makes the tables where they are missing. */
  static async prepare(database: Database): Promise<void> {
    await database.exec(schema);
  }

  /** Takes a part if it is the next one; any other changes nothing, and the answer says which is. */
  append(kioskId: string, packetId: string, part: Part, bytes: Uint8Array): Promise<Gathered> {
    const key = [kioskId, packetId];
    return this.#database.transaction(async () => {
      let row = await this.#database.get<Row>(
        'SELECT sha256, total_bytes AS "totalBytes", bytes, ending FROM partial WHERE kiosk_id = ? AND packet_id = ?',
        key,
      );
      if (row && (row.sha256 !== part.sha256 || row.totalBytes !== part.totalBytes)) row = await this.#forget(key);
      // One that was refused begins anew when it is sent again from its first byte on.
      if (row?.ending && row.ending !== 'stored' && part.offset === 0) row = await this.#forget(key);
      if (row?.ending) return { ending: row.ending };
      let got = row?.bytes ?? 0;
      if (part.offset === got && got + bytes.length <= part.totalBytes) {
        await this.#makeRoom(kioskId, packetId, bytes.length);
        await this.#database.run('INSERT INTO part (kiosk_id, packet_id, first_byte, bytes) VALUES (?, ?, ?, ?)', [
          ...key,
          got,
          bytes,
        ]);
        got += bytes.length;
        await this.#database.run(
          `INSERT INTO partial (kiosk_id, packet_id, sha256, total_bytes, bytes, ending, touched_at)
           VALUES (?, ?, ?, ?, ?, NULL, ?)
           ON CONFLICT (kiosk_id, packet_id) DO UPDATE SET bytes = excluded.bytes, touched_at = excluded.touched_at`,
          [...key, part.sha256, part.totalBytes, got, this.#now().toISOString()],
        );
      }
      if (got < part.totalBytes) return { bytes: got };
      const parts = await this.#database.all<{ bytes: Uint8Array }>(
        'SELECT bytes FROM part WHERE kiosk_id = ? AND packet_id = ? ORDER BY first_byte',
        key,
      );
      return { whole: new Uint8Array(Buffer.concat(parts.map((each) => each.bytes))) };
    });
  }

  /** Deletes the bytes of a packet that is done with, and remembers how it ended; within the caller's transaction. */
  async end(kioskId: string, packetId: string, ending: Ending): Promise<void> {
    await this.#database.run('DELETE FROM part WHERE kiosk_id = ? AND packet_id = ?', [kioskId, packetId]);
    await this.#database.run('UPDATE partial SET ending = ? WHERE kiosk_id = ? AND packet_id = ?', [
      ending,
      kioskId,
      packetId,
    ]);
  }

  async #forget(key: readonly string[]): Promise<undefined> {
    await this.#database.run('DELETE FROM part WHERE kiosk_id = ? AND packet_id = ?', key);
    await this.#database.run('DELETE FROM partial WHERE kiosk_id = ? AND packet_id = ?', key);
  }

  /** What has lain too long goes, whosever it is; and of this kiosk, what it has not gone on with for longest. */
  async #makeRoom(kioskId: string, packetId: string, bytes: number): Promise<void> {
    const past = new Date(this.#now().getTime() - maxAgeMs).toISOString();
    const old = await this.#database.all<{ kioskId: string; packetId: string }>(
      'SELECT kiosk_id AS "kioskId", packet_id AS "packetId" FROM partial WHERE touched_at < ?',
      [past],
    );
    for (const each of old) await this.#forget([each.kioskId, each.packetId]);
    const open = await this.#database.all<{ packetId: string; bytes: number }>(
      `SELECT packet_id AS "packetId", bytes FROM partial WHERE kiosk_id = ? AND ending IS NULL
       ORDER BY touched_at, packet_id`,
      [kioskId],
    );
    let held = open.reduce((sum, each) => sum + each.bytes, bytes);
    for (const each of open) {
      if (held <= maxBytesOfKiosk) return;
      if (each.packetId === packetId) continue;
      await this.#forget([kioskId, each.packetId]);
      held -= each.bytes;
    }
  }
}
