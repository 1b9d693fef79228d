import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { signCheckpoint } from '../audit/checkpoint.ts';
import { emptyHead, readLine, writeLine } from '../audit/line.ts';
import { writeHead } from '../audit/log-file.ts';
import { keyText, noteSigner, type NoteSigner } from '../audit/note.ts';
import { emptyTree, type Frontier, grow, leafHash } from '../audit/tree.ts';
import { AuditEvent } from '../contract/audit.ts';
import { Fault } from '../contract/fault.ts';
import { storing } from './database.ts';

/** What a log is made with. */
export interface AuditOptions {
  /** Names the log; read when it is made. */
  readonly kioskId: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Lines after which a checkpoint is due, whatever the time. */
  readonly mostLines?: number;
}

/** A run of lines from one checkpoint to the next, as it is shipped. */
export interface AuditRun {
  readonly key: string;
  readonly lines: readonly string[];
  readonly checkpoint: string;
  /** Lines of the log up to the end of this run. */
  readonly through: number;
}

/** Where the log stands. */
export interface AuditState {
  readonly origin: string;
  /** The verifier key (C2SP signed-note). */
  readonly key: string;
  readonly size: number;
  /** Lines that the last checkpoint covers, that were handed to the outbox, that central has, and that are gone from here. */
  readonly covered: number;
  readonly shipped: number;
  readonly acknowledged: number;
  readonly gone: number;
}

interface Row {
  readonly origin: string;
  readonly seed: Buffer;
  readonly size: number;
  readonly head: Buffer;
  readonly tree: Buffer;
  readonly gone: number;
  readonly before: Buffer;
  readonly shipped: number;
  readonly acknowledged: number;
}

const pageLines = 500;

/** The log of what the kiosk does: each line in the transaction of what it tells of, in a chain and a tree, and signed at intervals. */
export class AuditLog {
  readonly #database: Database.Database;
  readonly #now: () => number;
  readonly #mostLines: number;
  readonly #signer: NoteSigner;

