import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from '../../main/contract/fault.ts';
import { languages } from '../../main/contract/traveller.ts';
import { guardEn } from '../../renderer/words/guard-en.ts';
import { travellerWords } from '../../renderer/words/languages.ts';
import { counted, fill } from '../../renderer/words/phrase.ts';
import { technicianEn } from '../../renderer/words/technician-en.ts';

/** Each sentence by its path; the sentences of a plural, which differ by language, under the plural's own path. */
function sentences(words: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const here = `${path}/${key}`;
    if (typeof value === 'string') found.set(here, value);
    else if ('other' in value) found.set(here, value.other);
    else for (const [each, sentence] of sentences(value, here)) found.set(each, sentence);
  }
  return found;
}

function braces(sentence: string): string[] {
  return [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();
}

const english = sentences(travellerWords.en);

for (const language of languages) {
  const words = travellerWords[language];
  const own = sentences(words);

  test(`${language} says all that English says`, () => {
    assert.deepEqual([...own.keys()].toSorted(), [...english.keys()].toSorted());
  });

  test(`${language} leaves nothing unsaid and nothing untrimmed`, () => {
    for (const [path, sentence] of own) {
      assert.notEqual(sentence, '', path);
      assert.equal(sentence, sentence.trim(), path);
    }
  });

  test(`${language} has the same blanks to fill as English`, () => {
    for (const [path, sentence] of own) assert.deepEqual(braces(sentence), braces(english.get(path) ?? ''), path);
  });

  test(`${language} has a sentence for each of its plural categories`, () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    assert.deepEqual(Object.keys(words.warning.left).toSorted(), wanted.toSorted());
  });
}

test('no other language repeats an English sentence', () => {
  const alike = new Set(['/steps/document', '/steps/finger', '/direction', '/finger/names/unknown']);
  for (const language of languages.filter((each) => each !== 'en')) {
    for (const [path, sentence] of sentences(travellerWords[language])) {
      if (!alike.has(path)) assert.notEqual(sentence, english.get(path), `${language}${path}`);
    }
  }
});

test('Arabic counts by its six plurals', () => {
  const left = travellerWords.ar.warning.left;
  const said = [0, 1, 2, 3, 11, 100].map((count) => counted('ar', left, 'seconds', count));
  assert.equal(new Set(said).size, 6);
  assert.match(said[1] ?? '', /ثانية واحدة/);
  assert.match(said[2] ?? '', /ثانيتين/);
  assert.match(said[3] ?? '', /ثوانٍ/);
  assert.match(said[4] ?? '', /ثانية/);
});

test('one second is said in the singular', () => {
  assert.equal(counted('en', travellerWords.en.warning.left, 'seconds', 1), 'This crossing ends in 1 second.');
  assert.equal(counted('de', travellerWords.de.warning.left, 'seconds', 2), 'Der Vorgang endet in 2 Sekunden.');
});

test('a blank without a value stays to be seen', () => {
  assert.equal(fill('{one} of {two}', { one: '1' }), '1 of {two}');
});

test('the staff windows leave nothing unsaid', () => {
  for (const words of [guardEn, technicianEn]) {
    for (const [path, sentence] of sentences(words)) assert.notEqual(sentence.trim(), '', path);
  }
});

test('the technician has words for every fault', () => {
  assert.deepEqual(Object.keys(technicianEn.faults).toSorted(), Object.keys(faults).toSorted());
});

test('a referral tells the traveller no reason', () => {
  for (const language of languages) {
    const { title, text } = travellerWords[language].referred;
    assert.deepEqual(braces(title + text), []);
  }
});
