import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeWsq, encodeWsq } from '../../../main/biometrics/finger/wsq.ts';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { binCentre, type Coded, type WsqFields, writeWsq } from './wsq-stream.ts';

const malformed = (error: unknown): boolean => error instanceof Fault && error.code === 'image.malformed';

/** One coefficient, in the lowest subband of a 32 x 32 image: the image is one grey all over. */
const flat: WsqFields = {
  widthPx: 32,
  heightPx: 32,
  shift: 100,
  scale: 1.5,
  bins: { 0: 20 },
  blocks: [[[180 + 40]]],
};
/** Five synthesis steps in two directions halve a level five times. */
const greyOf = (value: number, bin: number): number => {
  const size = bin * (Math.abs(value) - binCentre) + bin;
  return Math.floor(flat.shift + (flat.scale * Math.sign(value) * size) / 32 + 0.5);
};
const pixelsOf = async (fields: WsqFields): Promise<Uint8Array> => (await decodeWsq(writeWsq(fields))).pixels;
const finger = (number: number): GreyImage =>
  drawFinger({ finger: number, impression: 1, widthPx: 388, heightPx: 374, dpi: 500 });

function signalToNoiseDb(original: Uint8Array, other: Uint8Array): number {
  const squares = original.reduce((sum, grey, i) => sum + (grey - (other[i] ?? NaN)) ** 2, 0);
  return 10 * Math.log10((255 * 255 * original.length) / squares);
}

test('a lone coefficient of the lowest subband makes an image of one grey', async () => {
  const image = await decodeWsq(writeWsq(flat));
  assert.deepEqual([image.widthPx, image.heightPx, image.dpi], [32, 32, undefined]);
  assert.deepEqual(new Set(image.pixels), new Set([greyOf(40, 20)]));
  assert.deepEqual(new Set(await pixelsOf({ ...flat, blocks: [[[180 - 40]]] })), new Set([greyOf(-40, 20)]));
});

test('odd sizes have the coefficients that their subbands have room for', async () => {
  for (const [widthPx, heightPx, room] of [
    [33, 32, 2],
    [65, 97, 12],
    [47, 63, 4],
  ] as const) {
    const block = Array.from({ length: room }, (): Coded => [220]);
    const pixels = await pixelsOf({ ...flat, widthPx, heightPx, blocks: [block] });
    assert.equal(pixels.length, widthPx * heightPx);
    assert.deepEqual(new Set(pixels), new Set([greyOf(40, 20)]), `${widthPx} x ${heightPx}`);
    for (const wrong of [[...block, [220] as const], block.slice(1)])
      await assert.rejects(decodeWsq(writeWsq({ ...flat, widthPx, heightPx, blocks: [wrong] })), malformed);
  }
});

test('no transmitted subband leaves the mean', async () => {
  assert.deepEqual(new Set(await pixelsOf({ ...flat, bins: {}, blocks: [[]] })), new Set([100]));
});

test('a coefficient is the same however it is coded', async () => {
  for (const [short, long] of [
    [[220], [101, 40, 8]],
    [[220], [103, 40, 16]],
    [[140], [102, 40, 8]],
    [[140], [104, 40, 16]],
  ] as const)
    assert.deepEqual(await pixelsOf({ ...flat, blocks: [[short]] }), await pixelsOf({ ...flat, blocks: [[long]] }));
});

test('a run of zeros is the same however it is coded, and across blocks', async () => {
  // Subband 52 of a 64 x 64 image has 16 x 16 places.
  const wide = { ...flat, widthPx: 64, heightPx: 64, bins: { 52: 20 } };
  const tail: Coded = [200];
  const runs: readonly (readonly Coded[])[] = [
    [[100], [100], [55], tail],
    [[105, 255, 8], tail],
    [[106, 255, 16], tail],
    [[180], [106, 254, 16], tail],
  ];
  const [first, ...others] = await Promise.all(runs.map((block) => pixelsOf({ ...wide, blocks: [block] })));
  assert.ok(first && new Set(first).size > 1);
  for (const other of others) assert.deepEqual(other, first);
  assert.deepEqual(await pixelsOf({ ...wide, blocks: [[[100]], [[100], [55]], [tail]] }), first);
});

