import { rmSync } from 'node:fs';
import { openCentralDatabase } from '../../central/database.ts';
import type { Servers } from '../../central/servers.ts';
import type { Database } from '../../central/sql.ts';
import { ask, nameOf } from './servers/postgres.ts';

const server = process.env['LIMEN_TEST_POSTGRES'];
/** A database with every table, where there is one: the others are made after it. */
const template = process.env['LIMEN_TEST_TEMPLATE'] ?? 'template1';
const made = new Set<string>();

/** What the tests' databases are of. */
export const dialect = server === undefined ? 'sqlite' : 'postgresql';

/** How often a property is looked at: what a server is asked takes longer. */
export const runs = (count: number) => (dialect === 'sqlite' ? count : Math.ceil(count / 10));

/** The database that stands for a file, where the tests are to run on the server of LIMEN_TEST_POSTGRES. */
export async function urlOf(file: string): Promise<string | undefined> {
  if (server === undefined) return undefined;
  const name = nameOf(file);
  if (!made.has(name)) {
    const there = await ask(server, `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
    if (there.length === 0) await ask(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    made.add(name);
  }
  return server.replace('/postgres?', `/${name}?`);
}

/** What central.json says of servers for the central of a file; LIMEN_TEST_NATS names the one for its queue. */
export async function serversOf(file: string): Promise<Servers> {
  const [database, nats] = [await urlOf(file), process.env['LIMEN_TEST_NATS']];
  // A stream of its own for each.
  return { ...(database && { database }), ...(nats && { queue: `${nats}/${nameOf(file)}` }) };
}

/** Removes the database that stood for a file. */
export async function remove(file: string): Promise<void> {
  if (made.delete(nameOf(file))) await ask(server!, `DROP DATABASE ${nameOf(file)} WITH (FORCE)`);
}

/** An empty database in the place of a file's, which nobody has open. */
export async function renew(file: string): Promise<void> {
  for (const suffix of ['', '-wal']) rmSync(file + suffix, { force: true });
  await remove(file);
  await urlOf(file);
}

/** Opens the database of a file, wherever it is. */
export async function openAt(file: string, key: Uint8Array): Promise<Database> {
  return openCentralDatabase(file, key, await urlOf(file));
}

/** Has the database fail whatever is done to a table, where the new row is like that. */
export async function fail(
  database: Database,
  event: 'INSERT' | 'UPDATE',
  table: string,
  like?: string,
): Promise<void> {
  const when = like === undefined ? '' : `WHEN (NEW.line LIKE '${like}')`;
  await database.exec(
    database.dialect === 'sqlite'
      ? `CREATE TEMP TRIGGER full BEFORE ${event} ON main.${table} ${when} BEGIN SELECT RAISE(ABORT, 'no room'); END`
      : `CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
         CREATE TRIGGER full_disk BEFORE ${event} ON ${table} FOR EACH ROW ${when} EXECUTE FUNCTION no_room()`,
  );
}

/** Ends what `fail` began. */
export async function mend(database: Database, table: string): Promise<void> {
  await database.exec(database.dialect === 'sqlite' ? 'DROP TRIGGER full' : `DROP TRIGGER full_disk ON ${table}`);
}

/** Takes the guard of a log away, as one can who has the database and its key. */
export async function unguard(database: Database, log: string): Promise<void> {
  await database.exec(
    database.dialect === 'sqlite'
      ? `DROP TRIGGER ${log}_unchanged; DROP TRIGGER ${log}_kept`
      : `DROP TRIGGER ${log}_guarded ON ${log}`,
  );
}
