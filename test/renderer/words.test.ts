import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from '../../main/contract/fault.ts';
import { languages } from '../../main/contract/traveller.ts';
import { travellerWords } from '../../renderer/words/languages.ts';
import { counted, fill } from '../../renderer/words/phrase.ts';
import { guardWords, staffLanguages, technicianWords } from '../../renderer/words/staff-languages.ts';
import { systemsWords } from '../../renderer/words/systems-languages.ts';

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

/** Words that two languages spell alike. */
const alike: readonly string[] = ['Score', 'Version', 'Download', 'document'];
const staff = { guard: guardWords, systems: systemsWords, technician: technicianWords };
for (const [name, words] of Object.entries(staff)) {
  const wanted = sentences(words.en);

  for (const language of languages) {
    test(`the ${name} words in ${language} say all that the English ones say, with the same blanks, and nothing is empty`, () => {
      const said = sentences(words[language]);
      assert.deepEqual([...said.keys()].toSorted(), [...wanted.keys()].toSorted());
      for (const [path, sentence] of said) {
        assert.equal(sentence, sentence.trim(), path);
        assert.notEqual(sentence, '', path);
        assert.deepEqual(braces(sentence), braces(wanted.get(path) ?? ''), path);
        if (language !== 'en' && !alike.includes(sentence)) assert.notEqual(sentence, wanted.get(path), path);
      }
    });
  }
}

test('the count of those who wait has a sentence for each plural category of its language', () => {
  for (const language of languages) {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    assert.deepEqual(Object.keys(guardWords[language].waiting).toSorted(), wanted.toSorted(), language);
  }
});

test('staff are offered the languages of travellers, each by its own name and in its own direction', () => {
  for (const language of languages) {
    assert.equal(staffLanguages[language].name, travellerWords[language].name);
    assert.equal(staffLanguages[language].dir, travellerWords[language].direction);
  }
});

test('the technician has words for every fault, in every language', () => {
  for (const language of languages)
    assert.deepEqual(Object.keys(technicianWords[language].faults).toSorted(), Object.keys(faults).toSorted());
});

test('a referral tells the traveller no reason', () => {
  for (const language of languages) {
    const { title, text } = travellerWords[language].referred;
    assert.deepEqual(braces(title + text), []);
  }
});
