import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newIdentifier } from '../../main/contract/identifier.ts';
import { CameraFrame } from '../../main/contract/image.ts';
import * as z from 'zod';

const frame = (widthPx: number, heightPx: number, bytes: number) => ({
  sequence: 1,
  takenAtMs: 0,
  sourceWidthPx: 1280,
  sourceHeightPx: 720,
  widthPx,
  heightPx,
  luma: new Uint8Array(bytes),
});

test('a frame whose bytes do not fit its size is refused', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 320 }),
      fc.integer({ min: 16, max: 320 }),
      fc.integer({ min: -40, max: 40 }),
      (w, h, off) => {
        const bytes = Math.max(0, w * h + off);
        assert.equal(CameraFrame.safeParse(frame(w, h, bytes)).success, bytes === w * h);
      },
    ),
  );
});

test('a frame of hostile numbers is refused', () => {
  for (const wrong of [Number.NaN, -1, 0, 1.5, 1e9, Infinity, '320', null])
    assert.equal(CameraFrame.safeParse({ ...frame(320, 240, 320 * 240), widthPx: wrong }).success, false);
  assert.equal(CameraFrame.safeParse({ ...frame(320, 240, 320 * 240), luma: 'x'.repeat(320 * 240) }).success, false);
  assert.equal(CameraFrame.safeParse({ ...frame(320, 240, 320 * 240), extra: 1 }).success, false);
});

test('identifiers are version 7, differ, and sort by their time', () => {
  const ids = [1_000, 2_000, 1_790_000_000_000].map(newIdentifier);
  for (const id of ids) assert.ok(z.uuidv7().safeParse(id).success, id);
  assert.deepEqual(ids.toSorted(), ids);
  assert.notEqual(newIdentifier(5), newIdentifier(5));
});