  /** Opens the log of a database, or begins it. */
  constructor(database: Database.Database, { kioskId, now, mostLines = 256 }: AuditOptions) {
    this.#database = database;
    this.#now = now;
    this.#mostLines = mostLines;
    this.#signer = storing(() => {
      if (!database.prepare('SELECT 1 FROM audit_log').get()) this.#begin(kioskId);
      const { origin, seed } = this.#row();
      return noteSigner(origin, seed);
    });
  }

  /** The event, if a line may hold it. Fault: `contract.breach`. */
  static check(event: AuditEvent): AuditEvent {
    const checked = AuditEvent.safeParse(event);
    if (checked.success) return checked.data;
    // The schema's own words would quote what was to be logged.
    throw new Fault('contract.breach', `not an event of the log: ${event.event}`);
  }

  #begin(kioskId: string): void {
    // A kiosk's id may hold what the name of a key may not.
    const origin = `limen/kiosk/${encodeURIComponent(kioskId)}/${crypto.randomUUID()}`;
    this.#database.transaction(() => {
      this.#database
        .prepare(`INSERT INTO audit_log VALUES (1, ?, ?, 0, ?, x'', 0, x'', 0, 0)`)
        .run(origin, randomBytes(32), emptyHead.hash);
      this.append({ event: 'log-started', origin });
    })();
  }

  /** Adds a line, in the caller's transaction where there is one. Fault: `contract.breach` for what no line may hold. */
  append(event: AuditEvent, atMs = this.#now()): void {
    const checked = AuditLog.check(event);
    storing(() =>
      this.#database.transaction(() => {
        const { size, head, tree } = this.#row();
        const line = writeLine({ size, hash: head }, new Date(atMs).toISOString(), checked);
        const hash = leafHash(line);
        const grown = grow(frontier(size, tree), hash);
        this.#database.prepare('INSERT INTO audit_line VALUES (?, ?)').run(size + 1, line.toString());
        this.#database
          .prepare('UPDATE audit_log SET size = ?, head = ?, tree = ?')
          .run(grown.size, hash, Buffer.concat(grown.hashes));
        if (grown.size - this.#covered() >= this.#mostLines) this.checkpoint();
      })(),
    );
  }

  /** Signs where the log stands, unless the last checkpoint says it already; gives the last one. */
  checkpoint(): string {
    return storing(() => {
      const { size, tree } = this.#row();
      if (this.#covered() < size)
        this.#database
          .prepare('INSERT INTO audit_checkpoint VALUES (?, ?)')
          .run(size, signCheckpoint(frontier(size, tree), this.#signer));
      return this.#database
        .prepare('SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1')
        .pluck()
        .get() as string;
    });
  }

  /** The event of the last line; empty where that line is not one of this program's. */
  lastEvent(): string {
    const line = storing(
      () =>
        this.#database.prepare('SELECT line FROM audit_line ORDER BY n DESC LIMIT 1').pluck().get() as
          string | undefined,
    );
    return (line && readLine(Buffer.from(line))?.event) ?? '';
  }

  state(): AuditState {
    return storing(() => {
      const { origin, size, shipped, acknowledged, gone } = this.#row();
      return { origin, key: keyText(this.#signer), size, covered: this.#covered(), shipped, acknowledged, gone };
    });
  }

  /** The next run that is to be handed to the outbox. */
  nextRun(): AuditRun | undefined {
    return storing(() => {
      const { shipped } = this.#row();
      const next = this.#database
        .prepare(
          'SELECT size AS through, note AS checkpoint FROM audit_checkpoint WHERE size > ? ORDER BY size LIMIT 1',
        )
        .get(shipped) as { through: number; checkpoint: string } | undefined;
      if (!next) return undefined;
      return { key: keyText(this.#signer), lines: this.#lines(shipped + 1, next.through), ...next };
    });
  }

  /** Notes that a run is in the outbox, in the transaction that puts it there. Fault: `store.failed` for one out of turn. */
  handOver({ through }: AuditRun, packetId: string): void {
    if (this.nextRun()?.through !== through) throw new Fault('store.failed', 'a run of the log out of turn');
    this.#database.prepare('INSERT INTO audit_run (through, packet_id) VALUES (?, ?)').run(through, packetId);
    this.#database.prepare('UPDATE audit_log SET shipped = ?').run(through);
  }

  /** Notes that central has a packet, in the transaction that deletes it. Packets that are no runs are passed over. */
  acknowledge(packetId: string): void {
    this.#database
      .prepare('UPDATE audit_run SET acknowledged_at_ms = ? WHERE packet_id = ?')
      .run(Math.trunc(this.#now()), packetId);
    this.#database
      .prepare(
        `UPDATE audit_log SET acknowledged = max(acknowledged, coalesce((SELECT max(through) FROM audit_run WHERE through <
           coalesce((SELECT min(through) FROM audit_run WHERE acknowledged_at_ms IS NULL), 9e15)), 0))`,
      )
      .run();
  }

  /**
   * Takes away the lines that central has had since a time; what the log needs to go on stays. Gives how many. The log says so
   * itself.
   */
  erase(acknowledgedBeforeMs: number): number {
    return storing(() =>
      this.#database.transaction(() => {
        const { acknowledged, gone, before } = this.#row();
        const through = this.#database
          .prepare(
            `SELECT max(through) FROM audit_run WHERE through <= :acknowledged AND through <
               coalesce((SELECT min(through) FROM audit_run WHERE acknowledged_at_ms >= :time), 9e15)`,
          )
          .pluck()
          .get({ acknowledged, time: acknowledgedBeforeMs }) as number | null;
        if (through === null || through <= gone) return 0;
        let tree = frontier(gone, before);
        for (let from = gone + 1; from <= through; from += pageLines)
          for (const line of this.#lines(from, Math.min(through, from + pageLines - 1)))
            tree = grow(tree, leafHash(Buffer.from(line)));
        this.#database.prepare('UPDATE audit_log SET gone = ?, before = ?').run(through, Buffer.concat(tree.hashes));
        for (const [table, column] of [
          ['audit_line', 'n'],
          ['audit_checkpoint', 'size'],
          ['audit_run', 'through'],
        ])
          this.#database.prepare(`DELETE FROM ${table} WHERE ${column} <= ?`).run(through);
        this.append({ event: 'lines-erased', through });
        return through - gone;
      })(),
    );
  }

  /** The log as the rows of a file, signed to its end. What is added meanwhile is left out. */
  *rows(): Generator<string> {
    this.checkpoint();
    const { size, gone, before } = storing(() => this.#row());
    yield writeHead({ key: this.#signer, before: frontier(gone, before) });
    for (let from = gone + 1; from <= size; from += pageLines) {
      const to = Math.min(size, from + pageLines - 1);
      const notes = new Map(
        this.#database
          .prepare('SELECT size, note FROM audit_checkpoint WHERE size BETWEEN ? AND ?')
          .raw()
          .all(from, to) as [number, string][],
      );
      for (const [index, line] of this.#lines(from, to).entries()) yield `${line}\n${notes.get(from + index) ?? ''}`;
    }
  }

  #lines(from: number, to: number): string[] {
    return this.#database
      .prepare('SELECT line FROM audit_line WHERE n BETWEEN ? AND ? ORDER BY n')
      .pluck()
      .all(from, to) as string[];
  }

  #covered(): number {
    const size = this.#database.prepare('SELECT max(size) FROM audit_checkpoint').pluck().get() as number | null;
    return size ?? this.#row().gone;
  }

  #row(): Row {
    return this.#database.prepare('SELECT * FROM audit_log').get() as Row;
  }
}

function frontier(size: number, hashes: Buffer): Frontier {
  const split = Array.from({ length: hashes.length / 32 }, (_, i) => hashes.subarray(i * 32, (i + 1) * 32));
  return { ...emptyTree, size, hashes: split };
}
