import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { identifiersFollow, newIdentifier } from '../../main/contract/identifier.ts';

const timeOf = (id: string) => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test('ids go up whatever the clock is set to, and are UUIDv7s', () => {
  let last = '';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 46 }), (nowMs) => {
      const id = newIdentifier(nowMs);
      assert.ok(z.uuidv7().safeParse(id).success, id);
      assert.ok(id > last, `${id} after ${last}`);
      assert.ok(timeOf(id) >= nowMs);
      last = id;
    }),
    { numRuns: 2000 },
  );
});

test('an id is of its time while the clock goes on, and a core that starts again follows what its store knows', () => {
  const nowMs = 2 ** 46 + 1000;
  assert.equal(timeOf(newIdentifier(nowMs)), nowMs);
  const known = '500000000000-7fff-bfff-ffffffffffff'.replace(/^(.{8})(.{4})/, '$1-$2');
  identifiersFollow(known);
  identifiersFollow('no id');
  identifiersFollow('');
  const next = newIdentifier(nowMs);
  // Every random bit of the known one is set: the count goes over into its time.
  assert.ok(next > known, next);
  assert.equal(timeOf(next), 0x5000_0000_0001);
  assert.ok(z.uuidv7().safeParse(next).success);
});
