import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { measureCover } from '../../../main/biometrics/face/face-cover.ts';
import type { Landmarks } from '../../../main/biometrics/face/face-landmarks.ts';
import { patienceWith } from '../../../main/biometrics/face/face-quality.ts';
import { createFaceReader, openFaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import { captureFace } from '../../../main/biometrics/face/face-capture.ts';
import type { Raster } from '../../../main/biometrics/face/raster.ts';
import type { FaceHint } from '../../../main/contract/biometrics.ts';
import { modelsDir, prepareModels } from '../../../models/prepare.ts';
import { film } from '../../sim/face/camera.ts';
import { occlude, type Occlusion, occlusions, openMouth } from '../../sim/face/occlusions.ts';
import { people, type Person, photograph } from '../../sim/face/people.ts';

await prepareModels(modelsDir, () => {});
const steps = await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet');
const reader = createFaceReader(steps);

/** With a beard, without, of dark skin and of light; `evaluate face-hints` counts over many. */
const someone = [people.samuel, people.hana, people.mateo];
/** Hair that falls over eyes cannot be told from what eyes look like; docs/face.md says so. */
const unseen = new Set(['hair over the eyes', 'hair over one eye']);
const hintOf: Readonly<Record<Occlusion['covers'], FaceHint>> = {
  mouth: 'uncover',
  eyes: 'uncover-eyes',
  nothing: 'hold',
};

async function landmarksOf(raster: Raster): Promise<Landmarks> {
  const [face] = await steps.detect(raster);
  const landmarks = face && (await steps.findLandmarks(raster, face));
  assert.ok(landmarks);
  return landmarks;
}

/** What the traveller is told who looks so; the first frame only finds the face. */
async function told(person: Person, look: (raster: Raster, face: Landmarks) => Raster | Promise<Raster>) {
  const raster = await photograph(person);
  const picture = await look(raster, await landmarksOf(raster));
  const capture = captureFace((frame) => reader.readFrame(frame), AbortSignal.timeout(60_000), 1);
  const answers = await film(capture, { person: { picture, eyes: person.eyes }, seed: 1 }, 3);
  return answers.at(-1)?.hint;
}

for (const [name, thing] of Object.entries(occlusions)) {
  if (unseen.has(name)) continue;
  const hint = hintOf[thing.covers];
  test(`a traveller with ${name} is told "${hint}"`, async () => {
    for (const person of someone)
      assert.equal(await told(person, (raster, face) => occlude(raster, face, thing)), hint);
  });
}

test('a traveller whose mouth is wide open is told to close it', async () => {
  for (const person of [people.amara, people.freya, people.daniel]) {
    assert.equal(await told(person, (raster, face) => openMouth(raster, face, 0.35)), 'mouth');
  }
});

test('what may be no more than a beard is waited for longer than narrow eyes, what must be mended for ever', () => {
  assert.equal(patienceWith([]), 0);
  assert.ok(patienceWith(['eyes-open', 'mouth-occlusion']) > patienceWith(['eyes-open']));
  assert.equal(patienceWith(['eyes-open', 'sharpness']), Infinity);
  assert.equal(patienceWith(['face-occlusion']), Infinity);
});

test('landmarks wherever they lie give finite measures', () => {
  const raster: Raster = { widthPx: 40, heightPx: 30, channels: 3, pixels: new Uint8Array(3600).fill(90) };
  const point = fc.record({
    x: fc.double({ min: -99, max: 99, noNaN: true }),
    y: fc.double({ min: -99, max: 99, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 468, maxLength: 468 }), (points) => {
      const measures = measureCover(
        raster,
        points.map((each) => ({ ...each, depth: 0 })),
      );
      assert.ok(Object.values(measures).every((value) => value >= 0 && !Number.isNaN(value)));
    }),
    { numRuns: 200 },
  );
});
