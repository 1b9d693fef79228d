import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankCorrelation } from '../../evaluate/rank-correlation.ts';

test('lists in the same order correlate wholly, in the opposite order inversely', () => {
  assert.equal(rankCorrelation([1, 2, 3, 40], [0.1, 5, 6, 7]), 1);
  assert.equal(rankCorrelation([1, 2, 3, 40], [9, 8, 7, -3]), -1);
});

test('the correlation is the one counted by hand, equal values at their middle rank', () => {
  // Ranks 0.5, 0.5, 2, 3 and 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
  assert.ok(Math.abs(rankCorrelation([1, 1, 2, 3], [1, 2, 3, 4]) - 4.5 / Math.sqrt(4.5 * 5)) < 1e-12);
});
