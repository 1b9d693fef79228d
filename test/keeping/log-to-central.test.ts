import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import { type Central, openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { auditCommand } from '../../main/audit/command.ts';
import { openGate, passport } from '../kiosk.ts';

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !(await holds()); i++) {
    assert.ok(i < 6000, holds.toString());
    await setTimeout(10);
  }
}

/** How a check of a file ends, and what it says. */
async function verify(...args: string[]) {
  const rows: string[] = [];
  const status = await auditCommand(['verify', ...args], (row) => rows.push(row));
  return { status, said: rows.join('\n') };
}

test('what a kiosk logs goes over the line to central, and what central hands out is proven by a key that came from the kiosk', async () => {
  let central: Central | undefined;
  let folder = '';
  const gate = await openGate(
    {},
    {
      systems: async (centralFolder) => {
        folder = centralFolder;
        central = await openCentral(readDirectory(centralFolder));
        return { centralPort: central.port, audit: { checkpointMinutes: 0.1 } };
      },
    },
  );
  await gate.walkTo('passed');
  await gate.pass();
  await gate.at('attract');

  // While the kiosk runs, the technician has its log written, and hears the key.
  const { file, key } = await gate.tools.exportLog();
  const atKiosk = await verify(file, '--key', key);
  assert.equal(atKiosk.status, 0, atKiosk.said);
  const written = readFileSync(file, 'utf8')
    .split('\n')
    .filter((row) => row.startsWith('{'));
  assert.ok(written.some((row) => row.includes('"crossing-concluded"')));

  const { kioskLogs } = central!.services;
  await until(async () => ((await kioskLogs.logs())[0]?.size ?? 0) >= written.length);
  const [log] = await kioskLogs.logs();
  assert.deepEqual([log!.key, log!.waiting, await kioskLogs.alarms()], [key, 0, []]);

  // As an operator does: the command prints how it stands, and hands out the log as a file.
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['central/audits.ts', '--dir', folder, ...args], { encoding: 'utf8' });
  const listed = run();
  assert.equal(listed.status, 0, listed.stderr);
  assert.deepEqual(
    listed.stdout
      .split('\n')
      .filter(Boolean)
      .map((row) => (JSON.parse(row) as { origin: string }).origin),
    [log!.origin],
  );
  const exported = join(folder, 'exported');
  writeFileSync(exported, run('--origin', log!.origin).stdout);
  const atCentral = await verify(exported, '--key', key);
  assert.equal(atCentral.status, 0, atCentral.said);
  const rows = readFileSync(exported, 'utf8')
    .split('\n')
    .filter((row) => row.startsWith('{'));
  assert.deepEqual(rows.slice(0, written.length), written, 'to the byte, what the kiosk wrote');
  const name = passport.lines!.flatMap((line) => line.split(/<+/)).filter((part) => part.length > 4);
  assert.ok(name.length > 0 && name.every((part) => !rows.join().includes(part)));

  // The control: one byte of one line, and it is found.
  writeFileSync(exported, readFileSync(exported, 'utf8').replace('"outcome":"clear"', '"outcome":"clean"'));
  const altered = await verify(exported, '--key', key);
  assert.equal(altered.status, 1);
  assert.match(altered.said, /^altered: lines? \d+/);
  await gate.close();
  await central!.close();
});
