import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { uuidv7 } from '../uplink/records.ts';
import { contents, fill, newDisk, packet } from './disk.ts';

const mebibyte = 1024 ** 2;

test('an outbox at its cap admits nobody, keeps what it has, and still gets rid of what is acknowledged', () => {
  using disk = newDisk();
  const store = disk.open({ maxBytes: 200_000 });
  assert.ok(store.admits());
  const packets = Array.from({ length: 19 }, () => packet(10_000));
  fill(store, packets);
  assert.ok(!store.admits());
  const crossingId = uuidv7();
  store.begin({ crossingId, startedAt: '2026-11-24T04:10:00.000Z' });
  assert.throws(() => store.conclude({ crossingId, outcome: 'clear' }, [packet(20_000)]), {
    name: 'Fault',
    code: 'store.full',
  });
  // It is still under way: nothing of it was stored, and nobody forgot it.
  assert.deepEqual([store.interrupted().length, contents(store)], [1, packets]);
  store.outbox.acknowledge(packets.slice(0, 10).map(({ id }) => id));
  assert.ok(store.admits());
  store.close();
});

const tmpfs = (directory: string) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

test('on a disk filled to the last byte nobody is admitted, and acknowledging works by giving up the reserve', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'limen-full-'));
  if (!tmpfs(directory)) {
    rmSync(directory, { recursive: true });
    return context.skip('needs the right to mount');
  }
  try {
    const store = newDisk(directory).open({ reserveBytes: 8 * mebibyte });
    const packets = Array.from({ length: 12 }, () => packet(200_000));
    fill(store, packets);
    assert.ok(store.admits());
    const filler = join(directory, 'filler');
    assert.throws(() => writeFileSync(filler, new Uint8Array(64 * mebibyte)), { code: 'ENOSPC' });
    assert.ok(!store.admits());
    // Under way when the disk filled up.
    packets.push(packet(mebibyte));
    fill(store, packets.slice(-1));
    assert.deepEqual(contents(store), packets);
    store.outbox.acknowledge(packets.slice(0, 6).map(({ id }) => id));
    store.outbox.purge();
    assert.deepEqual([contents(store), existsSync(join(directory, 'store.db.reserve'))], [packets.slice(6), false]);
    assert.ok(!store.admits());
    assert.throws(() => writeFileSync(filler, new Uint8Array(64 * mebibyte)), { code: 'ENOSPC' });
    assert.throws(() => fill(store, [packet(mebibyte)]), { name: 'Fault', code: 'store.full' });
    assert.deepEqual(contents(store), packets.slice(6));
    rmSync(filler);
    store.outbox.purge();
    assert.ok(store.admits());
    store.close();
  } finally {
    execFileSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true });
  }
});
