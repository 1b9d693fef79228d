import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  authorisedStay,
  type Day,
  longestStay,
  overstay,
  type Stay,
  usedDays,
  windowStart,
} from '../../central/ees/stay.ts';

const stays = (...pairs: readonly (readonly [Day, Day])[]): Stay[] => pairs.map(([entry, exit]) => ({ entry, exit }));
const addDays = (day: Day, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

test('examples that were published come out as they were published', () => {
  assert.equal(windowStart('2015-09-08'), '2015-03-13');

  const first = stays(['2014-08-15', '2014-09-30']);
  assert.equal(usedDays(first, '2014-09-30'), 47);
  assert.deepEqual(longestStay(first, '2015-01-01'), { days: 90, lastDay: '2015-03-31' });

  const second = stays(['2014-08-15', '2014-09-30'], ['2014-11-01', '2014-11-30']);
  assert.equal(usedDays(second, '2014-11-30'), 77);
  assert.equal(longestStay(second, '2014-11-30').lastDay, '2014-12-13');

  const fourth = stays(['2013-06-01', '2013-07-13'], ['2013-08-15', '2013-09-30'], ['2014-01-01', '2014-01-30']);
  assert.deepEqual([windowStart('2014-01-30'), usedDays(fourth, '2014-01-30')], ['2013-08-04', 77]);
  assert.equal(longestStay(fourth, '2014-01-30').lastDay, '2014-03-31');

  const fifth = stays(['2013-09-01', '2013-09-30'], ['2014-02-21', '2014-04-20'], ['2014-05-01', '2014-06-09']);
  assert.deepEqual([usedDays(fifth, '2014-06-09'), overstay(fifth, '2014-06-09').overBy], [99, 9]);
  assert.deepEqual(longestStay(fifth, '2014-08-30'), { days: 50, lastDay: '2014-10-18' });

  const sixth = stays(['2013-06-28', '2013-08-09'], ['2013-09-19', '2014-03-01']);
  assert.equal(usedDays(sixth, '2014-03-01'), 164);
  assert.deepEqual(overstay(sixth, '2014-03-01'), { overBy: 74, unlawfulDays: 117, firstUnlawfulDay: '2013-11-05' });
});

test('ninety days away give ninety new ones, eighty-nine give none', () => {
  const whole = stays(['2026-01-01', '2026-03-31']);
  assert.deepEqual(longestStay(whole, '2026-06-30'), { days: 90, lastDay: '2026-09-27' });
  assert.deepEqual(longestStay(whole, '2026-06-29'), { days: 0 });
  assert.deepEqual(longestStay([], '2028-01-15'), { days: 90, lastDay: '2028-04-13' });
});

test('days under a permit do not count, and a day in two stays is one', () => {
  const permit: Stay = { entry: '2026-01-01', exit: '2026-03-31', permitted: true };
  assert.equal(usedDays([permit], '2026-03-31'), 0);
  assert.equal(usedDays(stays(['2026-05-05', '2026-05-05'], ['2026-05-05', '2026-05-06']), '2026-05-06'), 2);
});

test('a stay that goes on counts up to the day of control', () => {
  assert.equal(usedDays([{ entry: '2026-01-01' }], '2026-01-10'), 10);
});

test('a visa allows the least of its days, its end and ninety', () => {
  const visa = { daysLeft: 30, lastDay: '2026-12-31', entriesLeft: 1 } as const;
  assert.deepEqual(authorisedStay([], '2026-06-01', visa), { days: 30, lastDay: '2026-06-30' });
  assert.deepEqual(authorisedStay([], '2026-12-30', visa), { days: 2, lastDay: '2026-12-31' });
  assert.deepEqual(authorisedStay([], '2027-01-01', visa), { days: 0 });
  assert.deepEqual(authorisedStay([], '2026-06-01', { ...visa, entriesLeft: 0 }), { days: 0 });
  assert.deepEqual(authorisedStay([], '2026-06-01', { ...visa, daysLeft: 365, entriesLeft: 'many' }).days, 90);
});

test('what is no day, or leaves before it enters, is refused', () => {
  for (const day of ['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', '']) {
    assert.throws(() => usedDays([{ entry: day }], '2026-06-01'), RangeError, day);
  }
  assert.throws(() => usedDays(stays(['2026-05-02', '2026-05-01']), '2026-06-01'), RangeError);
});

const someStays = fc
  .array(fc.tuple(fc.nat(400), fc.nat(120)), { maxLength: 6 })
  .map((pairs) =>
    pairs.map(([from, length]) => ({ entry: addDays('2025-01-01', from), exit: addDays('2025-01-01', from + length) })),
  );

test('where a stay is split at a midnight changes nothing', () => {
  fc.assert(
    fc.property(someStays, fc.nat(500), fc.nat(120), (all, at, cut) => {
      const control = addDays('2025-01-01', at);
      const split = all.flatMap(({ entry, exit }): Stay[] => {
        const middle = addDays(entry, cut);
        return middle < exit
          ? [
              { entry, exit: middle },
              { entry: addDays(middle, 1), exit },
            ]
          : [{ entry, exit }];
      });
      assert.deepEqual(
        [usedDays(split, control), longestStay(split, control), overstay(split, control)],
        [usedDays(all, control), longestStay(all, control), overstay(all, control)],
      );
    }),
    { numRuns: 200 },
  );
});

test('the longest stay is lawful to its last day and not a day longer', () => {
  fc.assert(
    fc.property(someStays, fc.nat(500), (all, at) => {
      const entry = addDays('2025-01-01', at);
      const past = all.filter(({ exit }) => exit < entry);
      const { days, lastDay } = longestStay(past, entry);
      const used = (length: number) => {
        const exit = addDays(entry, length - 1);
        return usedDays([...past, { entry, exit }], exit);
      };
      for (let length = 1; length <= days; length++) assert.ok(used(length) <= 90);
      assert.ok(days === 90 || used(days + 1) > 90);
      assert.equal(lastDay, days > 0 ? addDays(entry, days - 1) : undefined);
    }),
    { numRuns: 100 },
  );
});
