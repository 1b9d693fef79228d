import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { captureFace } from '../../../main/biometrics/face/face-capture.ts';
import { compareFaces } from '../../../main/biometrics/face/face-comparison.ts';
import { openFaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import type { FrameAnswer } from '../../../main/contract/biometrics.ts';
import type { CameraFrame, Rect } from '../../../main/contract/image.ts';
import { modelsDir } from '../../../models/prepare.ts';
import { openFollower } from '../../sim/face/follower.ts';
import { cameraFrame, film } from '../../sim/face/camera.ts';
import { people, turnedPerson } from '../../sim/face/people.ts';
import { renderScene, type Scene } from '../../sim/face/scene.ts';
import { engine } from './engine.ts';

const signal = AbortSignal.timeout(60_000);
const good: Scene = { person: people.mateo, seed: 1 };

const scenes: readonly (readonly [string, Scene, string])[] = [
  ['an empty scene', { seed: 1 }, 'find'],
  ['a face far away', { ...good, interEye: 0.05 }, 'closer'],
  ['a face too near', { ...good, interEye: 0.34 }, 'back'],
  ['a face at the edge', { ...good, eyesAt: { x: 0.16, y: 0.4 } }, 'centre'],
  ['two faces of like size', { ...good, companion: people.luca }, 'one-person'],
  ['a face in the dark', { ...good, light: 0.09 }, 'light'],
  ['a face in glaring light', { ...good, light: 4 }, 'light'],
  ['a head turned aside', { ...good, person: turnedPerson }, 'straight'],
  ['a head on its side', { ...good, tilt: 30 }, 'straight'],
];

for (const [what, scene, hint] of scenes) {
  test(`${what} is told "${hint}" and never captured`, async () => {
    const capture = engine.startCapture({ signal, wantedShots: 1 });
    const answers = await film(capture, scene, 3);
    assert.equal(answers.at(-1)?.hint, hint);
    assert.deepEqual([...new Set(answers.map(({ wanted, progress }) => `${wanted} ${progress}`))], ['true 0']);
  });
}

test('a good face is captured in as many frames as are wanted and one that asks for the crop', async () => {
  const capture = engine.startCapture({ signal, wantedShots: 3 });
  const answers = await film(capture, good, 10);
  assert.deepEqual(
    answers.map(({ wanted, hint, progress }) => [wanted, hint, progress]),
    [
      [true, 'hold', 0],
      [true, 'hold', 1 / 3],
      [true, 'hold', 2 / 3],
      [false, 'hold', 1],
    ],
  );
  assert.equal((await capture.result).template.values.length, 128);
});

test('shut eyes are asked to open; eyes that stay narrow are taken as they are after a while', async () => {
  const steps = await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet');
  const person = (await openFollower(people.mateo, steps)).shut();
  const capture = engine.startCapture({ signal, wantedShots: 1 });
  const answers = await film(capture, { ...good, person }, 20);
  assert.deepEqual([...new Set(answers.slice(1, 12).map(({ hint, progress }) => `${hint} ${progress}`))], ['eyes 0']);
  assert.deepEqual([answers.length, answers.at(-1)?.wanted], [14, false]);
  const blinking = engine.startCapture({ signal, wantedShots: 2 });
  const scenes = [good, good, { ...good, person }, good];
  let crop: Rect | null = null;
  const hints: string[] = [];
  for (const [index, scene] of scenes.entries()) {
    const answer: FrameAnswer = await blinking.offer(cameraFrame(await renderScene(scene, index), index, crop));
    hints.push(`${answer.hint} ${answer.progress}`);
    crop = answer.crop;
  }
  assert.deepEqual(hints, ['hold 0', 'hold 0.5', 'eyes 0.5', 'hold 1']);
});

test('a picture that stands still is no living face: it never counts', async () => {
  const capture = engine.startCapture({ signal, wantedShots: 1 });
  const image = await renderScene(good, 0);
  let { crop } = await capture.offer(cameraFrame(image, 0));
  for (let sequence = 1; sequence <= 3; sequence++) {
    const answer = await capture.offer(cameraFrame(image, sequence, crop));
    assert.deepEqual([answer.wanted, answer.hint, answer.progress], [true, 'hold', 0]);
    crop = answer.crop;
  }
  const moved = await capture.offer(cameraFrame(await renderScene(good, 1), 4, crop));
  assert.equal(moved.wanted, false);
});

test('when somebody else steps in, the capture begins again and ends with them', async () => {
  const capture = engine.startCapture({ signal, wantedShots: 3 });
  await film(capture, good, 3);
  const answers = await film(capture, { ...good, person: people.freya }, 10, 3);
  assert.deepEqual(
    answers.map(({ progress }) => Math.round(progress * 3)),
    [2, 1, 2, 3],
  );
  const alone = engine.startCapture({ signal, wantedShots: 1 });
  await film(alone, { ...good, person: people.freya }, 5);
  assert.ok(compareFaces((await capture.result).template, (await alone.result).template).matched);
});

test('a capture may be aborted at any point', async () => {
  for (const frames of [0, 1, 2, 3]) {
    const stop = new AbortController();
    const capture = engine.startCapture({ signal: stop.signal, wantedShots: 9 });
    await film(capture, good, frames);
    const open = capture.offer(cameraFrame(await renderScene(good, frames), frames));
    stop.abort();
    await assert.rejects(capture.result, { code: 'capture.cancelled' });
    assert.equal((await open).wanted, false);
    assert.equal((await capture.offer(cameraFrame(await renderScene(good, 0), 0))).wanted, false);
  }
});

test('a capture begun after its abort has ended', async () => {
  const capture = engine.startCapture({ signal: AbortSignal.abort() });
  await assert.rejects(capture.result, { code: 'capture.cancelled' });
  assert.equal((await capture.offer(cameraFrame(await renderScene(good, 0), 0))).wanted, false);
});

test('frames that do not fit their announced size are refused, and the capture goes on', async () => {
  const capture = engine.startCapture({ signal, wantedShots: 1 });
  const frame = cameraFrame(await renderScene(good, 0), 0);
  const broken: readonly CameraFrame[] = [
    { ...frame, widthPx: frame.widthPx + 1 },
    { ...frame, luma: new Uint8Array() },
    { ...frame, sequence: -1 },
    { ...frame, crop: { rect: { x: 0, y: 0, width: 2, height: 1 }, image: await renderScene(good, 0) } },
    {
      ...frame,
      crop: { rect: { x: 0, y: 0, width: 1, height: 1 }, image: { widthPx: 9, heightPx: 9, pixels: frame.luma } },
    },
  ];
  for (const wrong of broken) await assert.rejects(capture.offer(wrong), { code: 'image.malformed' });
  const answers = await film(capture, good, 4);
  assert.equal(answers.at(-1)?.wanted, false);
});

test('frames may change their size from one to the next, and a camera that stops leaves the capture as it was', async () => {
  const capture = engine.startCapture({ signal, wantedShots: 3 });
  const sizes = [
    { widthPx: 640, heightPx: 480 },
    { widthPx: 1280, heightPx: 720 },
    { widthPx: 480, heightPx: 640 },
    { widthPx: 640, heightPx: 480 },
  ];
  let crop: Rect | null = null;
  const answers: FrameAnswer[] = [];
  for (const [index, size] of sizes.entries()) {
    const frame = cameraFrame(await renderScene({ ...good, ...size }, index), index, crop);
    answers.push(await capture.offer(frame));
    crop = answers.at(-1)?.crop ?? null;
  }
  assert.ok(answers.every(({ wanted, box }) => box !== null || wanted));
  // Half a minute without a frame, then one more.
  const later = await capture.offer(cameraFrame(await renderScene(good, 9), 300, crop));
  assert.ok(later.progress >= (answers.at(-1)?.progress ?? 1));
});

test('any frame that fits the contract is answered, whatever its crop', async () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const rect = fc.record({ x: fraction, y: fraction, width: fraction, height: fraction });
  const side = fc.integer({ min: 1, max: 64 });
  const frame = cameraFrame(await renderScene(good, 0), 0);
  const capture = engine.startCapture({ signal });
  await fc.assert(
    fc.asyncProperty(rect, side, side, fc.nat(255), async (rect, widthPx, heightPx, grey) => {
      const image = { widthPx, heightPx, pixels: new Uint8Array(widthPx * heightPx * 3).fill(grey) };
      const answer = await capture.offer({ ...frame, crop: { rect, image } });
      assert.deepEqual([answer.wanted, answer.progress], [true, 0]);
    }),
    { numRuns: 20 },
  );
});

test('any frame that fits the contract is answered, whatever its pixels', async () => {
  const side = fc.integer({ min: 16, max: 640 });
  const capture = engine.startCapture({ signal });
  await fc.assert(
    fc.asyncProperty(side, side, fc.integer(), async (widthPx, heightPx, seed) => {
      const luma = Uint8Array.from({ length: widthPx * heightPx }, (_, index) => Math.imul(index + 1, seed) >>> 7);
      const size = { sourceWidthPx: 1280, sourceHeightPx: 720, widthPx, heightPx };
      assert.equal((await capture.offer({ sequence: 0, takenAtMs: 0, ...size, luma })).wanted, true);
    }),
    { numRuns: 10 },
  );
});

test('while a frame is being read, another gets the answer before it and is not read', async () => {
  let reads = 0;
  const first = Promise.withResolvers<{ faces: [] }>();
  const capture = captureFace(() => (reads++, first.promise), signal, 1);
  const frame = cameraFrame(await renderScene({ seed: 1 }, 0), 0);
  const open = capture.offer(frame);
  assert.equal((await capture.offer(frame)).hint, 'find');
  first.resolve({ faces: [] });
  await open;
  assert.equal(reads, 1);
});
