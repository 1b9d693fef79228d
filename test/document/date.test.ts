import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { birthDate, expiryDate } from '../../main/document/date.ts';

const today = '2026-11-24';

test('a birth date is never in the future', () => {
  const cases: Record<string, string | undefined> = {
    '261124': '2026-11-24',
    '261125': '1926-11-25',
    '2611<<': '2026-11',
    '2612<<': '1926-12',
    '26<<<<': '2026',
    '27<<<<': '1927',
    '740000': '1974',
    '7408<<': '1974-08',
    '<<<<<<': '',
    '000229': '2000-02-29',
    '040229': '2004-02-29',
    '280229': '1928-02-29',
    '260229': undefined,
    '741301': undefined,
    '74AB01': undefined,
  };
  for (const [field, date] of Object.entries(cases)) assert.equal(birthDate(field, today), date, field);
});

test('an expiry date takes the century that is nearest', () => {
  const cases: Record<string, string | undefined> = {
    '120415': '2012-04-15',
    '361124': '2036-11-24',
    '761124': '2076-11-24',
    '771124': '1977-11-24',
    '991231': '1999-12-31',
    '300230': undefined,
    '30<<<<': undefined,
  };
  for (const [field, date] of Object.entries(cases)) assert.equal(expiryDate(field, today), date, field);
});

test('every calendar day of the window survives, whatever the day it is read on', () => {
  const day = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2190-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, day, (now, other) => {
      const years = Number(other.slice(0, 4)) - Number(now.slice(0, 4));
      const field = other.slice(2).replaceAll('-', '');
      if (years > -50 && years <= 50) assert.equal(expiryDate(field, now), other);
      if (other <= now && years > -99) assert.equal(birthDate(field, now), other);
    }),
    { numRuns: 1000 },
  );
});
