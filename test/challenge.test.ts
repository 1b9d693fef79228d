import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFaceSteps } from '../main/biometrics/face/face-reader.ts';
import { modelsDir } from '../models/prepare.ts';
import { face, openGate } from './kiosk.ts';
import { cameraReport } from './sim/camera/report.ts';
import { type Behaviour, contrary, openFollower, willing } from './sim/face/follower.ts';

const nothing = { underWay: 0, queued: 0, cases: 0 };
const follower = await openFollower(face, await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet'));
const photograph: Behaviour = () => ({ person: face, seed: 3 });

/** What every crossing of these tests is asked: the fewest prompts there are. */
const challengeTurns = 1;

type Gate = Awaited<ReturnType<typeof openGate>>;

/** Settles the one case there is, and gives the reasons and the prompts of its frames, which must be overwritten by that. */
async function settle(gate: Gate) {
  await gate.waitForCases(1);
  const { crossingId, reasons, challenge } = gate.cases()[0]!;
  const images = gate.held().flatMap((one) => one.challenge?.steps.map(({ image }) => image.pixels) ?? []);
  const blank = () => images.filter((pixels) => pixels.every((value) => value === 0)).length;
  assert.equal(images.length, challenge?.steps.length);
  assert.equal(blank(), 0);
  await gate.desk.decide({ crossingId, outcome: 'second-line', reason: 'to be looked at' });
  assert.equal(blank(), images.length);
  assert.deepEqual(gate.held(), []);
  return {
    reasons: reasons.map(({ code }) => code),
    passed: challenge?.passed,
    prompts: challenge?.steps.map(({ prompt }) => prompt),
  };
}

/** What the page tells of its camera. */
const camera = (state: 'running' | 'away') => cameraReport({ state, fault: state === 'away' ? 'camera.absent' : null });

test('whoever follows the challenge passes, and the gate opens', async () => {
  const gate = await openGate({ challengeAttempts: 1, challengeTurns });
  await gate.walkTo('challenge');
  const shown = await gate.follow(willing(follower));
  assert.equal(shown.length, 6);
  assert.equal((await gate.touch()).stage, 'passed');
  await gate.pass();
  assert.deepEqual(await gate.close(), { ...nothing, queued: 1 });
});

test('a photograph held still is referred, and the guard sees its frames until the case is settled', async () => {
  const gate = await openGate({ challengeAttempts: 1, challengeTurns, challengeMs: 5000, spansMs: { referred: 1 } });
  await gate.walkTo('challenge');
  await gate.follow(photograph, 8);
  assert.equal((await gate.touch()).stage, 'referred');
  assert.deepEqual(await settle(gate), { reasons: ['challenge-not-passed'], passed: false, prompts: ['centre'] });
  assert.deepEqual(await gate.close(), { ...nothing, queued: 2 });
});

test('whoever fails one attempt of two may pass the other; who fails both is referred with the frames of both', async () => {
  const gate = await openGate({ challengeAttempts: 2, challengeTurns, spansMs: { referred: 1 } });
  await gate.walkTo('challenge');
  await gate.follow(contrary(follower));
  await gate.follow(willing(follower));
  assert.equal((await gate.touch()).stage, 'passed');
  await gate.pass();
  await gate.walkTo('challenge');
  await gate.follow(contrary(follower));
  await gate.follow(contrary(follower));
  assert.equal((await gate.touch()).stage, 'referred');
  assert.deepEqual(await settle(gate), {
    reasons: ['challenge-not-passed'],
    passed: false,
    prompts: ['centre', 'centre'],
  });
  assert.deepEqual(await gate.close(), { ...nothing, queued: 3 });
});

test('a traveller who cancels a challenge, or walks away from it, leaves nothing behind', async () => {
  const gate = await openGate({ challengeAttempts: 2, challengeTurns, spansMs: { challenge: 4000 }, warnMs: 100 });
  await gate.walkTo('challenge');
  await gate.follow(contrary(follower));
  await gate.follow(photograph, 4);
  await gate.screen.leave();
  await gate.at('attract');
  await gate.walkTo('challenge');
  await gate.follow(photograph, 4);
  await gate.at('attract');
  assert.deepEqual(await gate.close(), nothing);
});

test('a challenge whose camera goes away is told to wait, begins again when it is back, and may be passed', async () => {
  const gate = await openGate({ challengeAttempts: 1, challengeTurns });
  await gate.walkTo('challenge');
  const before = await gate.follow(willing(follower), 12);
  assert.ok(before.length > 3);
  await gate.screen.camera(camera('away'));
  const view = await gate.at('challenge');
  assert.ok(view.stage === 'challenge' && view.hint === 'wait');
  await gate.screen.camera(camera('running'));
  // From the first prompt on: what was done before is worth nothing.
  assert.equal((await gate.follow(willing(follower))).length, 6);
  assert.equal((await gate.touch()).stage, 'passed');
  await gate.pass();
  assert.deepEqual(await gate.close(), { ...nothing, queued: 1 });
});

test('a challenge whose camera stays away was not passed', async () => {
  const gate = await openGate({ challengeAttempts: 2, challengeTurns, challengeMs: 500, spansMs: { referred: 1 } });
  await gate.walkTo('challenge');
  await gate.screen.camera(camera('away'));
  assert.equal((await gate.touch()).stage, 'referred');
  assert.deepEqual(await settle(gate), { reasons: ['challenge-not-passed'], passed: false, prompts: [] });
  assert.deepEqual(await gate.close(), { ...nothing, queued: 2 });
});
