import { hashOf, toBase64 } from '../../main/audit/base64.ts';
import { emptyHead } from '../../main/audit/line.ts';
import { writeErased, writeHead } from '../../main/audit/log-file.ts';
import { type NoteKey, readKeyText } from '../../main/audit/note.ts';
import { emptyTree, leafHash } from '../../main/audit/tree.ts';
import type { AuditRecord } from '../../main/contract/record.ts';
import { addMonths } from '../ees/calendar.ts';
import { Feed } from '../feed.ts';
import { readRecord } from '../opening.ts';
import type { Database } from '../sql.ts';
import { type Checked, continueLog, type RunFault } from './run.ts';
import { auditSchema } from './schema.ts';

/** What an operator has to look into: a log that was altered, went two ways, or began anew. */
export interface AuditAlarm {
  readonly recordId: string;
  readonly what: RunFault | 'record-malformed' | 'key-differs' | 'started-anew' | 'forked';
  readonly kioskId: string;
  readonly origin: string;
  /** The first line it is about; 0 where it is about none. */
  readonly line: number;
  readonly at: string;
}

/** How far a kiosk's log has come. `waiting` are runs that came before one that has not. */
export interface KioskLog {
  readonly kioskId: string;
  readonly origin: string;
  readonly key: string;
  readonly size: number;
  readonly checkpoint: string | null;
  readonly checkedAt: string;
  readonly waiting: number;
}

interface LogRow {
  readonly key: string;
  readonly size: number;
  readonly head: string;
  readonly tree: string;
}

const feed = { name: 'audit', kinds: ['audit'], rowsAtOnce: 8 };
const pageLines = 500;

/**
 * Checks what kiosks ship of their logs and keeps it: each line follows the last one that is held, each run is signed over the
 * whole. What does not fit is not added, raises an alarm, and stays in the inbox as it came.
 */
export class KioskLogs {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #keptMonths: number;
  #feed!: Feed;

  private constructor(database: Database, now: () => Date, keptMonths: number) {
    this.#database = database;
    this.#now = now;
    this.#keptMonths = keptMonths;
  }

  /** Opens the tables. Lines are kept for so many months (Reg. (EU) 2019/817 Art. 10: a year). */
  static async open(database: Database, now: () => Date, keptMonths = 12): Promise<KioskLogs> {
    await database.exec(auditSchema[database.dialect]);
    const logs = new KioskLogs(database, now, keptMonths);
    logs.#feed = await Feed.open(database, feed, ({ id, kioskId, record }) => logs.#take(id, kioskId, record));
    return logs;
  }

  get feed(): Feed {
    return this.#feed;
  }

  /** Takes what has come since the cursor; gives how many packets that was. */
  advance(): Promise<number> {
    return this.#feed.advance();
  }

