import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawChallenge } from '../../../main/biometrics/face/challenge-plan.ts';
import { openFaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import type { ChallengePrompt, FaceTemplate } from '../../../main/contract/biometrics.ts';
import { modelsDir } from '../../../models/prepare.ts';
import { film } from '../../sim/face/camera.ts';
import {
  type Behaviour,
  contrary,
  filmChallenge,
  glowOf,
  openFollower,
  towards,
  willing,
} from '../../sim/face/follower.ts';
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
/** Enough to ask for the light at the end. */
const oneTurn: typeof prompts = ['centre', 'turn-right', 'centre', 'red', 'blue', 'green'];

/** Frames that every challenge here is over in. */
const toTheEnd = 60;

const captured = new Map<(typeof names)[number], Promise<FaceTemplate>>();

/** The template of somebody as captured, made once. */
function captureOf(name: (typeof names)[number]): Promise<FaceTemplate> {
  const known = captured.get(name) ?? capture(name);
  captured.set(name, known);
  return known;
}

async function capture(name: (typeof names)[number]): Promise<FaceTemplate> {
  const run = engine.startCapture({ signal: AbortSignal.timeout(120_000), wantedShots: 1 });
  await film(run, { person: people[name], seed: 3 }, 6);
  return (await run.result).template;
}

/** Films somebody into a challenge for one captured: for five seconds, or to its end. */
async function attempt(act: Behaviour, of: (typeof names)[number], asked = prompts, frames = 17) {
  const stop = new AbortController();
  const run = engine.startChallenge({ signal: stop.signal, prompts: asked, reference: await captureOf(of) });
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
    const { shown, over } = await attempt(willing(followers[name]), name, prompts, toTheEnd);
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
    );
    assert.notEqual(over?.passed, true);
    assert.ok(!done.some(({ prompt }) => prompt.startsWith('turn')));
  }
});

test('a video of a head that turns to the other side first does not pass', async () => {
  const { over } = await attempt(contrary(followers.mateo), 'mateo');
  assert.equal(over?.passed, false);
  assert.ok(over.steps.length < prompts.length);
});

const mateo = willing(followers.mateo);

test('a video that happens to turn as asked does not pass, since it does not give back the light', async () => {
  const unlit: Behaviour = (...asked) => ({ ...mateo(...asked), glow: [0, 0, 0] });
  const { over } = await attempt(unlit, 'mateo', oneTurn, toTheEnd);
  assert.equal(over?.passed, false);
  assert.equal(over.steps.length, oneTurn.length);
});

test('a video lit by the colours of another challenge does not pass', async () => {
  const turn: Record<string, ChallengePrompt> = { red: 'blue', blue: 'green', green: 'red' };
  const elsewhere: Behaviour = (prompt, since, index) => ({
    ...mateo(prompt, since, index),
    glow: glowOf(turn[prompt] ?? prompt, since),
  });
  const { over } = await attempt(elsewhere, 'mateo', oneTurn, toTheEnd);
  assert.equal(over?.passed, false);
  assert.equal(over.steps.length, oneTurn.length);
});

test('another person than the one captured does not pass', async () => {
  const { over, steps: done } = await attempt(willing(followers.hana), 'mateo');
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
  );
  assert.notEqual(over?.passed, true);
  assert.ok(!done.some(({ prompt }) => prompt.startsWith('turn')));
});

test('somebody who goes away begins again', async () => {
  const away: Behaviour = (prompt, since, index) =>
    index >= 6 && index < 10 ? { seed: 3 } : mateo(prompt, since, index);
  const { shown, over } = await attempt(away, 'mateo', oneTurn, toTheEnd);
  assert.deepEqual(shown.slice(-oneTurn.length), oneTurn);
  assert.ok(shown.length > oneTurn.length);
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
