import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encode } from 'cborg';
import { centralApp } from '../../central/app.ts';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { queryLine } from '../../central/esp/query-log.ts';
import type { HandedOut } from '../../central/log/signed-head.ts';
import { openServices } from '../../central/services.ts';
import type { Database } from '../../central/sql.ts';
import { keyText, readKeyText } from '../../main/audit/note.ts';
import { readCheckpoint } from '../../main/audit/checkpoint.ts';
import { makeLog } from '../audit/logs.ts';
import { layField } from '../uplink/field.ts';
import { uuidv7 } from '../uplink/records.ts';
import { queryOf } from './portal.ts';

const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const made = makeLog(24);
const person = {
  document: { number: 'X1', issuingState: 'UTO' },
  identity: { surname: 'BERG', givenNames: '', birthDate: '1990' },
};

/** A central whose requests are asked without a network, by whoever a test says. */
async function opened() {
  const field = await layField();
  const dir = field.pki.central;
  const { file, storeKey } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey);
  const services = await openServices({ database });
  let role = 'operator';
  const app = centralApp({
    database,
    openingKeys: new Map(),
    receiptKey: generateKeyPairSync('ed25519').privateKey,
    now: () => new Date(),
    peerOf: () => ({ name: 'someone', role }),
    kioskLogs: services.kioskLogs,
    heads: services.heads,
  });
  return {
    dir,
    database,
    services,
    async get(path: string, as: string) {
      role = as;
      const response = await app.fetch(new Request(`https://central${path}`));
      const text = await response.text();
      return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
    async close() {
      await services.close();
      await database.close();
      await field[Symbol.asyncDispose]();
    },
  };
}

/** A run of the made log, as a kiosk's packet that has been taken. */
async function ship(database: Database, from: number, to: number, checkpoint = made.checkpoint(to)) {
  const [id, at] = [uuidv7(), new Date().toISOString()];
  const record = {
    format: 'limen-record',
    version: 1,
    id,
    kioskId: 'gate-1',
    occurredAt: at,
    kind: 'audit',
    key: keyText(made.signer),
    first: from - 1,
    lines: made.lines.slice(from - 1, to).map(String),
    checkpoint,
  };
  await database.run(
    `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record) VALUES (?, 'gate-1', 'audit', NULL, ?, ?, ?)`,
    [id, at, at, encode(record)],
  );
}

test('operators see how logs stand and which alarms there are, control alone reads lines, and nobody else either', async () => {
  const central = await opened();
  await ship(central.database, 1, 12);
  await central.services.kioskLogs.advance();
  const standing = await central.get('/v1/audit', 'operator');
  const { logs, alarms } = standing.json as { logs: { origin: string; size: number }[]; alarms: unknown[] };
  assert.deepEqual([standing.status, logs.map(({ size }) => size), alarms], [200, [12], []]);
  const about = `/v1/audit/lines?kiosk=gate-1&origin=${encodeURIComponent(logs[0]!.origin)}`;
  assert.deepEqual((await central.get(`${about}&after=10`, 'control')).json, made.lines.slice(10, 12).map(String));
  assert.deepEqual((await central.get(`${about}&after=12`, 'control')).json, []);
  const statuses = async (path: string, ...roles: string[]) =>
    Promise.all(roles.map(async (role) => (await central.get(path, role)).status));
  assert.deepEqual(await statuses('/v1/audit', 'control'), [403]);
  assert.deepEqual(await statuses('/v1/audit', 'kiosk'), [403]);
  for (const role of ['operator', 'kiosk', 'central']) assert.deepEqual(await statuses(about, role), [403]);
  for (const lacking of [
    '?kiosk=gate-1',
    '?origin=o',
    '?kiosk=gate-1&origin=o&after=-1',
    '?kiosk=gate-1&origin=o&after=x',
  ])
    assert.deepEqual(await statuses(`/v1/audit/lines${lacking}`, 'control'), [400]);
  for (const role of ['operator', 'control']) assert.deepEqual(await statuses('/v1/audit/heads', role), [200]);
  assert.deepEqual(await statuses('/v1/audit/heads', 'kiosk'), [403]);
  await central.close();
});

