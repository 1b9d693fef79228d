import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readOperations, writeOperation } from '../../main/publication/operations.ts';
import { putting, upTo } from './list-field.ts';

async function read(bytes: Uint8Array, piece: number): Promise<unknown[]> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const operations = [];
  for await (const operation of readOperations(pieces())) operations.push(operation);
  return operations;
}

const operations = [{ remove: 'A' }, ...putting(...upTo(9)), { remove: 'Ä' }];
const written = Buffer.concat(operations.map(writeOperation));

test('operations are read as they were written, in whatever pieces they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (piece) => {
      assert.deepEqual(await read(written, piece), operations);
    }),
    { numRuns: 30 },
  );
});

test('a file of any bytes is read or refused, and so is one that was cut, doubled or put in another order', async () => {
  const parts = operations.map(writeOperation);
  const bad = [
    written.subarray(0, -1),
    Buffer.concat([written, written]),
    Buffer.concat(parts.toReversed()),
    Buffer.from('ffffffff', 'hex'),
    Buffer.concat([Buffer.of(0, 0, 0, 1), Buffer.of(0x80)]),
  ];
  for (const bytes of bad) await assert.rejects(read(bytes, 100), { code: 'watchlist.malformed' });
  await fc.assert(
    fc.asyncProperty(fc.nat(written.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const bytes = Buffer.from(written);
      bytes[at]! ^= flip;
      await read(bytes, 1000).catch((error: unknown) =>
        assert.equal((error as { code?: string }).code, 'watchlist.malformed'),
      );
    }),
  );
});
