import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { encodeWsq } from '../../main/biometrics/finger/wsq.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { fingerImageName, readFingerImage } from './finger-image.ts';

// Three columns, so that the rows of a bitmap are filled up.
const image: GreyImage = { widthPx: 3, heightPx: 2, dpi: 569, pixels: Uint8Array.of(0, 50, 100, 150, 200, 255) };

async function read(t: TestContext, bytes: Uint8Array, dpi?: number): Promise<GreyImage> {
  const folder = await mkdtemp(join(tmpdir(), 'limen-image-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, '1_1');
  await writeFile(path, bytes);
  return readFingerImage(path, dpi);
}

/** A bitmap with its grey levels inverted in the palette, where it has one. */
function bitmap(bits: 8 | 24 | 32, topDown: boolean, perMetre: number): Buffer {
  const { widthPx, heightPx, pixels } = image;
  const rowLength = Math.ceil((widthPx * bits) / 32) * 4;
  const pixelsAt = 54 + (bits === 8 ? 1024 : 0);
  const bytes = Buffer.alloc(pixelsAt + rowLength * heightPx);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(pixelsAt, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(widthPx, 18);
  bytes.writeInt32LE(topDown ? -heightPx : heightPx, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeInt32LE(perMetre, 38);
  bytes.writeInt32LE(perMetre, 42);
  if (bits === 8) for (let i = 0; i < 256; i++) bytes.fill(255 - i, 54 + 4 * i, 57 + 4 * i);
  for (let row = 0; row < heightPx; row++)
    for (let column = 0; column < widthPx; column++) {
      const grey = pixels[row * widthPx + column] ?? 0;
      const at = pixelsAt + rowLength * (topDown ? row : heightPx - 1 - row) + (column * bits) / 8;
      if (bits === 8) bytes[at] = 255 - grey;
      else bytes.fill(grey, at, at + 3);
    }
  return bytes;
}

test('bitmaps of 8, 24 and 32 bits are read, whichever row comes first', async (t) => {
  for (const bits of [8, 24, 32] as const)
    for (const topDown of [false, true]) assert.deepEqual(await read(t, bitmap(bits, topDown, 22_402)), image);
});

test('a bitmap cut short, compressed or of another depth is refused', async (t) => {
  const sound = bitmap(24, false, 22_402);
  const altered = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(sound);
    bytes[at] = value;
    return bytes;
  };
  for (const wrong of [sound.subarray(0, -1), sound.subarray(0, 20), altered(28, 1), altered(30, 1), altered(14, 12)])
    await assert.rejects(read(t, wrong), RangeError);
});

test('the resolution is what was asked for, else what the file tells, else 500 dpi', async (t) => {
  const { widthPx: width, heightPx: height, pixels } = image;
  const png = (density?: number): Promise<Buffer> => {
    const grey = sharp(pixels, { raw: { width, height, channels: 1 } });
    return (density === undefined ? grey : grey.withMetadata({ density })).png().toBuffer();
  };
  const dpiOf = async (bytes: Uint8Array, dpi?: number): Promise<number> => (await read(t, bytes, dpi)).dpi;
  assert.deepEqual((await read(t, await png(569))).pixels, pixels);
  assert.equal(await dpiOf(await png(569)), 569);
  assert.equal(await dpiOf(await png(569), 700), 700);
  assert.equal(await dpiOf(await png()), 500);
  assert.equal(await dpiOf(await png(72)), 500);
  assert.equal(await dpiOf(bitmap(8, false, 0)), 500);
  assert.equal(await dpiOf(bitmap(8, false, 39_370)), 1000);
});

test('a WSQ image is read by its content, and its comment tells the resolution', async (t) => {
  const grey = { widthPx: 40, heightPx: 30, dpi: 508, pixels: new Uint8Array(1200).fill(77) };
  assert.deepEqual(await read(t, await encodeWsq(grey)), grey);
});

test('an image is named by its finger and its impression', () => {
  for (const name of ['1_2.png', '101_8.wsq', '3_1.bmp', '3_1.tif']) assert.match(name, fingerImageName);
  for (const name of ['1.png', 'a_1.png', '1_1.txt', '1_1.png~']) assert.doesNotMatch(name, fingerImageName);
});
