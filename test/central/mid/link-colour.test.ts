import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreement, authorityOf, linkColour } from '../../../central/mid/link-colour.ts';

const likeness = ['same', 'different', 'absent'] as const;
const [W, Y, none] = ['white', 'yellow', undefined];

// Rows: biometrics; columns: identity same, similar, different, absent; in each: document same, different, absent.
const table = {
  same: [
    [W, Y, Y],
    [Y, Y, Y],
    [Y, Y, Y],
    [Y, Y, Y],
  ],
  different: [
    [Y, Y, Y],
    [Y, none, none],
    [Y, none, none],
    [Y, none, none],
  ],
  absent: [
    [W, none, none],
    [W, none, none],
    [Y, none, none],
    [Y, none, none],
  ],
} as const;

test('every combination of biometrics, identity and document has the colour of the table (R23)', () => {
  let rows = 0;
  for (const biometrics of likeness)
    for (const [column, identity] of (['same', 'similar', 'different', 'absent'] as const).entries())
      for (const [place, document] of likeness.entries()) {
        const agreement: Agreement = { biometrics, identity, document };
        const expected = table[biometrics][column]![place];
        assert.equal(linkColour(agreement, { newDocument: 'yellow' }), expected, JSON.stringify(agreement));
        const newDocument = biometrics === 'same' && identity === 'same' && document !== 'same';
        assert.equal(linkColour(agreement, { newDocument: 'white' }), newDocument ? 'white' : expected);
        rows++;
      }
  assert.equal(rows, 36);
});

test('no machine makes a green or a red link', () => {
  const made = Object.values(table).flat(2);
  assert.ok(made.every((colour) => colour === W || colour === Y || colour === none));
});

test('a link is judged by the authority of the file that came, and by SIRENE where the alert is reserved to it', () => {
  const ees = { system: 'EES', file: 'EES-1' };
  const visa = { system: 'VIS', file: 'V1' };
  const refusal = { system: 'SIS', file: 'S1', alertKind: 'refusal-of-entry' };
  assert.equal(authorityOf(ees, visa), 'border-authority');
  assert.equal(authorityOf(visa, ees), 'visa-authority');
  assert.equal(authorityOf(ees, refusal), 'border-authority');
  assert.equal(authorityOf(refusal, ees), 'sirene');
  for (const alertKind of ['arrest', 'missing', 'judicial', 'discreet-check', 'inquiry-check', 'specific-check'])
    for (const other of [ees, visa]) assert.equal(authorityOf(other, { ...refusal, alertKind }), 'sirene');
});
