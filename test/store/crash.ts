import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { type Disk, sha256 } from './disk.ts';

/** What the writers promised so far. */
export interface Promised {
  /** Digest by packet id: concluded, and no acknowledgement begun. */
  readonly kept: Map<string, string>;
  /** Acknowledged for good. */
  readonly gone: Set<string>;
}

/** Lets a writer work on the disk until it has said so many lines, and kills it wherever it then is. */
export async function crash(disk: Disk, promised: Promised, lines: number, mode?: 'early'): Promise<void> {
  const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
  const key = Buffer.from(disk.key).toString('hex');
  const child = spawn(process.execPath, [writer, disk.file, key, ...(mode ? [mode] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let said = 0;
  for await (const line of createInterface(child.stdout)) {
    note(promised, line.split(' '));
    if (++said !== lines) continue;
    for (let turns = randomInt(200); turns > 0; turns--) await setImmediate();
    child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  if (signal !== 'SIGKILL') throw new Error('the writer ended by itself');
}

function note({ kept, gone }: Promised, [what, ...words]: string[]): void {
  if (what === 'concluded') for (let i = 1; i < words.length; i += 2) kept.set(words[i]!, words[i + 1]!);
  if (what === 'acknowledging') for (const id of words) kept.delete(id);
  if (what === 'acknowledged') for (const id of words) gone.add(id);
}

/** Opens the disk after a crash and tells what was promised and is not so. */
export function inspect(disk: Disk, { kept, gone }: Promised): string[] {
  const store = disk.open();
  const rows = store.outbox.next({ maxRows: 1_000_000, maxBytes: Infinity });
  const found = new Map(rows.map(({ packet }) => [packet.id, sha256(packet.sealed)]));
  store.close();
  return [
    ...[...kept].filter(([id, digest]) => found.get(id) !== digest).map(([id]) => `lost ${id}`),
    ...[...gone].filter((id) => found.has(id)).map((id) => `back again ${id}`),
    ...integrity(disk),
  ];
}

/** What SQLite finds wrong with the file, and numbers that were given out and lead to no packet. */
function integrity({ file, key }: Disk): string[] {
  const database = new Database(file);
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  const answers = database.pragma('integrity_check') as { integrity_check: string }[];
  const lost = database
    .prepare('SELECT last_sequence - delivered - (SELECT count(*) FROM outbox) FROM ledger')
    .pluck()
    .get() as number;
  database.close();
  return [...answers.map((answer) => answer.integrity_check), `${lost} numbers lost`].filter(
    (answer) => answer !== 'ok' && answer !== '0 numbers lost',
  );
}
