import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { faults } from '../../main/contract/fault.ts';
import { Case, GateView, guard } from '../../main/contract/guard.ts';
import { Refusal } from '../../main/contract/packet.ts';
import { Diagnostics } from '../../main/contract/technician.ts';
import { factsOf, isReason, scoreFigure, spokenDate, statedReason, waitedFor } from '../../renderer/guard/figures.ts';
import { rgbaOf } from '../../renderer/guard/rgba.ts';
import { cases, diagnostics, gate } from '../../renderer/preview/staff-scenes.ts';
import { ageFigure, bytesFigure, faultWords } from '../../renderer/technician/figures.ts';
import { guardEn } from '../../renderer/words/guard-en.ts';
import { technicianEn } from '../../renderer/words/technician-en.ts';

test('a reason is shown with its score, its threshold and its references, and nothing else', () => {
  const reason = { code: 'watchlist-name', score: 0.94, threshold: 0.9, alert: 'A-1', listVersion: '7' } as const;
  assert.deepEqual(factsOf(reason, guardEn, 'en'), [
    { label: 'Score', value: '0.94' },
    { label: 'Threshold', value: '0.9' },
    { label: 'Alert reference', value: 'A-1' },
    { label: 'List version', value: '7' },
  ]);
  assert.deepEqual(factsOf({ code: 'time-out' }, guardEn, 'en'), []);
});

test('a score of zero is a score', () => {
  assert.equal(factsOf({ code: 'face-mismatch', score: 0, threshold: 0.4 }, guardEn, 'en').length, 2);
});

test('a score is shown as finely as its size asks for', () => {
  assert.deepEqual(
    [0.31274, 12.345, 1234.5].map((score) => scoreFigure(score, 'en')),
    ['0.3127', '12.3', '1,235'],
  );
});

test('a date is said as far as the document knows it', () => {
  assert.equal(spokenDate('1974-08-12', 'en', '-'), '12 August 1974');
  assert.equal(spokenDate('1974-08', 'en', '-'), 'August 1974');
  assert.equal(spokenDate('1974', 'en', '-'), '1974');
  assert.equal(spokenDate('1974-08', 'fr', '-'), 'août 1974');
  assert.equal(spokenDate('', 'en', '-'), '-');
});

test('a stated reason is always one the contract takes, or too short to send', () => {
  fc.assert(
    fc.property(fc.subarray([...guardEn.decision.choices]), fc.string({ maxLength: 900 }), (picked, written) => {
      const reason = statedReason(picked, written);
      const ask = { crossingId: '01980000-0000-7000-8000-000000000001', outcome: 'admit', reason };
      assert.equal(guard.decide.asks.safeParse(ask).success, isReason(reason));
    }),
  );
});

test('blanks are no reason', () => {
  assert.equal(isReason(statedReason([], '   \n ')), false);
  assert.equal(isReason(statedReason(['Document in doubt'], '')), true);
});

test('a wait is said in one unit', () => {
  assert.deepEqual(
    [-5, 59, 60, 3600].map((seconds) => waitedFor(seconds, 'en')),
    ['0 secs', '59 secs', '1 min', '1 hr'],
  );
});

test('a picture keeps its colours and becomes opaque', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual([...rgbaOf({ widthPx: 2, heightPx: 1, pixels })], [1, 2, 3, 255, 4, 5, 6, 255]);
});

test('bytes are said in the unit that fits', () => {
  assert.deepEqual(
    [0, 999, 1000, 1_843_200].map((bytes) => bytesFigure(bytes, 'en')),
    ['0 byte', '999 byte', '1 kB', '1.8 MB'],
  );
});

test('an age is said in its two largest units', () => {
  assert.deepEqual(
    [0, 59.9, 60, 5025, 90_000].map((seconds) => ageFigure(seconds, 'en')),
    ['0 secs', '59 secs', '1 min', '1 hr 23 mins', '1 day 1 hr'],
  );
});

test('a fault is said in words with its code, and a code nobody knows is shown as it is', () => {
  for (const code of Object.keys(faults))
    assert.match(faultWords(technicianEn.faults, code), new RegExp(`\\(${code}\\)$`));
  assert.equal(faultWords(technicianEn.faults, 'toString'), 'toString');
});

test('every refusal of the centre is said in words', () => {
  for (const refusal of Refusal.options)
    assert.match(faultWords(technicianEn.parked.refusals, refusal), new RegExp(`\\(${refusal}\\)$`));
});

test('the scenes of the staff windows are by the contract', () => {
  for (const each of cases()) assert(Case.safeParse(each).success, each.crossingId);
  assert(GateView.safeParse(gate).success);
  assert(Diagnostics.safeParse(diagnostics).success);
});
