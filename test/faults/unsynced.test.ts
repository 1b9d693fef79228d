import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleConfig } from '../sim/demo/example-config.ts';
import { withDisk } from './disk.ts';
import { layOut } from './kill.ts';

const core = new URL('../sim/demo/core.ts', import.meta.url).pathname;

/** Starts a core whose disk fails at a sync of its store while it opens; what it logged, and how it ended. */
async function startOnDisk(syncFailsAt: number) {
  const field = await layOut();
  const stateDir = join(field.folder, 'state');
  mkdirSync(stateDir);
  const config = join(field.folder, 'kiosk.json');
  const credentials = field.credentials;
  writeFileSync(config, JSON.stringify(exampleConfig({ stateDir, credentials, centralPort: 9 })));
  const control = join(field.folder, 'control');
  const env = { ...process.env, LIMEN_CONFIG: config, LIMEN_DEMO_CONTROL: control };
  const disk = withDisk(stateDir, { syncFailsAt });
  const { status, stderr } = spawnSync(process.execPath, [core], { env: { ...env, ...disk }, encoding: 'utf8' });
  field.remove();
  const events = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { event: string }).event);
  return { status, events };
}

test('a core whose disk fails at a sync ends there and then, for the next one to read back what the disk has', async () => {
  for (const syncFailsAt of [3, 5]) {
    const { status, events } = await startOnDisk(syncFailsAt);
    assert.equal(status, 1);
    assert.deepEqual(events, ['store unsynced']);
  }
});