test('the command tells of an alarm, and ends with 1 for one; a log that is whole and alone ends with 0', async () => {
  const central = await opened();
  await ship(central.database, 1, 12);
  await central.services.kioskLogs.advance();
  const whole = run('central/audits.ts', '--dir', central.dir);
  assert.deepEqual([whole.status, whole.stdout.split('\n').filter(Boolean).length], [0, 1], whole.stderr);
  await ship(central.database, 13, 24, makeLog(24).checkpoint(24));
  const alarmed = run('central/audits.ts', '--dir', central.dir);
  assert.equal(alarmed.status, 1);
  const last = JSON.parse(alarmed.stdout.trimEnd().split('\n').at(-1)!) as { alarm: { what: string; line: number } };
  assert.deepEqual([last.alarm.what, last.alarm.line], ['signature-false', 24]);
  await central.database.exec(
    `DROP TRIGGER audit_line_unchanged; UPDATE audit_line SET line = replace(line, 'crossing-begun', 'crossing-begum') WHERE n = 5`,
  );
  const altered = run('central/audits.ts', '--dir', central.dir);
  assert.match(altered.stdout, /"finding":\{"what":"line-altered","line":5/);
  assert.equal(run('central/audits.ts').status, 2);
  await central.close();
});

test('the head of the log of questions is handed out signed; a log that was made anew behind it does not go on from there', async () => {
  const central = await opened();
  const { log } = central.services;
  const append = (event: 'asked' | 'left') =>
    log.append(queryLine(event, new Date(), 'gate-1', queryOf(person), ['SIS']));
  for (let i = 0; i < 21; i++) await append('asked');
  const heads = async () => (await central.get('/v1/audit/heads', 'control')).json as HandedOut[];
  const [head, matching] = await heads();
  assert.deepEqual([head!.log, matching!.log], ['query_log', 'sbms_log']);
  assert.deepEqual([readCheckpoint(head!.checkpoint).size, readCheckpoint(matching!.checkpoint).size], [21, 0]);
  const [file, second] = [join(central.dir, '..', 'kept'), join(central.dir, '..', 'kept-later')];
  writeFileSync(file, head!.checkpoint);
  const check = (kept: string, key: string) =>
    run('central/queries.ts', '--dir', central.dir, '--checkpoint', kept, '--key', key);
  assert.equal(check(file, head!.key).status, 0);
  await append('left');
  const [later] = await heads();
  assert.deepEqual([later!.key, readCheckpoint(later!.checkpoint).size], [head!.key, 22]);
  writeFileSync(second, later!.checkpoint);
  for (const kept of [file, second]) assert.equal(check(kept, head!.key).status, 0);
  assert.equal(check(file, matching!.key).status, 1, 'by another key it is nothing');

  // Whoever has the database makes the log anew, without its last question and with a chain that is right in itself.
  await central.database.exec('DROP TRIGGER query_log_kept; DELETE FROM query_log WHERE position = 22');
  assert.equal(check(file, head!.key).status, 0);
  const cut = check(second, head!.key);
  assert.deepEqual([cut.status, /does not go on/.test(cut.stderr), /whole/.test(cut.stderr)], [1, true, true]);
  await append('asked');
  assert.equal(check(second, head!.key).status, 1);
  const [head2] = central.services.heads;
  assert.equal(await head2!.goesOnFrom(head!.checkpoint, readKeyText(head!.key)), true);
  assert.equal(run('central/queries.ts', '--dir', central.dir, '--key', head!.key).status, 2);
  await central.close();
});

test('retention as a command erases what is due, and does not believe a clock that leapt until it is told to', async () => {
  const central = await opened();
  const { dir, database, services } = central;
  const old = new Date(Date.now() - 2 * 366 * 86_400_000);
  await services.log.append(queryLine('asked', old, 'gate-1', queryOf(person), ['SIS']));
  await services.log.append(queryLine('asked', new Date(), 'gate-1', queryOf(person), ['SIS']));
  // As if it had last been believed a month ago.
  await database.run(
    'INSERT INTO retention_clock VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET reached = excluded.reached',
    [new Date(Date.now() - 31 * 86_400_000).toISOString()],
  );
  const left = async () => (await database.all('SELECT 1 FROM query_log WHERE line IS NOT NULL')).length;
  const unbelieved = run('central/retention.ts', '--dir', dir);
  assert.equal(unbelieved.status, 1, unbelieved.stderr);
  assert.deepEqual(Object.keys(JSON.parse(unbelieved.stdout) as object), ['unbelieved', 'reached']);
  assert.equal(await left(), 2);
  const confirmed = run('central/retention.ts', '--dir', dir, '--confirm');
  assert.equal(confirmed.status, 0, confirmed.stderr);
  assert.equal((JSON.parse(confirmed.stdout) as { erased: { queries: number } }).erased.queries, 1);
  assert.equal(await left(), 1);
  const again = run('central/retention.ts', '--dir', dir);
  assert.deepEqual(
    [again.status, (JSON.parse(again.stdout) as { erased: { queries: number } }).erased.queries],
    [0, 0],
  );
  assert.equal(run('central/retention.ts').status, 2);
  await central.close();
});
