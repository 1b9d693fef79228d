import assert from 'node:assert/strict';
import { test } from 'node:test';
import { romanise } from '../../../main/watchlist/names/romanise.ts';

const words = (name: string) =>
  romanise(name)
    .map(({ letters }) => letters)
    .join(' ');

test('names of other scripts come out in the letters of the zone', () => {
  const cases: Readonly<Record<string, string>> = {
    'Müller-Lüdenscheidt': 'MUELLER LUEDENSCHEIDT',
    Хрущёв: 'KHRUSHCHEV',
    Παπανδρέου: 'PAPANDREOU',
    Ευαγγέλου: 'EVANGELOU',
    محمد: 'MXHMD',
    'בן דוד': 'BN DVD',
    习近平: 'XI JIN PING',
    欧阳: 'OU YANG',
    이: 'LEE',
    박근혜: 'PARK GEUN HYE',
    지우: 'JI U',
    გიორგი: 'GIORGI',
    Սարգսյան: 'SARGSYAN',
  };
  for (const [name, latin] of Object.entries(cases)) assert.equal(words(name), latin, name);
});

test('a word tells whether its vowels are known, and whether it is a syllable', () => {
  assert.deepEqual(romanise('كريم'), [{ letters: 'KRYM', bare: true, syllable: false }]);
  assert.deepEqual(romanise('오'), [{ letters: 'OH', bare: false, syllable: true }]);
  assert.deepEqual(romanise('O'), [{ letters: 'O', bare: false, syllable: false }]);
});

test('what no table knows is left out, and nothing breaks on it', () => {
  assert.deepEqual(romanise(''), []);
  assert.deepEqual(romanise(' \u0000 123 😀 '), []);
  assert.equal(words('O’Brien\uD800'), 'OBRIEN');
});
