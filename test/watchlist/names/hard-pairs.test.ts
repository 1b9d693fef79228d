import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultNameThreshold } from '../../../main/watchlist/watchlist.ts';
import { readNamePairs } from '../../evaluate/name-pairs.ts';
import { scorePairs } from '../../evaluate/names.ts';

/** What is missed today of 142 pairs that are one person's, and taken for the same of 15 that are not. May only fall. */
const [missedToday, takenToday] = [11, 9];

test('of our hard pairs no more are missed than docs/names.md says', (t) => {
  const text = readFileSync(new URL('hard-pairs.tsv', import.meta.url), 'utf8');
  const { pairs } = scorePairs(readNamePairs(text));
  const missed = pairs.filter(({ same, score }) => same && score < defaultNameThreshold);
  const taken = pairs.filter(({ same, score }) => !same && score >= defaultNameThreshold);
  for (const { line } of [...missed, ...taken]) t.diagnostic(line);
  assert.equal(pairs.filter(({ same }) => same).length, 142);
  assert.ok(missed.length <= missedToday, `missed ${missed.length}`);
  assert.ok(taken.length <= takenToday, `taken for the same ${taken.length}`);
});

test('names are read in every form that the evaluation takes', () => {
  const [pair] = readNamePairs(
    '# a remark\n\nDE LA CRUZ<<JUAN<JOSE<<<\tDe la Cruz|Juan José|1980-02|cut\t1\tfillers\n',
  );
  assert.deepEqual(pair?.asked, { surname: 'DE LA CRUZ', givenNames: 'JUAN JOSE', birthDate: '', truncated: false });
  assert.deepEqual(pair?.listed, {
    surname: 'De la Cruz',
    givenNames: 'Juan José',
    birthDate: '1980-02',
    truncated: true,
  });
  assert.throws(() => readNamePairs('A\tB\tmaybe'), RangeError);
  assert.throws(() => readNamePairs('A|B|12.1.1980\tB\t1'), RangeError);
});
