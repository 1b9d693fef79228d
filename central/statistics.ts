import { dayAt } from './ees/calendar.ts';
import { Feed } from './feed.ts';
import { readRecord } from './opening.ts';
import type { Database } from './sql.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS statistics_crossing (
    day TEXT NOT NULL,
    kiosk_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    fallback INTEGER NOT NULL,
    crossings INTEGER NOT NULL,
    PRIMARY KEY (day, kiosk_id, outcome, fallback)
  ) STRICT, WITHOUT ROWID;
`;

const feed = { name: 'statistics', kinds: ['crossing'], rowsAtOnce: 64 };

/** How many crossings there were at a gate on a day; nothing of anybody (Reg. (EU) 2017/2226 Art. 63). */
export interface CrossingCount {
  readonly day: string;
  readonly kioskId: string;
  readonly outcome: string;
  readonly fallback: number;
  readonly crossings: number;
}

/** Counts crossings as they come in. A count that is raised twice is wrong for good: each is counted once (`Feed`). */
export class Statistics {
  readonly #database: Database;
  readonly #zoneOf: (kioskId: string) => string;
  #feed!: Feed;

  private constructor(database: Database, zoneOf: (kioskId: string) => string) {
    [this.#database, this.#zoneOf] = [database, zoneOf];
  }

  /** Days are counted in the time zone of the gate. */
  static async open(database: Database, zoneOf: (kioskId: string) => string): Promise<Statistics> {
    await database.exec(schema);
    const statistics = new Statistics(database, zoneOf);
    statistics.#feed = await Feed.open(database, feed, ({ kioskId, record }) => statistics.#count(kioskId, record));
    return statistics;
  }

  get feed(): Feed {
    return this.#feed;
  }

  counts(): Promise<CrossingCount[]> {
    return this.#database.all(
      `SELECT day, kiosk_id AS "kioskId", outcome, fallback, crossings FROM statistics_crossing
       ORDER BY day, kiosk_id, outcome, fallback`,
    );
  }

  async #count(kioskId: string, plain: Uint8Array): Promise<void> {
    const record = readRecord(plain);
    if (record?.kind !== 'crossing') return;
    await this.#database.run(
      `INSERT INTO statistics_crossing VALUES (?, ?, ?, ?, 1) ON CONFLICT (day, kiosk_id, outcome, fallback)
       DO UPDATE SET crossings = statistics_crossing.crossings + 1`,
      [dayAt(record.occurredAt, this.#zoneOf(kioskId)), kioskId, record.outcome, Number(record.fallback)],
    );
  }
}
