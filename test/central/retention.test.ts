import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMonths, addYears, dayAt } from '../../central/ees/calendar.ts';
import { afterExit, withoutExit } from '../../central/ees/retention.ts';

test('records go three years after the exit, the dossier a day later, its logs after another year', () => {
  assert.deepEqual(afterExit('2026-05-10'), {
    recordEraseOn: '2029-05-10',
    dossierEraseOn: '2029-05-11',
    logEraseOn: '2030-05-10',
  });
});

test('who has not left is kept for five years after the authorised stay, and told of three months before', () => {
  const { recordEraseOn, noticeOn } = withoutExit('2026-05-10');
  assert.deepEqual([recordEraseOn, noticeOn], ['2031-05-10', '2031-02-10']);
});

test('members of the family of a citizen are kept for one year', () => {
  assert.deepEqual(afterExit('2026-05-10', true).dossierEraseOn, '2027-05-10');
});

test('a term that ends in a shorter month ends with that month', () => {
  assert.equal(addYears('2028-02-29', 3), '2031-02-28');
  assert.equal(addYears('2028-02-29', 4), '2032-02-29');
  assert.equal(addMonths('2031-05-31', -3), '2031-02-28');
  assert.equal(addMonths('2026-12-31', 2), '2027-02-28');
  assert.equal(addMonths('2026-01-31', -1), '2025-12-31');
});

test('the day of an event is that of the place, not that of Greenwich', () => {
  const at = '2026-06-30T23:30:00.000Z';
  assert.deepEqual(
    ['UTC', 'Europe/Berlin', 'Atlantic/Azores'].map((zone) => dayAt(at, zone)),
    ['2026-06-30', '2026-07-01', '2026-06-30'],
  );
  assert.throws(() => dayAt(at, 'Mars/Olympus'), RangeError);
});
