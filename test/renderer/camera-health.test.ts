import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ExposedTrack,
  followExposure,
  judgeExposure,
  nextCompensation,
} from '../../renderer/traveller/camera/exposure.ts';
import { blindnessOf, digestOf, watchHealth } from '../../renderer/traveller/camera/picture-health.ts';
import { noise, seededRandom } from '../sim/face/random.ts';

const [widthPx, heightPx] = [80, 60];

/** A still scene of some light, with the noise of a sensor. */
function still(light: number, deviation: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8ClampedArray.from({ length: widthPx * heightPx }, (_, at) =>
    Math.round(light + (at % widthPx) / 4 + noise(random) * deviation),
  ) as unknown as Uint8Array;
}

/** What is told of pictures, ten a second. */
function told(pictures: readonly Uint8Array[]): string[] {
  const healthOf = watchHealth();
  return pictures.map((luma, index) => healthOf(luma, index * 100));
}

const repeat = (count: number, picture: (index: number) => Uint8Array) =>
  Array.from({ length: count }, (_, i) => picture(i));

test('a picture that never changes is frozen after three seconds, and no longer once it changes', () => {
  const scene = still(90, 1, 1);
  const states = told([...repeat(40, () => scene), still(90, 1, 2)]);
  assert.deepEqual([...new Set(states.slice(0, 30))], ['unsure']);
  assert.deepEqual([...new Set(states.slice(30, 40))], ['frozen']);
  assert.equal(states.at(-1), 'well');
});

test('a still photograph before a camera with the least noise is not frozen', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 200 }),
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      fc.nat(),
      (light, deviation, seed) => {
        const states = told(repeat(60, (index) => still(light, deviation, seed + index)));
        assert.deepEqual([...new Set(states.slice(1))], ['well']);
      },
    ),
    { numRuns: 30 },
  );
});

test('one bit in one pixel makes another digest', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 500 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (luma, at, bit) => {
        const other = luma.slice();
        other[at % other.length]! ^= 1 << bit;
        assert.notEqual(digestOf(other), digestOf(luma));
      },
    ),
  );
});

test('a covered lens is black and a blinded one white, after two seconds and whatever its noise', () => {
  const black = told(repeat(40, (index) => still(2, 2, index).map((value) => Math.min(value, 20))));
  const white = told(repeat(40, () => new Uint8Array(widthPx * heightPx).fill(250)));
  assert.deepEqual([black[19], black[20], black[39]], ['unsure', 'black', 'black']);
  assert.deepEqual([white[19], white[20], white[39]], ['unsure', 'white', 'white']);
});

test('a dark hall with a lamp in it, and a bright wall with a head before it, are not blind', () => {
  const lamp = new Uint8Array(4800).fill(6).fill(255, 0, 60);
  const head = new Uint8Array(4800).fill(253).fill(90, 2000, 2100);
  assert.deepEqual([blindnessOf(lamp), blindnessOf(head)], [undefined, undefined]);
  assert.deepEqual([blindnessOf(lamp.fill(6)), blindnessOf(head.fill(253))], ['black', 'white']);
});

test('a change of size is a change of picture', () => {
  const [one, other] = [new Uint8Array(4800).fill(80), new Uint8Array(1200).fill(80)];
  assert.equal(told(repeat(80, (index) => (index % 10 < 5 ? one : other))).includes('frozen'), false);
});

/** A face of one light before a background of another. */
function lit(face: number, background: number) {
  const luma = new Uint8Array(widthPx * heightPx).fill(background);
  for (let row = 12; row < 48; row++) luma.fill(face, row * widthPx + 28, row * widthPx + 52);
  return { luma, widthPx, heightPx, sourceWidthPx: 640, sourceHeightPx: 480 };
}

test('light on a face is good, too little, too much, or all behind it', () => {
  assert.equal(judgeExposure(lit(120, 120), null), 'good');
  assert.equal(judgeExposure(lit(30, 40), null), 'dark');
  assert.equal(judgeExposure(lit(230, 120), null), 'bright');
  assert.equal(judgeExposure(lit(70, 220), null), 'backlit');
  // Where the face is matters, not where it might be.
  assert.equal(judgeExposure(lit(230, 120), { x: 0, y: 0, width: 0.2, height: 0.3 }), 'good');
});

test('compensation goes by about a third of a stop and never out of its bounds', () => {
  const range = { min: -2, max: 2, step: 0.166 };
  assert.ok(Math.abs(nextCompensation(0, range, 'dark') - 0.332) < 0.001);
  assert.ok(nextCompensation(0, range, 'bright') < 0);
  assert.equal(nextCompensation(1.9, range, 'backlit'), 2);
  assert.equal(nextCompensation(0.5, range, 'good'), 0.5);
});

test('a camera is asked for more light once a second, and left as it was found', async () => {
  const asked: unknown[] = [];
  const track: ExposedTrack = {
    getCapabilities: () => ({ exposureCompensation: { min: -2, max: 2, step: 0.5 } }),
    getSettings: () => ({ exposureCompensation: 0.5 }),
    async applyConstraints({ advanced }) {
      asked.push(advanced?.[0]);
      throw new DOMException('', 'OverconstrainedError');
    },
  };
  const light = followExposure(track);
  for (const atMs of [0, 500, 1000, 1500]) light.see('dark', atMs);
  light.see('good', 5000);
  light.end();
  const stops = asked.map((each) => (each as { exposureCompensation: number }).exposureCompensation);
  assert.deepEqual(stops, [1, 1.5, 0.5]);
  const plain = followExposure({ ...track, getCapabilities: () => ({}) });
  plain.see('dark', 0);
  plain.end();
  assert.equal(asked.length, 3);
});
