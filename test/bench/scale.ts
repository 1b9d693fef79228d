import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { once } from 'node:events';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { listGaps } from '../../central/report.ts';
import { openServices } from '../../central/services.ts';
import { arrive, crossing } from '../central/arriving.ts';
import { noNats, startNats } from '../central/servers/nats.ts';
import { noPostgres, startPostgres } from '../central/servers/postgres.ts';
import { type Program, startProgram, usage } from '../central/servers/program.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { createPki, type Pki } from '../sim/pki/pki.ts';
import { type KioskReport, quantile } from './scale/samples.ts';

const full = process.argv.includes('--full');
const kiosks = full ? 1000 : 100;
const recordsEach = 10;
const clients = 2;
const outageMs = 5000;

/** What is started beside central's intake, and what it is called. */
interface Setting {
  readonly name: string;
  readonly database?: string;
  readonly queue?: string;
  readonly flags: readonly string[];
  readonly workers: readonly string[];
}

/**
 * Prints how central bears kiosks that come back together after an outage, each with its own certificate and connection and
 * the product's own uplink: on SQLite, on PostgreSQL, and with the services apart behind NATS. All of it on this machine.
 */
export async function bench(): Promise<void> {
  const missing = noPostgres() ?? noNats();
  await using postgres = noPostgres() === undefined ? await startPostgres() : undefined;
  await using nats = noNats() === undefined ? await startNats() : undefined;
  if (missing !== undefined) console.log(`scale: LEFT OUT: ${missing}`);
  console.log(`scale: load of the machine before: ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`);
  const url = await postgres?.databaseUrl('taking');
  await take('SQLite');
  if (url !== undefined) await take('PostgreSQL', url);
  const settings: Setting[] = [{ name: 'SQLite', flags: [], workers: [] }];
  if (postgres)
    settings.push({ name: 'PostgreSQL', database: await postgres.databaseUrl('alone'), flags: [], workers: [] });
  if (postgres && nats)
    settings.push({
      name: 'PostgreSQL and NATS, services apart',
      database: await postgres.databaseUrl('apart'),
      queue: nats.url,
      flags: ['--intake'],
      workers: ['ees', 'audit,statistics'],
    });
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const names = Array.from({ length: kiosks }, (_, i) => `gate-${i + 1}`);
  try {
    const pki = await createPki(join(directory, 'pki'), { kiosks: names });
    for (const setting of settings) await comeBack(setting, pki, names);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const sizeOf = {
  sqlite: 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
  postgresql: 'SELECT pg_database_size(current_database()) AS bytes',
} as const;

/**
 * Prints how many crossings a second EES and the statistics take, one after the other, of an inbox that is full, and how much
 * larger the database is for a crossing without captures.
 */
async function take(name: string, url?: string): Promise<void> {
  const count = 2000;
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const database = await openCentralDatabase(join(directory, 'central.db'), randomBytes(32), url);
  const services = await openServices({ database, configuration: exampleConfiguration() });
  await services.settled();
  const bytes = async () => (await database.get<{ bytes: number }>(sizeOf[database.dialect]))!.bytes;
  const emptyBytes = await bytes();
  for (let i = 0; i < count; i++) await arrive(database, crossing(1, '2026-05-10', `K${i}`));
  const rates: string[] = [];
  for (const feed of [services.arrivals.feed, services.statistics.feed]) {
    const startedMs = performance.now();
    await feed.advance();
    rates.push(`${feed.name} ${((count / (performance.now() - startedMs)) * 1000).toFixed(0)}`);
  }
  const each = ((await bytes()) - emptyBytes) / count;
  console.log(
    `scale: ${name}: crossings taken a second: ${rates.join(', ')}; ${each.toFixed(0)} bytes each in the database`,
  );
  await services.close();
  await database.close();
  rmSync(directory, { recursive: true, force: true });
}

async function comeBack(setting: Setting, pki: Pki, names: readonly string[]): Promise<void> {
  const programs: Program[] = [];
  try {
    layCentral(pki, names, setting);
    const start = (args: readonly string[]) => {
      const program = startProgram('central/main.ts', ['--dir', pki.central, ...args]);
      programs.push(program);
      return program;
    };
    // It is there, is gone when the kiosks begin to call, and comes back.
    let central = start(setting.flags);
    const { url, port } = JSON.parse(await central.line()) as { url: string; port: number };
    const handshakes = await handshakesPerSecond(url, pki);
    await central.end();
    const groups = Array.from({ length: clients }, (_, i) => names.filter((_, at) => at % clients === i));
    const callers = groups.map((group) => {
      const folders = group.map((name) => pki.kiosks[name]!);
      const caller = startProgram('test/bench/scale/kiosks.ts', [url, String(recordsEach), ...folders]);
      programs.push(caller);
      return caller;
    });
    await Promise.all(callers.map((caller) => caller.line()));
    await setTimeout(outageMs);
    const workers = setting.workers.map((services) => start(['--services', services]));
    await Promise.all(workers.map((worker) => worker.line()));
    central = start([...setting.flags, '--port', String(port)]);
    await central.line();
    const backAt = Date.now();
    const reports = await Promise.all(callers.map(async (caller) => JSON.parse(await caller.line()) as KioskReport));
    const used = usage(central.child);
    const takenMs = (await untilTaken(pki, reports)) - backAt;
    tell(setting.name, reports, backAt, { ...used, takenMs, handshakes });
  } finally {
    for (const program of programs) await program.end();
  }
}

/** Every gate is known to central, so that each crossing has its effect. */
function layCentral(pki: Pki, names: readonly string[], { database, queue }: Setting): void {
  const gate = exampleConfiguration().kiosks['gate-1']!;
  const esp = exampleConfiguration({ kiosks: Object.fromEntries(names.map((name) => [name, gate])) });
  writeFileSync(join(pki.central, 'esp.json'), JSON.stringify(esp));
  writeFileSync(join(pki.central, 'central.json'), JSON.stringify({ database, queue }));
}

/** Waits until every crossing has had its effects, and sees that each is there once. Gives when that was. */
async function untilTaken(pki: Pki, reports: readonly KioskReport[]): Promise<number> {
  const { file, storeKey, database: server } = readDirectory(pki.central);
  const database = await openCentralDatabase(file, storeKey, server);
  const sent = reports.flatMap(({ ids }) => ids);
  const numberOf = async (sql: string) => (await database.get<{ number: number }>(sql))?.number ?? 0;
  const state = async () => ({
    entered: await numberOf('SELECT count(*) AS number FROM ees_passage'),
    counted: await numberOf('SELECT coalesce(CAST(sum(crossings) AS BIGINT), 0) AS number FROM statistics_crossing'),
  });
  for (let seen = await state(); seen.entered < sent.length || seen.counted < sent.length; seen = await state())
    await setTimeout(100);
  const takenAt = Date.now();
  const stored = await database.all<{ id: string }>('SELECT id FROM packet');
  const known = new Set(stored.map(({ id }) => id));
  const { entered, counted } = await state();
  const gaps = await listGaps(database);
  await database.close();
  if (stored.length !== sent.length || !sent.every((id) => known.has(id)))
    throw new Error('not every record is there once');
  if (entered !== sent.length || counted !== sent.length || gaps.length > 0) throw new Error('an effect is double');
  return takenAt;
}

async function handshakesPerSecond(url: string, pki: Pki): Promise<number> {
  const count = 100;
  const read = (name: string) => readFileSync(join(pki.kiosks['gate-1']!, name));
  const files = { ca: read('ca.pem'), cert: read('kiosk.pem'), key: read('kiosk.key') };
  const startedMs = performance.now();
  for (let i = 0; i < count; i += 4)
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const session = connect(url, files);
        await once(session, 'connect');
        session.destroy();
      }),
    );
  return count / ((performance.now() - startedMs) / 1000);
}

