import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorRates } from '../../evaluate/error-rates.ts';

test('scores that never mix give no errors', () => {
  assert.deepEqual(errorRates([5, 6, 7], [1, 2, 3]), { eer: 0, fmr100: 0, fmr1000: 0, zeroFmr: 0 });
});

test('scores that are always the wrong way round give nothing but errors', () => {
  assert.deepEqual(errorRates([1, 2], [3, 4]), { eer: 1, fmr100: 1, fmr1000: 1, zeroFmr: 1 });
});

test('equal scores tell nothing', () => {
  assert.deepEqual(errorRates([1, 1], [1, 1]), { eer: 0.5, fmr100: 1, fmr1000: 1, zeroFmr: 1 });
});

test('the rates are those counted by hand', () => {
  const genuine = [1.5, 4.5, 6, 7, 8, 9, 10, 11, 12, 13];
  const impostor = [...Array.from({ length: 199 }, (_, i) => i / 100), 5];
  const rates = errorRates(genuine, impostor);
  assert.equal(rates.zeroFmr, 0.2);
  assert.equal(rates.fmr1000, 0.2);
  assert.equal(rates.fmr100, 0.1);
  assert.ok(rates.eer > 0.05 && rates.eer < 0.15);
});
