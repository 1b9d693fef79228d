import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { auditCommand } from '../../main/audit/command.ts';
import { limenCommand } from '../../main/limen.ts';
import { exampleConfig } from '../sim/demo/example-config.ts';

/** A kiosk's folder with its configuration, and the command as it is called there. */
function machine(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'limen-export-'));
  const config = join(folder, 'kiosk.json');
  writeFileSync(config, JSON.stringify(exampleConfig({ stateDir: folder, credentials: folder, centralPort: 1 })));
  const before = process.env['LIMEN_CONFIG'];
  process.env['LIMEN_CONFIG'] = config;
  t.after(() => {
    if (before === undefined) delete process.env['LIMEN_CONFIG'];
    else process.env['LIMEN_CONFIG'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const run = async (...args: string[]) => {
    const rows: string[] = [];
    return { status: await limenCommand(['audit', ...args], (row) => rows.push(row)), rows };
  };
  return { folder, run };
}

test('an exported log is proven by the key that is printed with it', async (t) => {
  const { folder, run } = machine(t);
  const file = join(folder, 'log');
  const { status, rows } = await run('export', file);
  assert.equal(status, 0);
  const key = /^key (.+)$/.exec(rows.at(-1)!)![1]!;
  const said: string[] = [];
  assert.equal(await auditCommand(['verify', file, '--key', key], (row) => said.push(row)), 0);
  assert.match(said[0]!, /^whole: .*lines 1 to \d+/);
});

test('where a TPM holds the key of the store, an export makes none beside it', async (t) => {
  const { folder, run } = machine(t);
  writeFileSync(join(folder, 'limen.key.tpm'), '{}');
  const { status, rows } = await run('export', join(folder, 'log'));
  assert.equal(status, 2);
  assert.match(rows[0]!, /^config\.invalid/);
  assert.equal(existsSync(join(folder, 'limen.key')), false);
});
