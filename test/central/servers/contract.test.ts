import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openCentralDatabase } from '../../../central/database.ts';
import { openServices } from '../../../central/services.ts';
import { noNats, startNats } from './nats.ts';
import { noPostgres, startPostgres } from './postgres.ts';

/** What holds of central whichever database it has: the very tests that run on SQLite. */
const contract = [
  'test/central/arrivals.test.ts',
  'test/central/biometric-search.test.ts',
  'test/central/commands.test.ts',
  'test/central/enrolment.test.ts',
  'test/central/inbox.test.ts',
  'test/central/kiosk-logs.test.ts',
  'test/central/mid/links.test.ts',
  'test/central/portal.test.ts',
  'test/central/query-log.test.ts',
  'test/central/feed.test.ts',
  'test/central/registers.test.ts',
  'test/central/retention-clock.test.ts',
  'test/central/sbms/sbms.test.ts',
  'test/central/sql.test.ts',
  'test/uplink/exactly-once.test.ts',
  'test/uplink/key-rotation.test.ts',
  'test/uplink/parts.test.ts',
];

/** What holds of a central that kiosks talk to, also where its services are told by a queue. */
const queued = ['test/central/process.test.ts', 'test/central/search.test.ts'];

/** Runs test files with other servers; gives how many tests passed when none failed. */
async function passed(files: readonly string[], servers: NodeJS.ProcessEnv): Promise<number> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...servers };
  // They would take themselves for a part of this very run.
  delete env['NODE_TEST_CONTEXT'];
  const options = ['--test', '--test-concurrency=2', '--test-reporter=tap'];
  const child = spawn(process.execPath, [...options, ...files], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [report, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(report)?.[1]);
  const failed = report.split('\n').filter((line) => /^ *not ok/.test(line));
  assert.deepEqual([failed, count('fail'), code], [[], 0, 0], report.slice(-20_000));
  return count('pass');
}

test(
  'central is on PostgreSQL what it is on SQLite, and with NATS what it is without',
  { skip: noPostgres() ?? noNats() },
  async (t) => {
    await using postgres = await startPostgres();
    await using nats = await startNats();
    const template = await openCentralDatabase('', new Uint8Array(32), await postgres.databaseUrl('base'));
    await (await openServices({ database: template })).close();
    await template.close();
    const onPostgres = { LIMEN_TEST_POSTGRES: await postgres.databaseUrl('postgres'), LIMEN_TEST_TEMPLATE: 'base' };
    const plain = await passed(contract, onPostgres);
    const both = await passed(queued, { ...onPostgres, LIMEN_TEST_NATS: nats.url });
    const alone = await passed(queued, { LIMEN_TEST_NATS: nats.url });
    assert.ok(plain > 70 && both > 10 && alone === both);
    t.diagnostic(`${plain} tests on PostgreSQL, ${both} on PostgreSQL with NATS, ${alone} on SQLite with NATS`);
  },
);
