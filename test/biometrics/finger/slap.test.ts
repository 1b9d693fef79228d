import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFingers, defaultFingerThreshold, extractFinger } from '../../../main/biometrics/finger/finger.ts';
import { findFingers, segmentSlap, slapFaults } from '../../../main/biometrics/finger/slap.ts';
import { fingerPositions } from '../../../main/contract/biometrics.ts';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { edgeErrors, foundIn, within } from '../../evaluate/slap-agreement.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { drawSlap } from '../../sim/finger/draw-slap.ts';

test('a slap gives four fingers, the hand, and segments that match the fingers drawn alone', async () => {
  const { image, fingers } = drawSlap({ person: 1, impression: 1, hand: 'right', condition: 'good' });
  const slap = await segmentSlap(image);
  assert.equal(slap.hand, 'right');
  assert.ok(slap.confidence > 0.95);
  assert.deepEqual(
    slap.fingers.map(({ position }) => position),
    ['right-index', 'right-middle', 'right-ring', 'right-little'],
  );
  assert.deepEqual([slap.missing, slap.faults], [[], []]);
  for (const truth of fingers) {
    const finger = foundIn(slap.fingers, truth);
    assert.ok(finger && within(edgeErrors(finger.box, truth)), truth.position);
    const alone = await extractFinger(
      drawFinger({ finger: truth.finger, impression: 2, widthPx: 416, heightPx: 500, dpi: 500 }),
    );
    const { matched } = await compareFingers(finger.template, alone.template, defaultFingerThreshold);
    assert.ok(matched, truth.position);
  }
});

test('a left hand that is turned is a left hand, and not the right one that was asked for', () => {
  const { image, fingers } = drawSlap({ person: 2, impression: 1, hand: 'left', condition: 'turned' });
  const slap = findFingers(image, { kind: 'right-four' });
  assert.equal(slap.hand, 'left');
  assert.ok(slap.faults.includes('wrong-hand'));
  assert.deepEqual(
    slap.fingers.map(({ position }) => position),
    fingers.map(({ position }) => position),
  );
});

test('a finger that is not there is named, unless it is known to be missing', () => {
  const { image } = drawSlap({ person: 3, impression: 1, hand: 'right', absent: ['right-ring'] });
  const slap = findFingers(image, { kind: 'right-four' });
  assert.deepEqual(slap.missing, ['right-ring']);
  assert.deepEqual(slap.faults, ['too-few']);
  assert.deepEqual(findFingers(image, { kind: 'right-four', missing: ['right-ring'] }).faults, []);
  const untrue = findFingers(image, { kind: 'right-four', missing: ['right-middle', 'right-ring'] });
  assert.ok(untrue.faults.includes('not-missing'));
});

test('two thumbs are a left and a right one', () => {
  const { image } = drawSlap({ person: 4, impression: 1, hand: 'thumbs', condition: 'good' });
  const slap = findFingers(image, { kind: 'thumbs' });
  assert.deepEqual(
    slap.fingers.map(({ position }) => position),
    ['left-thumb', 'right-thumb'],
  );
  assert.deepEqual(slap.faults, []);
});

test('bare glass has no fingers', () => {
  const random = seededRandom(5);
  const pixels = Uint8Array.from({ length: 1600 * 1500 }, () => 235 + 12 * random());
  const slap = findFingers({ widthPx: 1600, heightPx: 1500, dpi: 500, pixels }, { kind: 'left-four' });
  assert.deepEqual([slap.fingers, slap.faults, slap.missing.length], [[], ['empty'], 4]);
});

test('an image that is no slap is malformed', () => {
  const image = (widthPx: number, heightPx: number, dpi: number, length = widthPx * heightPx): GreyImage => ({
    widthPx,
    heightPx,
    dpi,
    pixels: new Uint8Array(Math.max(0, length || 0)),
  });
  const bad = [image(319, 400, 500), image(400, 2049, 500), image(400.5, 400, 500, 160_200), image(400, 400, 400)];
  for (const slap of [...bad, image(400, 400, NaN), image(NaN, 400, 500), image(400, 400, 500, 159_999)])
    assert.throws(
      () => findFingers(slap),
      (error) => error instanceof Fault && error.code === 'image.malformed',
    );
});

/** How many images are tried; more by hand. */
const numRuns = Number(process.env['SLAP_RUNS'] ?? 60);

test('whatever the bytes are, what is found is sound', async () => {
  const kinds = [undefined, 'right-four', 'left-four', 'thumbs'] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        widthPx: fc.integer({ min: 320, max: 700 }),
        heightPx: fc.integer({ min: 320, max: 700 }),
        seed: fc.integer(),
        paint: fc.constantFrom('noise', 'stripes', 'blots', 'bars', 'levels'),
        kind: fc.constantFrom(...kinds),
        missing: fc.subarray([...fingerPositions]),
      }),
      async ({ widthPx, heightPx, seed, paint, kind, missing }) => {
        const image = { widthPx, heightPx, dpi: 500, pixels: painted(paint, widthPx, heightPx, seed) };
        const slap = await segmentSlap(image, { missing, ...(kind && { kind }) });
        assert.ok(slap.fingers.length <= (kind === 'thumbs' ? 2 : 4));
        assert.equal(slap.fingers.length === 0, slap.faults.includes('empty'));
        assert.ok(slap.confidence >= 0 && slap.confidence <= 1);
        assert.ok(slap.faults.every((fault) => slapFaults.includes(fault)));
        assert.equal(new Set(slap.fingers.map(({ position }) => position)).size, slap.fingers.length);
        for (const { box, clarity, quality } of slap.fingers) {
          assert.ok(quality >= 0 && quality <= 100);
          assert.ok(Object.values(box).every(Number.isFinite));
          assert.ok(box.widthPx >= 90 && box.widthPx <= 500 && box.heightPx <= 1000);
          assert.ok(clarity >= 0 && clarity <= 100);
        }
      },
    ),
    { numRuns },
  );
});

/** Images made to mislead: what looks like ridges, fingers or nothing. */
function painted(paint: string, widthPx: number, heightPx: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const pixels = new Uint8Array(widthPx * heightPx).fill(Math.floor(256 * random()));
  const period = 2 + 14 * random();
  const count = Math.floor(12 * random());
  const things = Array.from({ length: count }, () => ({
    x: widthPx * random(),
    y: heightPx * random(),
    size: 20 + 150 * random(),
    lean: random() - 0.5,
  }));
  for (let y = 0, at = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, at++) {
      const wave = 128 + 127 * Math.sin(((x + y * period * 0.1) * 2 * Math.PI) / period);
      if (paint === 'noise') pixels[at] = Math.floor(256 * random());
      else if (paint === 'stripes') pixels[at] = wave;
      else if (paint === 'levels') pixels[at] = (x ^ y) & 64 ? 255 : 0;
      else
        for (const { x: left, y: top, size, lean } of things) {
          const [dx, dy] = [x - left - lean * (y - top), y - top];
          if (paint === 'blots' ? dx * dx + dy * dy < size * size : Math.abs(dx) < size && dy > 0) pixels[at] = wave;
        }
    }
  return pixels;
}
