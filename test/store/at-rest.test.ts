import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import { readOrCreateKey } from '../../main/store/key.ts';
import { openStore } from '../../main/store/store.ts';
import { contents, fill, filesWith, newDisk, packet, sha256 } from './disk.ts';

const marker = Buffer.from('PLANTED-MARKER-7f3a');
const marked = () =>
  packet(30_000, { sealed: new Uint8Array(Buffer.concat([randomBytes(20_000), marker, randomBytes(10_000)])) });

/** The pages of a store as they are under the encryption, free ones too. */
function pages({ file, key }: { file: string; key: Uint8Array }): Buffer {
  const database = new Database(file);
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  const bytes = database.serialize();
  database.close();
  return bytes;
}

test('after an acknowledgement no byte of a packet is left: not in the pages, not in the log, not in the folder', () => {
  using disk = newDisk();
  let store = disk.open();
  const packets = Array.from({ length: 8 }, marked);
  fill(store, packets);
  store.close();
  // The control: the same look finds the markers while the packets are there.
  assert.ok(pages(disk).includes(marker));
  store = disk.open();
  store.outbox.acknowledge(packets.map(({ id }) => id));
  store.outbox.purge();
  const sizes = readdirSync(disk.directory).map((name) => [name, statSync(join(disk.directory, name)).size]);
  assert.equal(Object.fromEntries(sizes)['store.db-wal'], 0);
  assert.deepEqual(filesWith(disk.directory, marker), []);
  store.close();
  const left = pages(disk);
  assert.ok(!left.includes(marker));
  // Beginnings and ends, too: of a packet cut into pages each piece is gone.
  for (const { sealed } of packets)
    for (let at = 0; at + 16 <= sealed.length; at += 1000)
      assert.ok(!left.includes(Buffer.from(sealed.subarray(at, at + 16))));
  using empty = newDisk();
  empty.open().close();
  assert.ok(left.length < pages(empty).length + 30_000, 'the space was given back');
});

test('nothing that is stored can be read from the disk, and what is written without a seal would be', () => {
  using disk = newDisk();
  const store = disk.open();
  fill(store, [marked()]);
  assert.deepEqual(filesWith(disk.directory, marker), []);
  assert.deepEqual(filesWith(disk.directory, Buffer.from('SQLite format 3')), []);
  const plain = new Database(join(disk.directory, 'plain.db'));
  plain.exec(`CREATE TABLE t (a BLOB); INSERT INTO t VALUES ('${marker.toString()}')`);
  plain.close();
  assert.deepEqual(filesWith(disk.directory, marker), [join(disk.directory, 'plain.db')]);
  store.close();
});

test('a wrong key, a short key and a foreign file are told apart from an empty store', () => {
  using disk = newDisk();
  const store = disk.open();
  fill(store, [packet()]);
  store.close();
  assert.throws(() => openStore({ file: disk.file, key: randomBytes(32) }), { name: 'Fault', code: 'store.corrupt' });
  assert.throws(() => openStore({ file: disk.file, key: randomBytes(31) }), { name: 'Fault', code: 'config.invalid' });
  assert.throws(() => openStore({ file: disk.directory, key: disk.key }), { name: 'Fault', code: 'store.failed' });
  const foreign = join(disk.directory, 'foreign.db');
  writeFileSync(foreign, randomBytes(10_000));
  assert.throws(() => openStore({ file: foreign, key: disk.key }), { name: 'Fault', code: 'store.corrupt' });
});

test('a flipped or missing byte is a typed fault or a parked packet, never another packet', () => {
  using disk = newDisk();
  const store = disk.open();
  const packets = Array.from({ length: 20 }, () => packet(9000));
  fill(store, packets);
  store.close();
  const sound = readFileSync(disk.file);
  const digests = new Map(packets.map(({ id, sealed }) => [id, sha256(sealed)]));
  const seen = { faults: 0, parked: 0 };
  const look = (spoilt: Uint8Array) => {
    writeFileSync(disk.file, spoilt);
    try {
      const store = disk.open();
      try {
        for (const { id, sealed } of contents(store)) assert.equal(sha256(sealed), digests.get(id));
        seen.parked += store.outbox.stats().parked;
      } finally {
        store.close();
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      assert.ok(['store.corrupt', 'store.failed'].includes(error.code), error.code);
      seen.faults++;
    }
  };
  const flip = fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(flip, ([at, change]) => look(sound.map((byte, i) => (i === at ? byte ^ change : byte)))),
    { numRuns: 60 },
  );
  // A file cut off within a page is the case SQLite takes for a page of zeros.
  for (let at = 0; at < sound.length; at += 4096) look(sound.subarray(0, at + 1));
  assert.ok(seen.faults > 0 && seen.parked > 0, JSON.stringify(seen));
});

test('the key is made once, is for its owner only, and a spoilt one is not replaced in silence', () => {
  using disk = newDisk();
  const file = join(disk.directory, 'store.key');
  const key = readOrCreateKey(file);
  assert.deepEqual([key.length, statSync(file).mode & 0o777], [32, 0o600]);
  assert.deepEqual(readOrCreateKey(file), key);
  assert.deepEqual(readdirSync(disk.directory), ['store.key']);
  chmodSync(file, 0o644);
  assert.throws(() => readOrCreateKey(file), { code: 'config.invalid' });
  chmodSync(file, 0o600);
  truncateSync(file, 31);
  assert.throws(() => readOrCreateKey(file), { code: 'store.corrupt' });
  assert.throws(() => readOrCreateKey(join(disk.directory, 'nowhere', 'store.key')), { code: 'store.failed' });
});
