import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawChallenge } from '../../../main/biometrics/face/challenge-plan.ts';
import { openFaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import type { ChallengePrompt } from '../../../main/contract/biometrics.ts';
import { modelsDir } from '../../../models/prepare.ts';
import { film } from '../../sim/face/camera.ts';
import { type Behaviour, filmChallenge, openFollower } from '../../sim/face/follower.ts';
import { people } from '../../sim/face/people.ts';
import { seededRandom } from '../../sim/face/random.ts';
import { engine } from './engine.ts';

const steps = await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet');
const names = ['mateo', 'amara', 'hana'] as const;
const followers = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, await openFollower(people[name], steps)] as const)),
) as Record<(typeof names)[number], Awaited<ReturnType<typeof openFollower>>>;

const prompts: readonly ChallengePrompt[] = [
  'centre',
  'turn-left',
  'centre',
  'turn-right',
  'centre',
  'blue',
  'red',
  'green',
];
const tints = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] } as const;
const brightness = 0.07;

/** What a screen adds to the light, from the second frame after it changed. */
function glowOf(prompt: ChallengePrompt, since: number): readonly [number, number, number] {
  const tint = prompt in tints && since > 1 ? tints[prompt as keyof typeof tints] : [0, 0, 0];
  return [tint[0] * brightness, tint[1] * brightness, tint[2] * brightness];
}

/** Degrees after so many frames of turning to what is asked. */
function towards(prompt: ChallengePrompt, since: number, farthest: number): number {
  const share = Math.min(1, Math.max(0, (since - 1) / 3));
  const side = prompt === 'turn-left' ? 1 : prompt === 'turn-right' ? -1 : 0;
  return Math.round(side * share * farthest);
}

const willing =
  (name: (typeof names)[number]): Behaviour =>
  (prompt, since) => ({
    person: followers[name].turned(towards(prompt, since, 25)),
    seed: 3,
    glow: glowOf(prompt, since),
  });

async function attempt(act: Behaviour, of: (typeof names)[number] = 'mateo', frames = 60) {
  const capture = engine.startCapture({ signal: AbortSignal.timeout(120_000), wantedShots: 1 });
  await film(capture, { person: people[of], seed: 3 }, 6);
  const { template } = await capture.result;
  const stop = new AbortController();
  const run = engine.startChallenge({ signal: stop.signal, prompts, reference: template });
  const shown = await filmChallenge(run, act, frames);
  const over = await Promise.race([
    run.result,
    new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
  ]);
  stop.abort();
  return { shown, over, steps: run.take() };
}

for (const name of names) {
  test(`${name} follows the prompts and passes, with a frame of every step`, async () => {
    const { shown, over } = await attempt(willing(name), name);
    assert.deepEqual(shown, prompts);
    assert.equal(over?.passed, true);
    assert.deepEqual(
      over.steps.map(({ prompt }) => prompt),
      prompts,
    );
    assert.ok(
      over.steps.every(
        ({ image, measured, needed }) =>
          image.widthPx === 240 && prompts.length > 0 && Number.isFinite(measured) && needed > 0,
      ),
    );
  });
}

test('a photograph held still before the camera does not pass', async () => {
  const { over, steps: done } = await attempt(
    (prompt, since) => ({
      person: people.mateo,
      seed: 3,
      glow: glowOf(prompt, since),
    }),
    'mateo',
    25,
  );
  assert.equal(over, undefined);
  assert.deepEqual(
    done.map(({ prompt }) => prompt),
    ['centre'],
  );
});

test('a photograph turned before the camera as the prompts ask does not pass, to however far', async () => {
  for (const farthest of [25, 45]) {
    const { over, steps: done } = await attempt(
      (prompt, since) => ({
        person: followers.mateo.sheet(towards(prompt, since, farthest)),
        seed: 3,
        glow: glowOf(prompt, since),
      }),
      'mateo',
      25,
    );
    assert.notEqual(over?.passed, true);
    assert.ok(!done.some(({ prompt }) => prompt.startsWith('turn')));
  }
});

test('a video of a head that turns to the other side first does not pass', async () => {
  const other: Record<string, ChallengePrompt> = { 'turn-left': 'turn-right', 'turn-right': 'turn-left' };
  const { over } = await attempt((prompt, since) => willing('mateo')(other[prompt] ?? prompt, since, 0));
  assert.equal(over?.passed, false);
  assert.ok(over.steps.length < prompts.length);
});

test('a video that happens to turn as asked does not pass, since it does not give back the light', async () => {
  const { over } = await attempt((prompt, since) => ({ ...willing('mateo')(prompt, since, 0), glow: [0, 0, 0] }));
  assert.equal(over?.passed, false);
  assert.equal(over.steps.length, prompts.length);
});

test('a video lit by the colours of another challenge does not pass', async () => {
  const turn: Record<string, ChallengePrompt> = { red: 'blue', blue: 'green', green: 'red' };
  const { over } = await attempt((prompt, since) => ({
    ...willing('mateo')(prompt, since, 0),
    glow: glowOf(turn[prompt] ?? prompt, since),
  }));
  assert.equal(over?.passed, false);
});

test('another person than the one captured does not pass', async () => {
  const { over, steps: done } = await attempt(willing('hana'), 'mateo', 20);
  assert.equal(over?.passed, false);
  assert.equal(done.length, 0);
});

test('somebody who lowers a photograph of the one captured to turn their own head does not pass', async () => {
  const { over, steps: done } = await attempt(
    (prompt, since) => ({
      person: prompt.startsWith('turn') ? followers.hana.turned(towards(prompt, since, 25)) : people.mateo,
      seed: 3,
      glow: glowOf(prompt, since),
    }),
    'mateo',
    25,
  );
  assert.notEqual(over?.passed, true);
  assert.ok(!done.some(({ prompt }) => prompt.startsWith('turn')));
});

test('somebody who goes away begins again', async () => {
  const { shown, over } = await attempt((prompt, since, index) =>
    index >= 8 && index < 14 ? { seed: 3 } : willing('mateo')(prompt, since, index),
  );
  assert.deepEqual(shown.slice(-prompts.length), prompts);
  assert.ok(shown.length > prompts.length);
  assert.equal(over?.passed, true);
});

test('a challenge cannot be foreseen: every side and every order of colours comes up', () => {
  const random = seededRandom(1);
  for (const turns of [1, 2, 3]) {
    const seen = new Set<string>();
    for (let draw = 0; draw < 2000; draw++) {
      const drawn = drawChallenge(random, turns);
      assert.equal(drawn.length, 2 * turns + 4);
      assert.deepEqual(drawn.slice(-3).toSorted(), ['blue', 'green', 'red']);
      for (let index = 0; index <= 2 * turns; index += 2) assert.equal(drawn[index], 'centre');
      seen.add(drawn.join(' '));
    }
    assert.equal(seen.size, 2 ** turns * 6);
  }
});

test('a challenge may be aborted, and takes no frame after that', async () => {
  const stop = new AbortController();
  const reference = { model: 'dlib-face-recognition-resnet', version: '1', values: new Float32Array(128).fill(0.1) };
  const run = engine.startChallenge({ signal: stop.signal, prompts, reference });
  stop.abort();
  await assert.rejects(run.result, { code: 'capture.cancelled' });
  assert.deepEqual(await filmChallenge(run, () => ({ seed: 1 }), 1), ['centre']);
});
