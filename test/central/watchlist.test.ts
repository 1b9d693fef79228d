import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ListFolder } from '../../central/watchlist/list-folder.ts';
import { readChange } from '../../central/watchlist/list-change.ts';
import { filesOf } from '../../central/watchlist/publishing.ts';

const folder = mkdtempSync(join(tmpdir(), 'limen-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** Runs a command of those who publish; gives what it printed, rejects with what it said of a fault. */
async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['central/watchlist/main.ts', ...args]);
  return stdout;
}

const person = (reference: string, surname: string) =>
  JSON.stringify({ put: { reference, category: 'arrest', identities: [{ surname, givenNames: '', birthDate: '' }] } });

test('a ceremony and two publications, by the commands alone; what lacks a signature is not published', async () => {
  const dir = at('central');
  mkdirSync(join(dir, 'watchlist'), { recursive: true });
  writeFileSync(join(dir, 'esp.json'), readFileSync('central/esp/example.json'));
  const keys = [
    'root-1',
    'root-2',
    'root-3',
    'targets',
    'approver',
    'central/watchlist/snapshot',
    'central/watchlist/timestamp',
  ];
  await Promise.all(keys.map((key) => run('new-key', '--out', at(`${key}.key`))));
  assert.equal(statSync(at('root-1.key')).mode & 0o777, 0o600);
  const publics = (role: string, ...names: string[]) => names.flatMap((name) => [`--${role}`, at(`${name}.key.pub`)]);
  const root = at('root.json');
  await run(
    'draft-root',
    '--dir',
    dir,
    '--out',
    root,
    '--root-threshold',
    '2',
    ...publics('root', 'root-1', 'root-2', 'root-3'),
    ...publics('targets', 'targets'),
    ...publics('approver', 'approver'),
    ...publics('snapshot', 'central/watchlist/snapshot'),
    ...publics('timestamp', 'central/watchlist/timestamp'),
  );
  await run('sign', '--key', at('root-1.key'), '--file', root);
  await assert.rejects(run('publish-root', '--dir', dir, '--file', root), /the root lacks signatures/);
  await run('sign', '--key', at('root-3.key'), '--file', root);
  await run('publish-root', '--dir', dir, '--file', root);

  const [changes, targets] = [at('changes.ndjson'), at('targets.json')];
  writeFileSync(changes, [person('B', 'BETA'), person('A', 'ALPHA'), ''].join('\n'));
  const made = await run('make', '--dir', dir, '--changes', changes, '--out', targets);
  assert.deepEqual(JSON.parse(made), { ...JSON.parse(made), name: 'whole-1.zst', operations: 2, count: 2 });
  await run('approve', '--key', at('approver.key'), '--file', targets, '--name', 'whole-1.zst');
  await assert.rejects(run('publish', '--dir', dir, '--file', targets), /the targets lack signatures/);
  await run('sign', '--key', at('targets.key'), '--file', targets);
  await run('publish', '--dir', dir, '--file', targets);

  writeFileSync(changes, [JSON.stringify({ remove: 'A' }), JSON.stringify({ remove: 'Z' })].join('\n'));
  const again = (await run('make', '--dir', dir, '--changes', changes, '--out', targets)).trim().split('\n');
  assert.deepEqual(
    again.map((line) => (JSON.parse(line) as { operations: number }).operations),
    [1, 1],
  );
  await run('sign', '--key', at('targets.key'), '--file', targets);
  await run('publish', '--dir', dir, '--file', targets);
  const list = new ListFolder(join(dir, 'watchlist'));
  assert.deepEqual(Object.keys(filesOf(list)).toSorted(), ['change-1-2.zst', 'whole-1.zst', 'whole-2.zst']);
  assert.equal(readdirSync(join(dir, 'watchlist/targets')).length, 3);
  const { version } = list.snapshot()!.signed;
  await run('refresh', '--dir', dir);
  assert.equal(list.snapshot()!.signed.version, version + 1);
});

test('commands say what they want, and refuse what is no change', async () => {
  await assert.rejects(run('make'), /usage/);
  await assert.rejects(run('unmake'), /usage/);
  for (const line of [
    '{',
    '{"put":{}}',
    '{"remove":7}',
    person('A', ''),
    '{"put":{"reference":"A","category":"unheard-of"}}',
  ])
    assert.throws(() => readChange(line, {}), { code: 'watchlist.malformed' }, line);
});

test('what is to be done about an alert follows from its category, and templates come in base64', () => {
  const kinds = { 'discreet-check': { action: 'discreet-check' as const, silent: true } };
  const template = { position: 'unknown', model: 'm', version: '1', template: 'AQI=' };
  const line = JSON.stringify({ put: { reference: 'A', category: 'discreet-check', fingers: [template] } });
  const change = readChange(line, kinds);
  assert.ok('put' in change);
  assert.deepEqual(
    [change.put.action, change.put.silent, change.put.fingers[0]?.template],
    ['discreet-check', true, Uint8Array.of(1, 2)],
  );
  const open = { 'discreet-check': { action: 'discreet-check' as const, silent: false } };
  assert.throws(() => readChange(line, open), { code: 'watchlist.malformed' }, 'it must not be noticed');
});
