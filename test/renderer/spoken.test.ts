import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { spokenIn } from './spoken.ts';

const screens = globSync('renderer/{guard,technician,traveller,parts}/**/*.tsx');

test('no window says a word that is not in renderer/words', () => {
  assert.ok(screens.length > 30, 'the screens were found');
  for (const file of screens) assert.deepEqual(spokenIn(readFileSync(file, 'utf8')), [], file);
});

test('no window formats for one language only', () => {
  for (const file of globSync('renderer/{guard,technician,parts}/**/*.{ts,tsx}')) {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /(figure|counted|Locale\w*String|Format)\('[a-z]{2}/, file);
    assert.doesNotMatch(text, /words\/(guard|technician|systems)-(en|fr|de|ar)/, file);
  }
});

test('a word in a text, in a choice and in a label is found, and what nobody reads is not', () => {
  const found = (inside: string) => spokenIn(`const a = ${inside};`);
  assert.deepEqual(found('<p>Hello</p>'), ['Hello']);
  assert.deepEqual(found("<p>{open ? 'Open' : `Shut ${why}`}</p>"), ['Open', 'Shut']);
  assert.deepEqual(found("<p>{fault && 'Broken'}</p>"), ['Broken']);
  assert.deepEqual(found('<p aria-label="Name" />'), ['Name']);
  assert.deepEqual(found("<p title={'Name'} />"), ['Name']);
  assert.deepEqual(found('<p className="name">{words.name} — 1 </p>'), []);
});
