import { type Database, oneOf } from './sql.ts';

/** A packet of the inbox as a service takes it. */
export interface Packet {
  readonly position: number;
  readonly id: string;
  readonly kioskId: string;
  readonly record: Uint8Array;
}

/** Whose feed it is: the tables are `NAME_cursor` and `NAME_taken`. */
export interface FeedOptions {
  readonly name: string;
  /** The kinds of packets it takes. */
  readonly kinds: readonly string[];
  readonly rowsAtOnce: number;
}

const schemaOf = (name: string) => `
  CREATE TABLE IF NOT EXISTS ${name}_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
  INSERT INTO ${name}_cursor VALUES (1, 0) ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS ${name}_taken (position INTEGER PRIMARY KEY) STRICT;
`;

/**
 * The last position below which no packet will come any more. Positions are given before a commit, and commits come in any
 * order: whoever read to the highest one would leave out those that are still on their way. Those that store hold the lock
 * together from before they have positions until they have committed; here it is waited for, and let go at once.
 */
export async function settledPosition(database: Database): Promise<number> {
  const row = await database.transaction(
    () => database.get<{ position: number }>('SELECT coalesce(max(position), 0) AS position FROM packet'),
    { alone: 'packet' },
  );
  return row!.position;
}

/**
 * What a service has taken of the inbox. Effect and note are of one transaction, so that each packet has its effect once, in
 * whichever order and however often it is named. Up to the cursor everything is taken; beyond it what is in `NAME_taken`.
 */
export class Feed {
  readonly #database: Database;
  readonly #options: FeedOptions;
  readonly #take: (packet: Packet) => Promise<void>;

  private constructor(database: Database, options: FeedOptions, take: (packet: Packet) => Promise<void>) {
    [this.#database, this.#options, this.#take] = [database, options, take];
  }

  static async open(database: Database, options: FeedOptions, take: (packet: Packet) => Promise<void>): Promise<Feed> {
    await database.exec(schemaOf(options.name));
    return new Feed(database, options, take);
  }

  get name(): string {
    return this.#options.name;
  }

  get kinds(): readonly string[] {
    return this.#options.kinds;
  }

  /** One transaction with whatever else changes what this service has. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.transaction(work, { alone: `${this.name}_cursor` });
  }

  /** Takes all that has come since the cursor, in the order in which it came; gives how many packets that was. */
  async advance(): Promise<number> {
    const settled = await settledPosition(this.#database);
    let taken = 0;
    for (;;) {
      const step = await this.alone(() => this.#step(settled));
      taken += step.taken;
      if (step.last) return taken;
    }
  }

  /** Takes these, wherever they stand; gives how many had not been taken before. */
  async takeAll(positions: readonly number[]): Promise<number> {
    const settled = await settledPosition(this.#database);
    return this.alone(async () => {
      const fresh = await this.#untaken(positions);
      const packets = await this.#read(`position IN ${oneOf(fresh)}`, fresh, fresh.length);
      for (const packet of packets) {
        await this.#take(packet);
        await this.#database.run(`INSERT INTO ${this.name}_taken VALUES (?)`, [packet.position]);
      }
      await this.#moveUp(settled);
      return packets.length;
    });
  }

  /** Up to which position everything is taken. */
  async position(): Promise<number> {
    const row = await this.#database.get<{ position: number }>(`SELECT position FROM ${this.name}_cursor`);
    return row!.position;
  }

  /** Packets that have yet to have their effect: more than a few for more than a moment need a person. */
  async behind(): Promise<number> {
    const row = await this.#database.get<{ count: number }>(
      `SELECT count(*) AS count FROM packet WHERE kind IN ${oneOf(this.kinds)}
         AND position > (SELECT position FROM ${this.name}_cursor)
         AND position NOT IN (SELECT position FROM ${this.name}_taken)`,
      this.kinds,
    );
    return row!.count;
  }

  async #step(settled: number): Promise<{ taken: number; last: boolean }> {
    const { rowsAtOnce } = this.#options;
    const from = await this.position();
    const packets = await this.#read('position > ? AND position <= ?', [from, settled], rowsAtOnce);
    const untaken = new Set(await this.#untaken(packets.map(({ position }) => position)));
    for (const packet of packets) if (untaken.has(packet.position)) await this.#take(packet);
    const last = packets.at(-1);
    if (last) await this.#setCursor(last.position);
    return { taken: untaken.size, last: packets.length < rowsAtOnce };
  }

  /** Moves the cursor up to before the first that is not taken. */
  async #moveUp(settled: number): Promise<void> {
    for (;;) {
      const from = await this.position();
      const rows = await this.#database.all<{ position: number; taken: number | null }>(
        `SELECT packet.position, mine.position AS taken FROM packet LEFT JOIN ${this.name}_taken AS mine
           ON mine.position = packet.position
         WHERE packet.position > ? AND packet.position <= ? AND kind IN ${oneOf(this.kinds)}
         ORDER BY packet.position LIMIT ?`,
        [from, settled, ...this.kinds, this.#options.rowsAtOnce],
      );
      const gap = rows.findIndex(({ taken }) => taken === null);
      const last = gap < 0 ? rows.at(-1) : rows[gap - 1];
      if (!last) return;
      await this.#setCursor(last.position);
      if (gap >= 0) return;
    }
  }

  async #setCursor(position: number): Promise<void> {
    await this.#database.run(`UPDATE ${this.name}_cursor SET position = ?`, [position]);
    await this.#database.run(`DELETE FROM ${this.name}_taken WHERE position <= ?`, [position]);
  }

  async #untaken(positions: readonly number[]): Promise<number[]> {
    const from = await this.position();
    const beyond = positions.filter((position) => position > from);
    if (beyond.length === 0) return [];
    const rows = await this.#database.all<{ position: number }>(
      `SELECT position FROM ${this.name}_taken WHERE position IN ${oneOf(beyond)}`,
      beyond,
    );
    const taken = new Set(rows.map(({ position }) => position));
    return [...new Set(beyond)].filter((position) => !taken.has(position));
  }

  #read(where: string, values: readonly number[], limit: number): Promise<Packet[]> {
    return this.#database.all<Packet>(
      `SELECT position, id, kiosk_id AS "kioskId", record FROM packet
       WHERE ${where} AND kind IN ${oneOf(this.kinds)} ORDER BY position LIMIT ?`,
      [...values, ...this.kinds, limit],
    );
  }
}
