import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { noPostgres, startPostgres } from './postgres.ts';

/** What holds of central whichever database it has: the very tests that run on SQLite. */
const contract = [
  'test/central/arrivals.test.ts',
  'test/central/biometric-search.test.ts',
  'test/central/commands.test.ts',
  'test/central/enrolment.test.ts',
  'test/central/inbox.test.ts',
  'test/central/kiosk-logs.test.ts',
  'test/central/portal.test.ts',
  'test/central/query-log.test.ts',
  'test/central/registers.test.ts',
  'test/central/retention-clock.test.ts',
  'test/central/search.test.ts',
  'test/central/sql.test.ts',
  'test/uplink/exactly-once.test.ts',
];

test(
  'intake, registers, portal and logs are on PostgreSQL what they are on SQLite',
  { skip: noPostgres() },
  async (t) => {
    await using server = await startPostgres();
    const env: NodeJS.ProcessEnv = { ...process.env, LIMEN_TEST_POSTGRES: await server.databaseUrl('postgres') };
    // It would take itself for a part of this very run.
    delete env['NODE_TEST_CONTEXT'];
    const options = ['--test', '--test-concurrency=2', '--test-reporter=tap'];
    const child = spawn(process.execPath, [...options, ...contract], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [report, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(report)?.[1]);
    const failed = report.split('\n').filter((line) => /^ *not ok/.test(line));
    assert.deepEqual([failed, count('fail'), code], [[], 0, 0], report.slice(-20_000));
    assert.ok(count('pass') > 80);
    t.diagnostic(`${count('pass')} tests of central on PostgreSQL`);
  },
);
