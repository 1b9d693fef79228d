import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFaces, identificationThreshold } from '../../../main/biometrics/face/face-comparison.ts';
import { FaceEmbedder, type FaceTemplate } from '../../../main/contract/biometrics.ts';
import { findModel } from '../../../models/manifest.ts';

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
});

test('what is no direction is refused', () => {
  for (const values of [[], [0, 0], [NaN, 1], [Infinity, 1], [1, 0, 0]]) {
    assert.throws(() => compareFaces(of([1, 0]), of(values)), { code: 'template.malformed' });
  }
});

test('a score that reaches the threshold matches; a search asks for more than a verification', () => {
  const { threshold } = compareFaces(of([1, 0]), of([1, 0]));
  assert.equal(compareFaces(of([1, 0]), of([1, 0]), 1).matched, true);
  assert.equal(compareFaces(of([1, 0]), of([0, 1]), threshold).matched, false);
  assert.ok(identificationThreshold() > threshold && threshold > 0);
});

test('the estimated rate of false matches falls as the score rises, and never below what the data tells', () => {
  const rateAt = (score: number) =>
    compareFaces(of([1, 0]), of([score, Math.sqrt(1 - score ** 2)])).falseMatchRate ?? NaN;
  for (const embedder of FaceEmbedder.options) {
    const { calibration } = findModel(embedder);
    assert.ok(calibration?.points.every(([score], index) => index === 0 || score > calibration.points[index - 1]![0]));
  }
  const score = fc.double({ min: -0.99, max: 0.99, noNaN: true });
  fc.assert(fc.property(score, score, (a, b) => assert.ok(a < b ? rateAt(a) >= rateAt(b) : rateAt(b) >= rateAt(a))));
  assert.equal(rateAt(0.999), findModel(model).calibration?.points.at(-1)?.[1]);
  const { threshold } = compareFaces(of([1, 0]), of([1, 0]));
  assert.ok(rateAt(threshold) > 4e-4 && rateAt(threshold) < 6e-4);
});
