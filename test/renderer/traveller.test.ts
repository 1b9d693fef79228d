import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChallengePrompt, FaceHint, FingerHint, FingerPosition } from '../../main/contract/biometrics.ts';
import { DocumentHint } from '../../main/contract/document.ts';
import { languages, View } from '../../main/contract/traveller.ts';
import { secondsLeftAt, worthSaying } from '../../renderer/traveller/countdown.ts';
import { mayLeave, stepOf, tellingOf, type SpokenView } from '../../renderer/traveller/telling.ts';
import { travellerScenes } from '../../renderer/preview/scenes.ts';

function* spokenViews(): Generator<SpokenView> {
  for (const language of languages) {
    for (const hint of DocumentHint.options) yield { stage: 'document', language, hint, attempt: 2, attempts: 3 };
    for (const hint of FaceHint.options) yield { stage: 'face', language, hint, box: null, progress: 0 };
    for (const prompt of ChallengePrompt.options)
      for (const hint of FaceHint.options) yield { stage: 'challenge', language, prompt, hint, box: null, progress: 0 };
    for (const hint of FingerHint.options) {
      for (const position of FingerPosition.options) {
        yield { stage: 'finger', language, hint, position, attempt: 1, attempts: 3 };
      }
    }
    for (const stage of ['checking', 'passed', 'referred'] as const) yield { stage, language };
  }
}

test('every view is told in words with no blank left', () => {
  for (const view of spokenViews()) {
    const { title, hint, attempt } = tellingOf(view);
    for (const sentence of [title, hint, attempt ?? '-']) assert.match(sentence, /^[^{}]+$/, JSON.stringify(view));
  }
});

test('the wanted finger is named in the title', () => {
  const view = { stage: 'finger', hint: 'place', attempt: 2, attempts: 3 } as const;
  const told = tellingOf({ ...view, language: 'de', position: 'left-ring' });
  assert.equal(told.title, 'Legen Sie Ihren linken Ringfinger auf den Scanner');
  assert.equal(told.attempt, 'Versuch 2 von 3');
});

test('each finger has a title of its own in each language', () => {
  for (const language of languages) {
    const titles = FingerPosition.options.map(
      (position) => tellingOf({ stage: 'finger', language, hint: 'place', position, attempt: 1, attempts: 1 }).title,
    );
    assert.equal(new Set(titles).size, FingerPosition.options.length);
  }
});

test('the first reading of a document counts no attempts', () => {
  const view = { stage: 'document', language: 'en', hint: 'place', attempts: 3 } as const;
  assert.equal(tellingOf({ ...view, attempt: 1 }).attempt, undefined);
  assert.equal(tellingOf({ ...view, attempt: 2 }).attempt, 'Attempt 2 of 3');
});

test('a traveller is offered to leave at every step at which the kiosk lets them, and at no other', () => {
  const leaving = View.options.map(({ shape }) => shape.stage.value).filter(mayLeave);
  assert.deepEqual(leaving, ['language', 'document', 'face', 'challenge', 'finger']);
});

test('a referral shows no step, so that none is seen to have failed', () => {
  assert.equal(stepOf('referred'), undefined);
  assert.equal(stepOf('checking'), 'gate');
});

test('every scene of the preview is a view by the contract', () => {
  for (const language of languages) {
    for (const { view } of Object.values(travellerScenes(language))) assert(View.safeParse(view).success, view.stage);
  }
});

test('seconds left count down and stop at zero', () => {
  assert.equal(secondsLeftAt(10, 1000, 1000), 10);
  assert.equal(secondsLeftAt(10, 1000, 1001), 10);
  assert.equal(secondsLeftAt(10, 1000, 2000), 9);
  assert.equal(secondsLeftAt(10, 1000, 60_000), 0);
  fc.assert(
    fc.property(fc.nat(600), fc.nat(1_000_000), fc.nat(1_000_000), fc.nat(1_000_000), (left, heard, a, b) => {
      const [early, late] = [Math.min(a, b), Math.max(a, b)];
      assert(secondsLeftAt(left, heard, early) >= secondsLeftAt(left, heard, late));
      assert(secondsLeftAt(left, heard, early) <= left);
    }),
  );
});

test('few seconds are said aloud', () => {
  const said = Array.from({ length: 31 }, (_, second) => second).filter(worthSaying);
  assert.deepEqual(said, [5, 10, 20, 30]);
});
