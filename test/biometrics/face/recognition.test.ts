import assert from 'node:assert/strict';
import { test } from 'node:test';
import { galleryModel } from '../../../main/biometrics/face/face-gallery.ts';
import { compareFaces } from '../../../main/biometrics/face/face-comparison.ts';
import type { FaceShot, Portrait } from '../../../main/biometrics/face/face-reader.ts';
import type { FaceTemplate } from '../../../main/contract/biometrics.ts';
import { film } from '../../sim/face/camera.ts';
import { documentPortrait } from '../../sim/face/document-portrait.ts';
import { people, type PersonName } from '../../sim/face/people.ts';
import { modelsDir } from '../../../models/prepare.ts';
import { openFaceEngine } from '../../../main/biometrics/face/face-engine.ts';
import { engine } from './engine.ts';

const names = Object.keys(people) as PersonName[];
const live = new Map<PersonName, FaceShot>();
const portraits = new Map<PersonName, Portrait>();
for (const [seed, name] of names.entries()) {
  const capture = engine.startCapture({ signal: AbortSignal.timeout(60_000), wantedShots: 2 });
  await film(capture, { person: people[name], seed }, 12);
  live.set(name, await capture.result);
  portraits.set(name, await engine.readPortrait(await documentPortrait(people[name], seed)));
}

function comparison(name: PersonName, other: PersonName) {
  const probe = live.get(name)?.template as FaceTemplate;
  return compareFaces(probe, portraits.get(other)?.template as FaceTemplate);
}

test('everyone matches the portrait in their own document', () => {
  assert.deepEqual(
    names.filter((name) => !comparison(name, name).matched),
    [],
  );
});

test('nobody matches the portrait in the document of another', () => {
  const pairs = names.flatMap((name) => names.map((other) => [name, other] as const));
  const matched = pairs.filter(([name, other]) => name !== other && comparison(name, other).matched);
  assert.deepEqual(matched, []);
});

test('a live shot is a token image of good quality', () => {
  for (const { live: image, quality, template } of live.values()) {
    assert.deepEqual([image.widthPx, image.heightPx, image.pixels.length], [240, 320, 240 * 320 * 3]);
    assert.ok(quality > 0 && quality <= 100);
    assert.ok(Math.abs(Math.hypot(...template.values) - 1) < 1e-5);
  }
});

test('the model that the configuration names makes the templates, and those of another are refused', async () => {
  const other = await openFaceEngine({ modelsDir, embedder: 'mobilefacenet' });
  const [one, same, stranger] = await Promise.all([
    other.readPortrait(await documentPortrait(people.freya, 1)),
    other.readPortrait(await documentPortrait(people.freya, 2)),
    other.readPortrait(await documentPortrait(people.mateo, 1)),
  ]);
  await other.close();
  assert.ok(one.template && same.template && stranger.template);
  assert.equal(one.template.model, 'mobilefacenet');
  assert.equal(one.template.values.length, galleryModel('mobilefacenet').values);
  assert.equal(compareFaces(one.template, same.template).matched, true);
  assert.equal(compareFaces(one.template, stranger.template).matched, false);
  const usual = live.get('freya')?.template as FaceTemplate;
  assert.equal(usual.values.length, galleryModel('dlib-face-recognition-resnet').values);
  assert.throws(() => compareFaces(usual, one.template as FaceTemplate), { code: 'template.incomparable' });
});
