import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { encode } from 'cborg';
import { rootOfAlerts } from '../../main/list-root.ts';
import { takeUp } from './alerts.ts';
import { type Disk, filesWith, newDisk } from './disk.ts';
import { listOf, traces } from './planted.ts';

const found = ({ directory }: Disk) => traces.flatMap((trace) => filesWith(directory, trace));

test('the look finds what is planted where it lies open', () => {
  using disk = newDisk();
  writeFileSync(join(disk.directory, 'open.cbor'), encode(listOf(1)));
  assert.equal(new Set(found(disk)).size, 1);
});

test('nothing of an alert can be read from the disk: while a list is made, in use, changed, replaced, erased', () => {
  using disk = newDisk();
  const store = disk.open();
  const now = new Date().toISOString();
  const draft = store.watchlist.draft('nothing');
  for (const alert of listOf(1)) draft.put(alert);
  draft.root();
  assert.deepEqual(found(disk), []);
  draft.commit({ version: 1, madeAt: now });
  assert.deepEqual(found(disk), []);
  const changes = store.watchlist.draft('current');
  for (const alert of listOf(3)) changes.put(alert);
  changes.commit({ version: 2, madeAt: now });
  assert.deepEqual(found(disk), []);
  takeUp(store, 3, listOf(3), now);
  assert.equal([...store.watchlist.alerts()].length, 40);
  assert.deepEqual(found(disk), []);
  store.watchlist.eraseThrough(3);
  assert.deepEqual(found(disk), []);
  store.close();
  assert.deepEqual(found(disk), []);
});

test('a core killed at any point leaves one whole list, none older than promised, and nothing that can be read', async () => {
  using disk = newDisk();
  const script = new URL('list-writer.ts', import.meta.url).pathname;
  let promised = 0;
  for (let cycle = 0; cycle < 6; cycle++) {
    const child = spawn(process.execPath, [script, disk.file, Buffer.from(disk.key).toString('hex')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const lines = randomInt(1, 8);
    let said = 0;
    for await (const line of createInterface(child.stdout)) {
      promised = Number(line);
      if (++said !== lines) continue;
      await sleep(randomInt(60));
      child.kill('SIGKILL');
    }
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(found(disk), []);
    const store = disk.open();
    const { version, root, count } = store.watchlist.current()!;
    assert.ok(version === promised || version === promised + 1, `${version} after ${promised}`);
    assert.deepEqual([Buffer.from(root), count], [rootOfAlerts(listOf(version)), 40]);
    assert.deepEqual(rootOfAlerts(store.watchlist.alerts()), Buffer.from(root));
    assert.equal(store.watchlist.copies().length, 1);
    store.close();
  }
});