test('restart markers are passed in their order, where an interval was defined', async () => {
  const wide = { ...flat, widthPx: 64, heightPx: 32, restartInterval: 1 };
  const one: Coded = [220];
  const plain = await pixelsOf({ ...wide, blocks: [[one, one]] });
  assert.deepEqual(await pixelsOf({ ...wide, blocks: [[one, { restart: 0 }, one]] }), plain);
  for (const wrong of [
    { ...wide, blocks: [[one, { restart: 1 }, one]] },
    { ...wide, restartInterval: 0, blocks: [[one, { restart: 0 }, one]] },
  ])
    await assert.rejects(decodeWsq(writeWsq(wrong)), malformed);
});

test('the resolution comes from the NIST comment alone', async () => {
  const dpiOf = async (comment: string): Promise<number | undefined> =>
    (await decodeWsq(writeWsq({ ...flat, comment }))).dpi;
  assert.equal(await dpiOf('NIST_COM 3\nPIX_DEPTH 8\nPPI 508\nLOSSY 1'), 508);
  assert.equal(await dpiOf('NIST_COM 2\nPIX_DEPTH 8'), undefined);
  assert.equal(await dpiOf('NIST_COM 1\nPPI -1'), undefined);
  assert.equal(await dpiOf('scanned\nPPI 500'), undefined);
});

test('a field outside its range makes an image malformed', async () => {
  const sound = writeWsq(flat);
  const at = (marker: number): number =>
    sound.findIndex((byte, i) => byte === 0xff && sound[i + 1] === (marker & 255)) + 4;
  await decodeWsq(sound);
  const wrong: readonly (readonly [string, number, number])[] = [
    ['start of image', 1, 0xa1],
    ['transform length', at(0xffa4) - 1, 57],
    ['an even filter', at(0xffa4), 8],
    ['a filter that is too long', at(0xffa4) + 1, 33],
    ['quantisation length', at(0xffa5) - 1, 0x84],
    ['frame length', at(0xffa2) - 1, 16],
    ['height over 4000', at(0xffa2) + 2, 16],
    ['no width', at(0xffa2) + 5, 0],
    ['Huffman table number', at(0xffa6), 8],
    ['more codes than there are', at(0xffa6) + 1, 3],
    ['more symbols than follow', at(0xffa6) + 8, 2],
    ['block length', at(0xffa3) - 1, 4],
    ['a table that is not there', at(0xffa3), 1],
    ['an unknown code', at(0xffa3) + 1, 77],
    ['end of image', sound.length - 1, 0xa9],
  ];
  for (const [name, place, value] of wrong) {
    const bytes = Uint8Array.from(sound);
    bytes[place] = value;
    await assert.rejects(decodeWsq(bytes), malformed, name);
  }
  for (const symbol of [0, 255])
    await assert.rejects(decodeWsq(writeWsq({ ...flat, blocks: [[[symbol]]] })), malformed);
  await assert.rejects(decodeWsq(writeWsq({ ...flat, blocks: [] })), malformed, 'no block');
});

test('an image cut short anywhere, or with a byte too many, is malformed', async () => {
  const bytes = await encodeWsq({
    ...finger(2),
    widthPx: 97,
    pixels: finger(2).pixels.subarray(0, 97 * 374),
  });
  for (let length = 0; length < bytes.length; length += 11)
    await assert.rejects(decodeWsq(bytes.subarray(0, length)), malformed, `${length} bytes`);
  await assert.rejects(decodeWsq(Uint8Array.of(...bytes, 0)), malformed);
});

test('an altered image decodes to its size or is malformed', async () => {
  const bytes = await encodeWsq(drawFinger({ finger: 3, impression: 1, widthPx: 101, heightPx: 90, dpi: 500 }));
  const alteration = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(alteration, async (changes) => {
      const altered = Uint8Array.from(bytes);
      for (const [place, value] of changes) altered[place] = value;
      try {
        const image = await decodeWsq(altered);
        assert.equal(image.pixels.length, image.widthPx * image.heightPx);
      } catch (error) {
        assert.ok(malformed(error), String(error));
      }
    }),
    { numRuns: 400 },
  );
});

