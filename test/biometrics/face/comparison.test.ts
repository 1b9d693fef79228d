import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFaces, identificationThreshold, searchFaces } from '../../../main/biometrics/face/face-comparison.ts';
import type { FaceTemplate } from '../../../main/contract/biometrics.ts';

const model = 'dlib-face-recognition-resnet';
const of = (values: Iterable<number>): FaceTemplate => ({ model, version: '1', values: Float32Array.from(values) });
const direction = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .filter((values) => Math.hypot(...values) > 0.01)
  .map(of);

test('a face is most like itself, and likeness has no direction', () => {
  fc.assert(
    fc.property(direction, direction, (one, other) => {
      assert.ok(Math.abs(compareFaces(one, one).score - 1) < 1e-6);
      assert.equal(compareFaces(one, other).score, compareFaces(other, one).score);
      assert.ok(compareFaces(one, other).score <= 1 + 1e-6);
    }),
  );
});

test('templates of other models or versions are never compared', () => {
  const one = of([1, 0]);
  const incomparable = { code: 'template.incomparable' };
  assert.throws(() => compareFaces(one, { ...one, version: '2' }), incomparable);
  assert.throws(() => compareFaces({ ...one, model: 'another' }, one), incomparable);
  assert.throws(() => searchFaces(one, [one, { ...one, version: '2' }]), incomparable);
});

test('what is no direction is refused', () => {
  for (const values of [[], [0, 0], [NaN, 1], [Infinity, 1], [1, 0, 0]]) {
    assert.throws(() => compareFaces(of([1, 0]), of(values)), { code: 'template.malformed' });
  }
});

test('a search gives the same scores as the comparisons, in the order of the gallery', () => {
  fc.assert(
    fc.property(direction, fc.array(direction, { maxLength: 5 }), (probe, gallery) => {
      const scores = gallery.map((reference) => compareFaces(probe, reference).score);
      assert.deepEqual(searchFaces(probe, gallery), Float32Array.from(scores));
    }),
  );
});

test('a score that reaches the threshold matches; a search asks for more than a verification', () => {
  const { threshold } = compareFaces(of([1, 0]), of([1, 0]));
  assert.equal(compareFaces(of([1, 0]), of([1, 0]), 1).matched, true);
  assert.equal(compareFaces(of([1, 0]), of([0, 1]), threshold).matched, false);
  assert.ok(identificationThreshold() > threshold && threshold > 0);
});
