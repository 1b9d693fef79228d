import type Database from 'better-sqlite3';

/** What a lane holds that may be sent, and how often it was passed over since it was last served. */
export interface LaneState {
  readonly lane: number;
  readonly ready: number;
  readonly bytes: number;
  readonly passedOver: number;
}

/** The lanes' counts: kept in step with the queue, so that nobody has to count it. Every write is inside the caller's transaction. */
export class LaneTable {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** The lanes with something to send, the most urgent first. */
  waiting(): LaneState[] {
    return this.#database
      .prepare('SELECT lane, ready, bytes, passed_over AS passedOver FROM lane WHERE ready > 0 ORDER BY lane')
      .all() as LaneState[];
  }

  /** Sealed bytes of a lane that may be sent. */
  bytes(lane: number): number {
    return (
      (this.#database.prepare('SELECT bytes FROM lane WHERE lane = ?').pluck().get(lane) as number | undefined) ?? 0
    );
  }

  /** Counts packets in, or out. */
  count(lane: number, packets: number, bytes: number): void {
    this.#database
      .prepare('UPDATE lane SET ready = ready + ?, bytes = bytes + ? WHERE lane = ?')
      .run(packets, bytes, lane);
  }

  /** A request has come to something for these lanes: the others that wait were passed over. */
  served(lanes: ReadonlySet<number>): void {
    if (lanes.size === 0) return;
    this.#database
      .prepare(
        `UPDATE lane SET passed_over = CASE WHEN ready = 0 OR lane IN (SELECT value FROM json_each(?)) THEN 0
         ELSE passed_over + 1 END`,
      )
      .run(JSON.stringify([...lanes]));
  }
}
