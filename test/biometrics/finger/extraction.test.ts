import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extractFinger } from '../../../main/biometrics/finger/finger.ts';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import type { Condition } from '../../sim/finger/condition.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { stream } from '../../sim/finger/random.ts';

const malformed = (error: unknown): boolean => error instanceof Fault && error.code === 'image.malformed';
const even = (widthPx: number, heightPx: number, dpi: number, grey: number): GreyImage => ({
  widthPx,
  heightPx,
  dpi,
  pixels: new Uint8Array(widthPx * heightPx).fill(grey),
});
const draw = (finger: number, condition: Condition, dpi = 500): GreyImage =>
  drawFinger({
    finger,
    impression: 1,
    widthPx: Math.round(0.64 * dpi),
    heightPx: Math.round(0.8 * dpi),
    dpi,
    condition,
  });

test('a good print has many minutiae and high quality', async () => {
  for (const finger of [1, 2, 3, 4]) {
    const found = await extractFinger(draw(finger, 'good'));
    assert.ok(found.minutiae >= 20 && found.minutiae <= 100, `${found.minutiae} minutiae`);
    assert.ok(found.quality >= 70, `quality ${found.quality}`);
    assert.deepEqual(found.causes, []);
  }
});

test('a light or partial print has low quality and says why', async () => {
  for (const finger of [1, 2, 3, 4]) {
    for (const condition of ['light', 'partial'] as const) {
      const found = await extractFinger(draw(finger, condition));
      assert.ok(found.quality <= 35, `${condition}: quality ${found.quality}`);
      assert.ok(found.causes.includes('small'), condition);
    }
  }
});

test('an even image has no minutiae and quality 0', async () => {
  for (const grey of [0, 128, 255]) {
    const { quality, minutiae, causes } = await extractFinger(even(300, 400, 500, grey));
    assert.deepEqual({ quality, minutiae, causes }, { quality: 0, minutiae: 0, causes: ['small'] });
  }
});

test('noise is not taken for a good print', async () => {
  const random = stream(5);
  const image = even(320, 400, 500, 0);
  for (let i = 0; i < image.pixels.length; i++) image.pixels[i] = 256 * random();
  const { quality } = await extractFinger(image);
  assert.ok(quality <= 20, `quality ${quality}`);
});

test('the same image always gives the same template', async () => {
  const image = draw(5, 'good');
  const [first, second] = await Promise.all([extractFinger(image), extractFinger(image)]);
  assert.deepEqual(first, second);
});

test('the caller may change its buffer as soon as it has called', async () => {
  const image = draw(5, 'good');
  const expected = await extractFinger(image);
  const pending = extractFinger(image);
  image.pixels.fill(0);
  assert.deepEqual(await pending, expected);
});

test('a finger has about as many minutiae at other resolutions', async () => {
  const at500 = await extractFinger(draw(6, 'good'));
  for (const dpi of [300, 569, 1000]) {
    const { minutiae } = await extractFinger(draw(6, 'good', dpi));
    assert.ok(Math.abs(minutiae - at500.minutiae) <= 0.35 * at500.minutiae, `${dpi} dpi: ${minutiae}`);
  }
});

test('sizes and resolutions are taken up to their limits and refused beyond', async () => {
  for (const [width, height, dpi] of [
    [32, 32, 250],
    [32, 32, 1000],
    [1000, 32, 500],
    [32, 1000, 500],
    [1000, 1000, 1000],
  ] as const)
    assert.equal((await extractFinger(even(width, height, dpi, 200))).minutiae, 0);
  for (const [width, height, dpi] of [
    [31, 32, 500],
    [32, 31, 500],
    [1001, 400, 500],
    [400, 1001, 500],
    [300, 300, 249],
    [300, 300, 1001],
    [300, 300, 500.5],
    [300, 300, 0],
  ] as const)
    await assert.rejects(
      extractFinger({ ...even(300, 300, 500, 0), widthPx: width, heightPx: height, dpi }),
      malformed,
    );
});

test('an image whose bytes do not fit its size is malformed', async () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 2000 }), fc.double(), fc.constant(NaN));
  await fc.assert(
    fc.asyncProperty(number, number, number, fc.uint8Array({ maxLength: 900 }), (widthPx, heightPx, dpi, pixels) =>
      assert.rejects(extractFinger({ widthPx, heightPx, dpi, pixels }), malformed),
    ),
    { numRuns: 100 },
  );
});

test('any pixels at all give a template', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 32, max: 90 }),
      fc.integer({ min: 32, max: 90 }),
      fc.integer({ min: 250, max: 1000 }),
      fc.integer(),
      fc.constantFrom(1, 4, 9, 25),
      async (widthPx, heightPx, dpi, seed, grain) => {
        const random = stream(seed);
        const greys = Array.from({ length: widthPx * heightPx }, () => 256 * random());
        const pixels = Uint8Array.from(greys, (_, i) => greys[i - (i % grain)] ?? 0);
        const { template, quality } = await extractFinger({ widthPx, heightPx, dpi, pixels });
        assert.ok(template.bytes.length >= 30 && quality >= 0 && quality <= 100);
      },
    ),
    { numRuns: 60 },
  );
});