  logs(): Promise<KioskLog[]> {
    return this.#database.all(
      `SELECT kiosk_id AS "kioskId", origin, verifier_key AS key, size, checkpoint, checked_at AS "checkedAt",
         (SELECT count(*) FROM audit_waiting WHERE audit_waiting.kiosk_id = audit_log.kiosk_id
           AND audit_waiting.origin = audit_log.origin) AS waiting
       FROM audit_log ORDER BY kiosk_id, checked_at`,
    );
  }

  alarms(): Promise<AuditAlarm[]> {
    return this.#database.all(
      `SELECT record_id AS "recordId", what, kiosk_id AS "kioskId", origin, line, at FROM audit_alarm ORDER BY at, record_id`,
    );
  }

  /** Lines of a log from after one that are still there, for control only. */
  async read(kioskId: string, origin: string, after = 0, limit = 100): Promise<string[]> {
    const rows = await this.#database.all<{ line: string }>(
      `SELECT line FROM audit_line WHERE kiosk_id = ? AND origin = ? AND n > ? AND line IS NOT NULL ORDER BY n LIMIT ?`,
      [kioskId, origin, after, limit],
    );
    return rows.map(({ line }) => line);
  }

  /** A log as the rows of a file (docs/audit.md), as far as it is signed. */
  async *rows({ kioskId, origin, key, size, checkpoint }: KioskLog): AsyncGenerator<string> {
    yield writeHead({ key: readKeyText(key), before: emptyTree });
    for (let from = 1; from <= size; from += pageLines) {
      const lines = await this.#database.all<{ line: string | null; digest: string }>(
        'SELECT line, digest FROM audit_line WHERE kiosk_id = ? AND origin = ? AND n BETWEEN ? AND ? ORDER BY n',
        [kioskId, origin, from, Math.min(size, from + pageLines - 1)],
      );
      for (const { line, digest } of lines) yield line === null ? writeErased(hashOf(digest)!) : `${line}\n`;
    }
    yield checkpoint ?? '';
  }

  /** Keeps the lines of a kiosk for as long as a control of them goes on. */
  async hold(kioskId: string): Promise<void> {
    await this.#database.run('INSERT INTO audit_hold VALUES (?) ON CONFLICT DO NOTHING', [kioskId]);
  }

  async release(kioskId: string): Promise<void> {
    await this.#database.run('DELETE FROM audit_hold WHERE kiosk_id = ?', [kioskId]);
  }

  /** Empties the lines whose time is over, and takes the packets they came in out of the inbox; gives how many lines. */
  async erase(now: Date): Promise<number> {
    const due = addMonths(now.toISOString().slice(0, 10), -this.#keptMonths);
    const notHeld = 'received_at < ? AND kiosk_id NOT IN (SELECT kiosk_id FROM audit_hold)';
    return this.#feed.alone(async () => {
      // What waits is not stored anywhere else. The last position is not given back, or the next packet would be taken for known.
      await this.#database.run(
        `DELETE FROM packet WHERE kind = 'audit' AND ${notHeld} AND id NOT IN (SELECT record_id FROM audit_waiting)
             AND id NOT IN (SELECT record_id FROM audit_alarm) AND position <= (SELECT position FROM audit_cursor)
             AND position < (SELECT max(position) FROM packet)`,
        [due],
      );
      return this.#database.run(`UPDATE audit_line SET line = NULL WHERE line IS NOT NULL AND ${notHeld}`, [due]);
    });
  }

  async #take(id: string, kioskId: string, plain: Uint8Array): Promise<void> {
    const record = readRecord(plain);
    const key = record?.kind === 'audit' ? keyOf(record) : undefined;
    if (record?.kind !== 'audit' || !key) return this.#alarm(id, 'record-malformed', kioskId, '', 0);
    const origin = key.name;
    const known = await this.#row(kioskId, origin);
    if (known && known.key !== record.key) return this.#alarm(id, 'key-differs', kioskId, origin, record.first + 1);
    if (!known) {
      const others = await this.#database.get('SELECT 1 FROM audit_log WHERE kiosk_id = ?', [kioskId]);
      if (others) await this.#alarm(id, 'started-anew', kioskId, origin, 0);
      await this.#database.run(`INSERT INTO audit_log VALUES (?, ?, ?, 0, ?, '', NULL, ?)`, [
        kioskId,
        origin,
        record.key,
        toBase64(emptyHead.hash),
        this.#now().toISOString(),
      ]);
    }
    await this.#database.run('INSERT INTO audit_waiting VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      kioskId,
      origin,
      record.first,
      id,
    ]);
    await this.#settle(kioskId, key);
  }

  /** Adds the runs whose turn it is. */
  async #settle(kioskId: string, key: NoteKey): Promise<void> {
    for (;;) {
      const { size, head, tree } = (await this.#row(kioskId, key.name))!;
      const next = await this.#database.get<{ id: string; record: Uint8Array }>(
        `SELECT packet.id, packet.record FROM audit_waiting JOIN packet ON packet.id = record_id
         WHERE audit_waiting.kiosk_id = ? AND origin = ? AND before <= ? ORDER BY before, record_id LIMIT 1`,
        [kioskId, key.name, size],
      );
      if (!next) return;
      await this.#database.run('DELETE FROM audit_waiting WHERE record_id = ?', [next.id]);
      const record = readRecord(next.record) as AuditRecord;
      const fork = await this.#firstOther(kioskId, key.name, record);
      if (fork !== undefined) {
        await this.#alarm(next.id, 'forked', kioskId, key.name, fork);
        continue;
      }
      const fresh = record.lines.slice(size - record.first);
      // The same lines again.
      if (fresh.length === 0) continue;
      const checked: Checked = {
        head: hashOf(head)!,
        tree: { size, hashes: tree.split(' ').flatMap((t) => hashOf(t) ?? []) },
      };
      const continued = continueLog(checked, fresh, record.checkpoint, key);
      if ('fault' in continued) await this.#alarm(next.id, continued.fault, kioskId, key.name, continued.line);
      else await this.#add(kioskId, key.name, fresh, continued, record.checkpoint);
    }
  }

  /** The first line of a run that is held already and is another one. */
  async #firstOther(kioskId: string, origin: string, { first, lines }: AuditRecord): Promise<number | undefined> {
    const held = await this.#database.all<{ n: number; digest: string }>(
      'SELECT n, digest FROM audit_line WHERE kiosk_id = ? AND origin = ? AND n BETWEEN ? AND ? ORDER BY n',
      [kioskId, origin, first + 1, first + lines.length],
    );
    return held.find(({ n, digest }) => toBase64(leafHash(Buffer.from(lines[n - first - 1]!))) !== digest)?.n;
  }

  async #add(
    kioskId: string,
    origin: string,
    lines: readonly string[],
    { checked: { tree, head }, hashes }: { checked: Checked; hashes: readonly Buffer[] },
    checkpoint: string,
  ): Promise<void> {
    const now = this.#now().toISOString();
    for (const [index, line] of lines.entries())
      await this.#database.run('INSERT INTO audit_line VALUES (?, ?, ?, ?, ?, ?)', [
        kioskId,
        origin,
        tree.size - lines.length + index + 1,
        now,
        line,
        toBase64(hashes[index]!),
      ]);
    await this.#database.run(
      `UPDATE audit_log SET size = ?, head = ?, tree = ?, checkpoint = ?, checked_at = ? WHERE kiosk_id = ? AND origin = ?`,
      [tree.size, toBase64(head), tree.hashes.map(toBase64).join(' '), checkpoint, now, kioskId, origin],
    );
  }

  #row(kioskId: string, origin: string): Promise<LogRow | undefined> {
    return this.#database.get(
      'SELECT verifier_key AS key, size, head, tree FROM audit_log WHERE kiosk_id = ? AND origin = ?',
      [kioskId, origin],
    );
  }

  async #alarm(
    recordId: string,
    what: AuditAlarm['what'],
    kioskId: string,
    origin: string,
    line: number,
  ): Promise<void> {
    await this.#database.run('INSERT INTO audit_alarm VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      recordId,
      what,
      kioskId,
      origin,
      line,
      this.#now().toISOString(),
    ]);
  }
}

function keyOf({ key }: AuditRecord): NoteKey | undefined {
  try {
    return readKeyText(key);
  } catch {
    return undefined;
  }
}
