import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Findings } from '../../main/contract/findings.ts';
import { Notice, Present, SearchStatus } from '../../main/contract/guard.ts';
import type { SearchHit } from '../../main/contract/search.ts';
import { languages } from '../../main/contract/traveller.ts';
import { stateOf } from '../../renderer/guard/states.ts';
import { dayIn, hitFacts } from '../../renderer/guard/hit-facts.ts';
import { cases, notices, present, searchStatus } from '../../renderer/preview/staff-scenes.ts';
import { systemsWords } from '../../renderer/words/systems-languages.ts';
import { dossier } from '../search/lines-of.ts';

test('a source that has not told all is never shown as one where nothing is, in any language', () => {
  for (const language of languages) {
    const words = systemsWords[language];
    for (const state of ['waiting', 'partial', 'unavailable', 'unnamed'] as const) {
      const shown = stateOf({ source: 'SIS', state, by: 'portal', hits: [] }, words, language);
      assert.ok(shown.length > 0 && !shown.includes(words.nothing), `${language} ${state}`);
    }
    assert.equal(stateOf({ source: 'SIS', state: 'complete', by: 'portal', hits: [] }, words, language), words.nothing);
  }
});

test('the stay is read first, what is amiss is marked, the reference comes last', () => {
  const shown = hitFacts(dossier, 'en').map(({ label, value, weight }) => `${weight} ${label}: ${value}`);
  assert.deepEqual(shown, ['main Days left: 78', 'main Days used of 90: 12', 'plain Reference: EES-1']);
  const over = { ...dossier, facts: { ...dossier.facts, daysLeft: 0, overBy: 4, incomplete: true } } as SearchHit;
  assert.deepEqual(hitFacts(over, 'en').filter(({ weight }) => weight === 'bad').length, 3);
  assert.equal(hitFacts({ ...dossier, differs: ['finger'] }, 'en')[0]?.weight, 'bad');
});

test('a discreet, an inquiry and a specific check ask the guard for different things, in every language (R19)', () => {
  for (const language of languages) {
    const { actions } = systemsWords[language];
    assert.equal(new Set(Object.values(actions)).size, Object.keys(actions).length, language);
  }
});

test('days are told in the calendar of documents', () => {
  for (const language of languages)
    assert.match(
      dayIn(language, '2026-11-20').replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)),
      /2026/,
    );
});

test('the pictures of the guard’s window are of what the contract allows', () => {
  Present.parse(present());
  for (const notice of notices()) Notice.parse(notice);
  for (const scene of ['manual', 'present', 'referred']) SearchStatus.parse(searchStatus(scene));
  for (const { findings } of cases()) if (findings) Findings.parse(findings);
});
