import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMutant, planted, simulate, tell } from './simulation.ts';

// npm run test:faults -- simulation --seeds 10000 for more.
const seeds = Number(process.env['LIMEN_SIMULATED_SEEDS'] ?? 60);

test('whatever a schedule does to kiosk, line and central: nothing promised is lost, nothing is there twice, lanes keep their order, all arrives', async () => {
  const outcomes = await simulate({ from: 1, seeds, processes: 2 });
  const wrong = outcomes.filter(({ violation }) => violation !== '');
  assert.equal(wrong.length, 0, wrong.map((outcome) => tell(outcome)).join('\n'));
  assert.equal(outcomes.length, seeds);
  const sum = (of: 'promised' | 'requests' | 'crashes') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
  // A schedule in which nothing happens proves nothing.
  assert.ok(sum('promised') > 5 * seeds && sum('crashes') > 2 * seeds);
  console.log(
    `${seeds} schedules: ${sum('promised')} promised, ${sum('requests')} requests, ${sum('crashes')} crashes`,
  );
});

test('a seed is a schedule: the same one to the last line of its trace', async () => {
  const [first, second] = [
    await simulate({ from: 7, seeds: 4, traced: true }),
    await simulate({ from: 7, seeds: 4, processes: 2, traced: true }),
  ];
  assert.ok(first.every(({ trace }) => trace.length > 20));
  assert.deepEqual(first, second);
});

for (const bug of planted)
  test(`a program that ${bug} is found out`, async () => {
    const found = await findMutant(bug, 60);
    assert.ok(found, 'not in 60 schedules');
    assert.doesNotMatch(found.violation, /a fault nobody expected/);
  });
