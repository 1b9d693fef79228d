import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartPolicy } from '../../main/shell/restart.ts';

const options = { firstDelayMs: 250, longestDelayMs: 4000, deathsAllowed: 3, windowMs: 60_000 };

test('each death in a row waits longer, up to a limit', () => {
  const policy = restartPolicy(options);
  const delays = Array.from({ length: 7 }, (_, index) => policy.died(index * 100).delayMs);
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 4000, 4000]);
});

test('too many deaths in the window put the kiosk out of service', () => {
  const policy = restartPolicy(options);
  const said = Array.from({ length: 5 }, (_, index) => policy.died(index * 1000).outOfService);
  assert.deepEqual(said, [false, false, false, true, true]);
});

test('deaths that lie far back are forgotten', () => {
  const policy = restartPolicy(options);
  for (let index = 0; index < 5; index++) policy.died(index);
  assert.deepEqual(policy.died(100_000), { delayMs: 250, outOfService: false });
});