function tell(
  name: string,
  reports: readonly KioskReport[],
  backAt: number,
  { memoryMiB, cpuSeconds, takenMs, handshakes }: Record<'memoryMiB' | 'cpuSeconds' | 'takenMs' | 'handshakes', number>,
): void {
  const samples = reports.flatMap(({ samples }) => samples).filter(({ sentAt }) => sentAt >= backAt);
  const waits = reports.flatMap(({ emptiedAt }) => emptiedAt).map((at) => at - backAt);
  const records = reports.reduce((sum, { ids }) => sum + ids.length, 0);
  const answered = samples
    .filter(({ status, withRecords }) => status === 200 && withRecords)
    .map(({ tookMs }) => tookMs);
  const refused = samples.filter(({ status }) => status === 503).length;
  const others = samples.filter(({ status }) => status !== 200 && status !== 503).length;
  const lastMs = Math.max(...waits);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  console.log(
    `scale: ${name}: ${kiosks} kiosks with ${recordsEach} records each: ${(records / (lastMs / 1000)).toFixed(0)} records/s accepted, ` +
      `answers p50 ${quantile(answered, 0.5)} ms, p99 ${quantile(answered, 0.99)} ms; a queue was empty after ${seconds(quantile(waits, 0.5))} s, ` +
      `the last after ${seconds(lastMs)} s; ${samples.length} requests, ${refused} asked to come back, ${others} without an answer`,
  );
  console.log(
    `scale: ${name}: every record stored once, entered once and counted once ${seconds(takenMs)} s after central was back; intake held ` +
      `${memoryMiB.toFixed(0)} MiB at most and computed ${cpuSeconds.toFixed(1)} s; ${handshakes.toFixed(0)} handshakes/s from an idle machine`,
  );
}
