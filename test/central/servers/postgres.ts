import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { accountOf, privateFolder } from './private-folder.ts';

/** Where Debian's package has its programs. */
const programs = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1);

/** Why there is none to test with; undefined where there is. In continuous integration that is a failure and no reason. */
export function noPostgres(): string | undefined {
  if (programs && existsSync(join(programs, 'initdb'))) return undefined;
  if (process.env['CI']) throw new Error("PostgreSQL is missing: Debian's package postgresql");
  return "PostgreSQL is missing (Debian's package postgresql)";
}

/** A PostgreSQL of the tests' own, on a socket in a folder of its own. */
export interface PostgresServer extends AsyncDisposable {
  /** Of a database that is made if it is not there yet. */
  databaseUrl(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  /** Ends it as a crash would: every process at once. */
  kill(): Promise<void>;
  start(settings?: readonly string[]): Promise<void>;
}

/** Makes a server and starts it. Settings are like `fsync=off`. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const account = accountOf('postgres');
  const folder = privateFolder(account);
  const data = join(folder.path, 'data');
  const run = { ...account, cwd: folder.path, encoding: 'utf8' as const };
  const made = spawnSync(
    join(programs!, 'initdb'),
    ['-D', data, '-U', 'limen', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    run,
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const urlOf = (name: string) => `postgres:///${name}?host=${folder.path}&user=limen`;
  let server: ChildProcess | undefined;
  const start = async (now: readonly string[] = []) => {
    const all = [
      'listen_addresses=',
      `unix_socket_directories=${folder.path}`,
      'shared_buffers=32MB',
      ...settings,
      ...now,
    ];
    server = spawn(join(programs!, 'postgres'), ['-D', data, ...all.flatMap((setting) => ['-c', setting])], {
      ...account,
      cwd: folder.path,
      stdio: 'ignore',
    });
    while (!(await answers(urlOf('postgres')))) {
      if (server.exitCode !== null) throw new Error('PostgreSQL did not start');
      await setTimeout(20);
    }
  };
  const end = async (signal: 'SIGINT' | 'SIGKILL') => {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    if (signal === 'SIGKILL') crash(server.pid!);
    else server.kill(signal);
    await ended;
  };
  const known = new Set<string>();
  // Whoever is ended in the middle of a test leaves no server behind.
  const last = () => {
    if (server?.exitCode === null && server.signalCode === null) crash(server.pid!);
  };
  process.once('exit', last);
  await start();
  return {
    async databaseUrl(name) {
      if (name !== 'postgres' && !known.has(name)) {
        await ask(urlOf('postgres'), `CREATE DATABASE ${name}`);
        known.add(name);
      }
      return urlOf(name);
    },
    async drop(name) {
      if (known.delete(name)) await ask(urlOf('postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
    },
    kill: () => end('SIGKILL'),
    start,
    async [Symbol.asyncDispose]() {
      await end('SIGINT');
      process.removeListener('exit', last);
      folder.remove();
    },
  };
}

/** Ends a process and those it started, as a power cut would: it is halted first, so that it starts no more and tells none. */
function crash(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  for (const each of [...children.filter(Boolean).map(Number), pid]) kill(each);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // One that has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The name of the database that takes the place of a file. */
export const nameOf = (file: string) => `limen_${createHash('sha256').update(file).digest('hex').slice(0, 16)}`;

/** Runs one statement on a connection of its own. */
export async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await ask(url, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}
