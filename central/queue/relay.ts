import { Errand } from '../errand.ts';
import { type Feed, settledPosition } from '../feed.ts';
import { type Database, oneOf } from '../sql.ts';
import type { Queue } from './queue.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS queue_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
  INSERT INTO queue_cursor VALUES (1, 0) ON CONFLICT DO NOTHING;
`;

const rowsAtOnce = 256;
const defaultCheckMs = 15_000;

/**
 * Tells the queue what has come into the inbox, from a durable cursor. What a service has not taken though nothing is left for
 * it in the queue was lost there: the cursor goes back to before it, and it is told again.
 */
export class Relay {
  readonly #database: Database;
  readonly #queue: Queue;
  readonly #feeds: readonly Feed[];
  readonly #errand = new Errand(() => this.advance());
  readonly #timer: NodeJS.Timeout;

  private constructor(database: Database, queue: Queue, feeds: readonly Feed[], checkMs: number) {
    [this.#database, this.#queue, this.#feeds] = [database, queue, feeds];
    this.#timer = setInterval(() => this.#errand.due(), checkMs).unref();
  }

  static async open(
    database: Database,
    queue: Queue,
    feeds: readonly Feed[],
    checkMs = defaultCheckMs,
  ): Promise<Relay> {
    await database.exec(schema);
    const relay = new Relay(database, queue, feeds, checkMs);
    relay.due();
    return relay;
  }

  /** Something has come. */
  due(): void {
    this.#errand.due();
  }

  async done(): Promise<void> {
    await this.#errand.done();
  }

  /** Publishes what has come, after a look whether what was published has arrived; gives how many packets that was. */
  async advance(): Promise<number> {
    await this.#queue.prepare();
    await this.#lookBack();
    const settled = await settledPosition(this.#database);
    for (let published = 0; ;) {
      const rows = await this.#database.all<{ id: string; position: number }>(
        `SELECT id, position FROM packet WHERE position > (SELECT position FROM queue_cursor) AND position <= ?
         ORDER BY position LIMIT ?`,
        [settled, rowsAtOnce],
      );
      await this.#queue.publish(rows);
      published += rows.length;
      const last = rows.at(-1);
      // Another relay may have come further, or gone back: then that counts.
      if (last)
        await this.#database.run('UPDATE queue_cursor SET position = ? WHERE position < ?', [
          last.position,
          last.position,
        ]);
      if (rows.length < rowsAtOnce) return published;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#errand.stop();
  }

  async #lookBack(): Promise<void> {
    for (const feed of this.#feeds) {
      const first = await this.#firstUntaken(feed);
      if (first === undefined) continue;
      const { pending, unanswered } = await this.#queue.state(feed.name);
      if (pending > 0 || unanswered > 0) continue;
      // It may have been taken while the question was on its way.
      if ((await this.#firstUntaken(feed)) !== first) continue;
      await this.#database.run('UPDATE queue_cursor SET position = ? WHERE position >= ?', [first - 1, first]);
    }
  }

  /** The first packet that was published and not taken. */
  async #firstUntaken({ name, kinds }: Feed): Promise<number | undefined> {
    const row = await this.#database.get<{ position: number }>(
      `SELECT position FROM packet WHERE kind IN ${oneOf(kinds)}
         AND position > (SELECT position FROM ${name}_cursor) AND position <= (SELECT position FROM queue_cursor)
         AND position NOT IN (SELECT position FROM ${name}_taken) ORDER BY position LIMIT 1`,
      kinds,
    );
    return row?.position;
  }
}
