import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { SealedFile } from '../../main/uplink/sealed-file.ts';
import { newDisk } from '../store/disk.ts';

const whole = async (file: SealedFile) => {
  const blocks: Uint8Array[] = [];
  for await (const block of file.read()) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks);
};

test('what is appended, in pieces of any size, is read as it was; of it nothing lies on the disk', async () => {
  using disk = newDisk();
  const path = join(disk.directory, 'download');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 6 }), async (sizes) => {
      const file = await SealedFile.make(path);
      const pieces = sizes.map((size) => randomBytes(size));
      for (const piece of pieces) await file.append(piece);
      const all = Buffer.concat(pieces);
      assert.ok((await whole(file)).equals(all));
      assert.equal(file.sha256(), hash('sha256', all));
      assert.equal(file.length, all.length);
      assert.ok(all.length < 1000 || !readFileSync(path).includes(all.subarray(0, 32)));
      await file.discard();
    }),
    { numRuns: 20 },
  );
  assert.ok(!readdirSync(disk.directory).includes('download'));
});

test('a block that was changed, moved or cut off on the disk is not read', async () => {
  using disk = newDisk();
  const path = join(disk.directory, 'download');
  const file = await SealedFile.make(path);
  await file.append(randomBytes(200_000));
  const sealed = readFileSync(path);
  const block = 64 * 1024 + 16;
  const changed = Buffer.from(sealed);
  changed[70_000]! ^= 1;
  const swapped = Buffer.concat([
    sealed.subarray(block, 2 * block),
    sealed.subarray(0, block),
    sealed.subarray(2 * block),
  ]);
  for (const other of [changed, swapped, sealed.subarray(0, sealed.length - 1)]) {
    writeFileSync(path, other);
    await assert.rejects(whole(file), { code: 'store.corrupt' });
  }
  writeFileSync(path, sealed);
  assert.equal((await whole(file)).length, 200_000);
  await file.discard();
});
