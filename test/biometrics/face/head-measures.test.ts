import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignFace, dlibChip } from '../../../main/biometrics/face/alignment.ts';
import { turned } from '../../../main/biometrics/face/face-challenge.ts';
import { openFaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import { measureHead, noseParallax } from '../../../main/biometrics/face/head-measures.ts';
import { measureReflection } from '../../../main/biometrics/face/screen-light.ts';
import { rgbRaster } from '../../../main/biometrics/face/raster.ts';
import { findModel, thresholdOf } from '../../../models/manifest.ts';
import { modelsDir, prepareModels } from '../../../models/prepare.ts';
import { openFollower } from '../../sim/face/follower.ts';
import { renderScene } from '../../sim/face/scene.ts';
import { people, type PersonName, type Subject } from '../../sim/face/people.ts';

await prepareModels(modelsDir, () => {});
const steps = await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet');

async function measure({ picture }: Subject) {
  const [face] = await steps.detect(picture);
  const landmarks = face && (await steps.findLandmarks(picture, face));
  assert.ok(landmarks);
  return measureHead(landmarks, alignFace(picture, landmarks, dlibChip, 150), picture);
}

for (const name of Object.keys(people) as PersonName[]) {
  test(`${name}: a turned head shows its depth, a turned photograph does not`, async () => {
    const follower = await openFollower(people[name], steps);
    const straight = await measure(follower.turned(0));
    for (const side of [1, -1]) {
      assert.ok(noseParallax(straight, await measure(follower.turned(side * 25))) * side > turned);
      for (const degrees of [15, 30, 45]) {
        const flat = noseParallax(straight, await measure(follower.sheet(side * degrees)));
        assert.ok(Math.abs(flat) < 0.8 * turned, `${flat} at ${side * degrees}`);
      }
    }
  });
}

for (const name of Object.keys(people) as PersonName[]) {
  test(`${name}: shut eyes are told from open ones at the size a camera gives`, async () => {
    const follower = await openFollower(people[name], steps);
    const opening = async (person: Subject) => {
      const frame = rgbRaster(await renderScene({ person, seed: 2, interEye: 0.12 }, 0));
      const [face] = await steps.detect(frame);
      const landmarks = face && (await steps.findLandmarks(frame, face));
      assert.ok(landmarks);
      return steps.openingOfEyes(frame, landmarks);
    };
    const limit = thresholdOf(findModel('iris'), 'opening');
    const [open, shut] = [await opening(follower.turned(0)), await opening(follower.shut())];
    assert.ok(shut < limit && open > limit, `shut ${shut}, open ${open}`);
  });
}

test('what a camera does to the whole picture is no reflection; a tint of the face is', () => {
  const frames = (tint: (prompt: 'red' | 'green' | 'blue', channel: number) => number) =>
    (['green', 'red', 'blue'] as const).flatMap((prompt, phase) =>
      [0.99, 1, 1.01].map((waver) => {
        const [gain, warmth] = [waver * (1 + phase * 0.2), 1 + phase * 0.05];
        const colour = (base: number, own: boolean) =>
          [0, 1, 2].map(
            (channel) => base * gain * (channel === 0 ? warmth : 1) * (own ? tint(prompt, channel) : 1),
          ) as [number, number, number];
        return { prompt, head: { face: colour(120, true), beside: colour(90, false) } };
      }),
    );
  const none = measureReflection(frames(() => 1));
  assert.ok(Math.abs(none.gain) < 1e-9 && !none.inOrder);
  const order = ['red', 'green', 'blue'];
  const lit = measureReflection(frames((prompt, channel) => (order[channel] === prompt ? 1.05 : 1)));
  assert.ok(lit.inOrder && Math.abs(lit.gain - Math.log(1.05)) < 0.005, `${lit.gain}`);
  const shifted = measureReflection(frames((prompt, channel) => (order[(channel + 1) % 3] === prompt ? 1.05 : 1)));
  assert.ok(!shifted.inOrder && shifted.gain < 0);
});