test('a print compresses to about a fifteenth and keeps its ridges', async () => {
  for (const number of [1, 2, 3]) {
    const image = finger(number);
    const bytes = await encodeWsq(image);
    const decoded = await decodeWsq(bytes);
    const ratio = image.pixels.length / bytes.length;
    assert.ok(ratio > 12 && ratio < 20, `1:${ratio}`);
    assert.ok(signalToNoiseDb(image.pixels, decoded.pixels) > 22);
    assert.deepEqual([decoded.widthPx, decoded.heightPx, decoded.dpi], [388, 374, 500]);
  }
});

test('a higher rate makes a larger file and a truer image', async () => {
  const image = finger(4);
  let last = { bytes: 0, decibels: 0 };
  for (const bitsPerPixel of [0.25, 0.75, 1.5, 3, 5]) {
    const bytes = await encodeWsq(image, { bitsPerPixel });
    const decibels = signalToNoiseDb(image.pixels, (await decodeWsq(bytes)).pixels);
    assert.ok(
      bytes.length > last.bytes && decibels > last.decibels,
      `${bitsPerPixel}: ${bytes.length} bytes, ${decibels} dB`,
    );
    last = { bytes: bytes.length, decibels };
  }
  // What is left is the sensor's noise in the four subbands that are never transmitted.
  assert.ok(last.decibels > 30);
});

test('an image of any size without diagonal detail comes back true at a high rate', async () => {
  const side = fc.integer({ min: 1, max: 90 });
  const pitch = fc.double({ min: 0.01, max: 1.2, noNaN: true });
  await fc.assert(
    fc.asyncProperty(side, side, pitch, pitch, fc.nat(60), async (widthPx, heightPx, across, down, contrast) => {
      const greyAt = (x: number, y: number): number => 127 + contrast * (Math.sin(1 + across * x) + Math.cos(down * y));
      const image = {
        widthPx,
        heightPx,
        pixels: Uint8Array.from({ length: widthPx * heightPx }, (_, i) => greyAt(i % widthPx, Math.floor(i / widthPx))),
      };
      const { pixels, ...size } = await decodeWsq(await encodeWsq(image, { bitsPerPixel: 7 }));
      assert.deepEqual(size, { widthPx, heightPx });
      // Subbands of a variance below one are dropped, so single pixels may be some levels off.
      assert.ok(signalToNoiseDb(image.pixels, pixels) > 38);
    }),
    { numRuns: 200 },
  );
});

test('a blank image and the largest one come back', async () => {
  for (const grey of [0, 128, 255]) {
    const image = { widthPx: 40, heightPx: 50, dpi: 500, pixels: new Uint8Array(2000).fill(grey) };
    assert.deepEqual(await decodeWsq(await encodeWsq(image)), image);
  }
  const largest = { widthPx: 4000, heightPx: 4000, dpi: 1000, pixels: new Uint8Array(16_000_000).fill(90, 5_000_000) };
  const { pixels, ...size } = await decodeWsq(await encodeWsq(largest));
  assert.deepEqual(size, { widthPx: 4000, heightPx: 4000, dpi: 1000 });
  assert.ok(signalToNoiseDb(largest.pixels, pixels) > 30);
});

test('what is no image of its size, or no rate, is not encoded', async () => {
  const image = finger(1);
  for (const wrong of [
    { ...image, widthPx: 387 },
    { ...image, widthPx: 0, pixels: new Uint8Array() },
    { ...image, widthPx: 4001, heightPx: 1, pixels: new Uint8Array(4001) },
  ])
    await assert.rejects(encodeWsq(wrong), malformed);
  for (const bitsPerPixel of [0, -1, NaN, 9]) await assert.rejects(encodeWsq(image, { bitsPerPixel }), malformed);
});
