import assert from 'node:assert/strict';
import { test } from 'node:test';
import failures from '../../setup/failures-reporter.mjs';
import tally from '../../setup/tally-reporter.mjs';

interface Report {
  readonly type: string;
  readonly data: object;
}

const ended = (type: string, data: object = {}): Report => ({
  type,
  data: { name: 'a statement', file: '/x/a.test.ts', line: 3, details: {}, ...data },
});

async function said(reporter: (source: AsyncIterable<Report>) => AsyncIterable<string>, reports: readonly Report[]) {
  let text = '';
  for await (const line of reporter(stream(reports))) text += line;
  return text;
}

async function* stream(reports: readonly Report[]) {
  yield* reports;
}

test('suites and skipped tests are counted neither as passed nor as failed', async () => {
  const reports = [
    ended('test:pass'),
    ended('test:pass', { details: { type: 'suite' } }),
    ended('test:pass', { skip: 'no scanner' }),
    ended('test:pass', { skip: true }),
    ended('test:fail'),
    ended('test:diagnostic'),
  ];
  assert.deepEqual(JSON.parse(await said(tally, reports)), { passed: 1, failed: 1, skipped: 2 });
});

test('a run without a test is tallied as nothing', async () => {
  assert.deepEqual(JSON.parse(await said(tally, [])), { passed: 0, failed: 0, skipped: 0 });
});

test('a failure is shown with its place, its name and its cause', async () => {
  const error = new Error('wrapped', { cause: new Error('the cause') });
  assert.match(
    await said(failures, [ended('test:fail', { details: { error } })]),
    /a\.test\.ts:3 a statement\n.*the cause/,
  );
});

test('a skipped test is shown with its reason', async () => {
  assert.match(await said(failures, [ended('test:pass', { skip: 'no scanner' })]), /skipped .*a statement: no scanner/);
});
