import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ChallengeState, followChallenge, turned } from '../../../main/biometrics/face/face-challenge.ts';
import type { ChallengeView, FrameReading } from '../../../main/biometrics/face/face-reader.ts';
import type { Colour } from '../../../main/biometrics/face/head-measures.ts';
import { type ChallengePrompt, type FaceTemplate, lightPrompts } from '../../../main/contract/biometrics.ts';

const prompts: readonly ChallengePrompt[] = ['centre', 'turn-right', 'centre', 'green', 'blue', 'red'];
const like = (values: readonly number[]): FaceTemplate => ({
  model: 'dlib-face-recognition-resnet',
  version: '1',
  values: Float32Array.from(values),
});
const self = like([1, 0]);
const other = like([0, 1]);

/** What a person does in one frame. */
interface Act {
  /** How far the nose stands out to the person's left, as `noseParallax` measures it. */
  readonly parallax: number;
  readonly template: FaceTemplate;
  readonly fit: boolean;
  readonly light: Colour;
  readonly x: number;
  readonly visible: boolean;
  readonly afterMs: number;
}

const plane = [
  { x: 30, y: 40 },
  { x: 45, y: 40 },
  { x: 60, y: 40 },
  { x: 75, y: 40 },
  { x: 40, y: 80 },
  { x: 65, y: 80 },
];

function readingOf({ parallax, template, fit, light, x, visible }: Act): FrameReading {
  if (!visible) return { faces: [] };
  const token = { widthPx: 1, heightPx: 1, pixels: new Uint8Array(3) };
  const challenge: ChallengeView = {
    head: { plane, noseTip: { x: 52.5 + parallax * 40, y: 60 }, face: light, beside: [90, 90, 90] },
    template,
    token,
  };
  const shot = { live: token, template, quality: 80 };
  return {
    faces: [{ x, y: 0.3, width: 0.25, height: 0.4 }],
    closeUp: { defects: fit ? [] : ['head-pose-yaw'], ...(fit && { shot }), challenge },
  };
}

const grey: Colour = [120, 120, 120];
const still: Act = { parallax: 0, template: self, fit: true, light: grey, x: 0.4, visible: true, afterMs: 100 };

/** What a willing person does about a prompt, and how far they turn. */
function willing(prompt: ChallengePrompt, reach = 0.2): Act {
  const light = lightPrompts.indexOf(prompt as 'red');
  if (light >= 0)
    return { ...still, light: [0, 1, 2].map((channel) => (channel === light ? 126 : 120)) as unknown as Colour };
  const side = prompt === 'turn-left' ? 1 : prompt === 'turn-right' ? -1 : 0;
  return side === 0 ? still : { ...still, parallax: side * reach, fit: false };
}

function walk(act: (prompt: ChallengePrompt, frame: number) => Act, frames = 200) {
  const follow = followChallenge(prompts, self);
  let takenAtMs = 0;
  let state: ChallengeState = { prompt: 'centre', hint: 'find', progress: 0, steps: [] };
  const changes: { prompt: ChallengePrompt; atMs: number }[] = [{ prompt: 'centre', atMs: 0 }];
  for (let frame = 0; frame < frames && !state.ended; frame++) {
    const done = act(state.prompt, frame);
    takenAtMs += done.afterMs;
    state = follow({ reading: readingOf(done), takenAtMs });
    if (state.prompt !== changes.at(-1)?.prompt) changes.push({ prompt: state.prompt, atMs: takenAtMs });
  }
  return { state, changes };
}

test('who does what is asked passes', () => {
  const { state, changes } = walk((prompt) => willing(prompt));
  assert.equal(state.ended?.passed, true);
  assert.deepEqual(
    changes.map(({ prompt }) => prompt),
    prompts,
  );
});

const anyAct: fc.Arbitrary<Act> = fc.record({
  parallax: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  template: fc.constantFrom(self, self, self, other),
  fit: fc.boolean(),
  light: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
  x: fc.double({ min: 0.2, max: 0.6, noNaN: true }),
  visible: fc.constantFrom(true, true, true, true, false),
  afterMs: fc.integer({ min: 1, max: 1000 }),
});
/** Runs that often get far: what a willing person does, with anything in between. */
const mixed = fc.array(fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyAct }), {
  minLength: 200,
  maxLength: 200,
});

test('whoever passes has done every step, in order, and no colour was shown for less than a second', () => {
  let passed = 0;
  fc.assert(
    fc.property(mixed, (acts) => {
      const { state, changes } = walk((prompt, frame) => acts[frame] ?? willing(prompt));
      for (const [index, { prompt, atMs }] of changes.entries()) {
        const next = changes[index + 1];
        // A challenge that begins again takes the colour away at once: the face was gone, and it comes once at a time.
        if (next && next.prompt !== 'centre' && lightPrompts.some((light) => light === prompt)) {
          assert.ok(next.atMs - atMs >= 1000, `${prompt} for ${next.atMs - atMs} ms`);
        }
      }
      if (!state.ended?.passed) return;
      passed++;
      assert.deepEqual(
        state.ended.steps.map(({ prompt }) => prompt),
        prompts,
      );
    }),
    { numRuns: 300 },
  );
  assert.ok(passed > 0, 'some must pass, or this proves nothing');
});

test('without depth, without the one captured, or without light, nobody passes whatever else they do', () => {
  const spoilt: readonly ((act: Act) => Act)[] = [
    (act) => ({ ...act, parallax: Math.max(-turned * 0.99, Math.min(turned * 0.99, act.parallax)) }),
    (act) => ({ ...act, template: other }),
    (act) => ({ ...act, light: grey }),
  ];
  fc.assert(
    fc.property(mixed, fc.constantFrom(...spoilt), (acts, spoil) => {
      const { state } = walk((prompt, frame) => spoil(acts[frame] ?? willing(prompt)));
      assert.notEqual(state.ended?.passed, true);
    }),
    { numRuns: 300 },
  );
});

test('a turn to the wrong side, or another face, ends it; a blurred frame or a slow way back does not', () => {
  assert.equal(walk((prompt) => willing(prompt === 'turn-right' ? 'turn-left' : prompt)).state.ended?.passed, false);
  assert.equal(walk(() => ({ ...still, template: other })).state.ended?.passed, false);
  const now = walk((prompt, frame) => (frame % 5 === 4 ? { ...willing(prompt), template: other } : willing(prompt)));
  assert.equal(now.state.ended?.passed, true);
  let since = 0;
  const slow = walk((prompt, frame) => {
    since = prompt === 'centre' && frame > 3 ? since + 1 : 0;
    // Half a second on the way back, in which the template is no good.
    return since > 0 && since < 6 ? { ...still, parallax: -0.3 + since * 0.04, template: other } : willing(prompt);
  });
  assert.equal(slow.state.ended?.passed, true);
});

test('a face that is gone, or jumps, begins again', () => {
  for (const away of [
    { ...still, visible: false, afterMs: 800 },
    { ...still, x: 0.8 },
  ]) {
    const { state, changes } = walk((prompt, frame) => (frame === 4 ? away : willing(prompt)));
    assert.equal(state.ended?.passed, true);
    assert.ok(changes.filter(({ prompt }) => prompt === 'turn-right').length >= 1);
    assert.equal(changes.length > prompts.length, true);
  }
});
