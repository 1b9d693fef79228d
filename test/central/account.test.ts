import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountOf, visaLimits } from '../../central/ees/account.ts';
import { addDays } from '../../central/ees/calendar.ts';
import { itineraryOf, type Passage } from '../../central/ees/itinerary.ts';
import type { VisaFacts } from '../../main/contract/search.ts';

let last = 0;
const passage = (direction: 'entry' | 'exit', day: string, time = direction === 'entry' ? '08' : '20'): Passage => ({
  recordId: String(++last).padStart(6, '0'),
  direction,
  day,
  at: `${day}T${time}:00:00.000Z`,
});
const stay = (entry: string, exit: string) => [passage('entry', entry), passage('exit', exit)];
const visa: VisaFacts = {
  sticker: 'V1',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  days: 30,
  entries: 2,
};

test('who was here for 90 days is told both figures of the overstay, each by its name', () => {
  // The published example whose figures are easily taken for one another.
  const passages = [...stay('2013-06-28', '2013-08-09'), passage('entry', '2013-09-19')];
  const account = accountOf(itineraryOf(passages), '2014-03-01');
  assert.deepEqual(account, {
    usedDays: 164,
    overBy: 74,
    unlawfulDays: 117,
    firstUnlawfulDay: '2013-11-05',
    daysLeft: 0,
    insideSince: '2013-09-19',
    authorisedUntil: '2013-11-04',
    incomplete: false,
  });
});

test('what is left of a stay counts today, and ends where the stay is authorised to', () => {
  const inside = itineraryOf([passage('entry', '2026-03-01')]);
  const account = accountOf(inside, '2026-03-10');
  assert.deepEqual([account.usedDays, account.daysLeft, account.lastDay], [10, 81, '2026-05-29']);
  const byVisa = accountOf(inside, '2026-03-10', visa);
  assert.deepEqual([byVisa.daysLeft, byVisa.lastDay, byVisa.authorisedUntil], [21, '2026-03-30', '2026-03-30']);
  const late = accountOf(inside, '2026-04-02', visa);
  assert.deepEqual([late.daysLeft, late.lastDay, late.authorisedUntil], [0, undefined, '2026-03-30']);
});

test('a visa is spent by days and by entries made on it (R5)', () => {
  const first = itineraryOf(stay('2026-02-01', '2026-02-10')).stays;
  assert.deepEqual(visaLimits(visa, first, '2026-06-01'), { daysLeft: 20, lastDay: '2026-12-31', entriesLeft: 1 });
  const both = itineraryOf([...stay('2026-02-01', '2026-02-10'), ...stay('2026-03-01', '2026-03-05')]);
  assert.equal(visaLimits(visa, both.stays, '2026-06-01').entriesLeft, 0);
  assert.equal(accountOf(both, '2026-06-01', visa).daysLeft, 0);
  const before = itineraryOf(stay('2025-11-01', '2025-11-30')).stays;
  assert.deepEqual(visaLimits(visa, before, '2026-06-01'), { daysLeft: 30, lastDay: '2026-12-31', entriesLeft: 2 });
});

test('an entry or an exit that is missing is told, and only days that are proved count', () => {
  const twice = itineraryOf([passage('entry', '2026-01-01'), ...stay('2026-02-01', '2026-02-05')]);
  assert.deepEqual([twice.incomplete, accountOf(twice, '2026-03-01').usedDays], [true, 6]);
  const exitOnly = itineraryOf([passage('exit', '2026-01-05')]);
  assert.deepEqual([exitOnly.incomplete, accountOf(exitOnly, '2026-03-01').usedDays], [true, 1]);
  assert.equal(itineraryOf(stay('2026-02-01', '2026-02-05')).incomplete, false);
});

test('an exit into an earlier day across a border of zones ends the stay on its day of entry', () => {
  const passages = [
    passage('entry', '2026-05-02', '01'),
    { ...passage('exit', '2026-05-01'), at: '2026-05-02T02:00:00.000Z' },
  ];
  assert.deepEqual(itineraryOf(passages).stays, [{ entry: '2026-05-02', exit: '2026-05-02' }]);
});

const somePassages = fc
  .array(fc.tuple(fc.constantFrom('entry' as const, 'exit' as const), fc.nat(300)), { maxLength: 10 })
  .map((pairs) => pairs.map(([direction, after]) => passage(direction, addDays('2026-01-01', after))));

test('in which order passages are told changes nothing: a late one is counted where it belongs', () => {
  fc.assert(
    fc.property(
      somePassages.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
      ),
      fc.nat(400),
      ([all, shuffled], after) => {
        const today = addDays('2026-01-01', after);
        assert.deepEqual(itineraryOf(shuffled), itineraryOf(all));
        assert.deepEqual(accountOf(itineraryOf(shuffled), today, visa), accountOf(itineraryOf(all), today, visa));
      },
    ),
    { numRuns: 200 },
  );
});

test('a visa never gives more than the 90 in 180, and no account gives days that are not there', () => {
  fc.assert(
    fc.property(somePassages, fc.nat(400), fc.nat(120), (passages, after, days) => {
      const today = addDays('2026-01-01', after);
      const itinerary = itineraryOf(passages);
      const free = accountOf(itinerary, today);
      const bound = accountOf(itinerary, today, { ...visa, days, entries: 'many' });
      assert.ok(bound.daysLeft <= free.daysLeft && bound.daysLeft <= Math.max(0, days));
      for (const account of [free, bound]) {
        assert.equal(account.lastDay, account.daysLeft > 0 ? addDays(today, account.daysLeft - 1) : undefined);
        assert.ok(account.daysLeft <= 90 && account.usedDays <= 180);
      }
    }),
    { numRuns: 200 },
  );
});
