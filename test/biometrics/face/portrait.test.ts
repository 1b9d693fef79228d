import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { compareFaces } from '../../../main/biometrics/face/face-comparison.ts';
import { readImageHeader } from '../../../main/image/image-header.ts';
import { Fault } from '../../../main/contract/fault.ts';
import { documentPortrait, portraitImage } from '../../sim/face/document-portrait.ts';
import { encodeJpeg2000, wrapJp2 } from '../../sim/face/jpeg2000.ts';
import { people } from '../../sim/face/people.ts';
import { engine } from './engine.ts';

const image = await portraitImage(people.hana, 1);
const jpeg = await documentPortrait(people.hana, 1);
const codestream = await encodeJpeg2000(image);
const jp2 = wrapJp2(codestream, image);

const cut = (bytes: Uint8Array) => fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length));
const malformed = { code: 'image.malformed' };

test('a portrait gives one template in JPEG, JPEG 2000 and JP2', async () => {
  const [one, two, three] = await Promise.all([jpeg, codestream, jp2].map((bytes) => engine.readPortrait(bytes)));
  assert.ok(one?.template && two?.template && three?.template);
  assert.ok(compareFaces(one.template, two.template).score > 0.99);
  assert.deepEqual(three, two);
  assert.deepEqual([two.image.widthPx, two.image.heightPx], [image.widthPx, image.heightPx]);
});

test('a JP2 portrait of luma and colour differences is turned into colours', async () => {
  const lumaChroma = new Uint8ClampedArray(image.pixels.length);
  for (let at = 0; at < lumaChroma.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = image.pixels.subarray(at, at + 3);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    lumaChroma.set([luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402], at);
  }
  const encoded = await encodeJpeg2000({ ...image, pixels: new Uint8Array(lumaChroma.buffer) }, false);
  const portrait = await engine.readPortrait(wrapJp2(encoded, image, 18));
  const apart = portrait.image.pixels.reduce((sum, value, at) => sum + Math.abs(value - (image.pixels[at] ?? 0)), 0);
  assert.ok(apart / image.pixels.length < 6, `${apart / image.pixels.length} apart on average`);
});

test('grey portraits are read', async () => {
  const grey = await sharp(jpeg).greyscale().jpeg().toBuffer();
  assert.ok((await engine.readPortrait(grey)).template);
});

test('portraits of a depth or a colour space that documents do not have are refused, with a reason', async () => {
  const raw = { width: image.widthPx, height: image.heightPx, channels: 3 } as const;
  const picture = sharp(image.pixels, { raw });
  const inks = await picture.clone().toColourspace('cmyk').jpeg().toBuffer();
  await assert.rejects(engine.readPortrait(inks), malformed);
  const deep = codestream.slice();
  // SIZ says 16 bits of each component (ISO/IEC 15444-1, A.5.1).
  for (let component = 0; component < 3; component++) deep[42 + component * 3] = 15;
  await assert.rejects(engine.readPortrait(deep), { ...malformed, message: 'samples' });
  const png = await picture.clone().toColourspace('rgb16').png().toBuffer();
  await assert.rejects(engine.readPortrait(png), { ...malformed, message: 'neither JPEG nor JPEG 2000' });
  const twelve = jpeg.slice();
  const frameHeader = twelve.findIndex(
    (value, at) => value === 0xff && (twelve[at + 1] ?? 0) >= 0xc0 && (twelve[at + 1] ?? 0) <= 0xc2,
  );
  twelve[frameHeader + 4] = 12;
  await assert.rejects(engine.readPortrait(twelve), malformed);
});

test('a face that fills its picture is found', async () => {
  for (const name of ['amara', 'freya', 'daniel', 'mateo'] as const) {
    const whole = await documentPortrait(people[name], 1);
    const filled = await sharp(whole).extract({ left: 65, top: 105, width: 110, height: 115 }).jpeg().toBuffer();
    const [one, two] = [await engine.readPortrait(whole), await engine.readPortrait(filled)];
    assert.ok(one.template && two.template && compareFaces(one.template, two.template).matched, name);
  }
});

test('a picture without a face gives no template', async () => {
  const wall = sharp({ create: { width: 240, height: 320, channels: 3, background: 'grey' } });
  const portrait = await engine.readPortrait(await wall.jpeg().toBuffer());
  assert.deepEqual([portrait.template, portrait.quality, portrait.image.widthPx], [undefined, 0, 240]);
});

test('a portrait cut short is refused at any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(cut(jpeg), cut(codestream), cut(jp2)), async (bytes) => {
      // The last bytes of a picture may be missing without loss of a pixel; then it is read.
      const read = await engine.readPortrait(bytes).catch((error: unknown) => error);
      if (read instanceof Error) assert.equal((read as Fault).code, 'image.malformed');
      else assert.ok(bytes.length > 0.9 * Math.min(jpeg.length, codestream.length));
    }),
    { numRuns: 40 },
  );
});

test('a portrait with bytes changed is read or refused, and the next one is read', async () => {
  const change = fc.tuple(
    fc.constantFrom(jpeg, codestream, jp2),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(change, async ([source, changes]) => {
      const bytes = source.slice();
      for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
      await engine
        .readPortrait(bytes)
        .catch((error: unknown) => assert.equal((error as Fault).code, 'image.malformed'));
    }),
    { numRuns: 40 },
  );
  assert.ok((await engine.readPortrait(jpeg)).template);
});

test('bytes that are no image are refused', async () => {
  await assert.rejects(engine.readPortrait(new Uint8Array()), malformed);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      assert.rejects(engine.readPortrait(bytes), malformed),
    ),
    { numRuns: 20 },
  );
});

test('a header is read or refused, whatever the bytes after its first ones', () => {
  const starts = [jpeg, codestream, jp2].map((bytes) => bytes.subarray(0, 12));
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 100 }), (start, rest) => {
      try {
        const { widthPx, heightPx } = readImageHeader(Buffer.concat([start, rest]));
        assert.ok(widthPx <= 2048 && heightPx <= 2048);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'image.malformed');
      }
    }),
  );
});

test('a picture that announces more pixels than allowed is refused before it is decoded', async () => {
  const huge = jpeg.slice();
  const frameHeader = Buffer.from(huge).indexOf(Uint8Array.of(0xff, 0xc0));
  new DataView(huge.buffer, huge.byteOffset).setUint16(frameHeader + 5, 65_000);
  await assert.rejects(engine.readPortrait(huge), { ...malformed, message: 'a side of 65000 pixels' });
  const wide = codestream.slice();
  new DataView(wide.buffer, wide.byteOffset).setUint32(8, 0xffff_ffff);
  await assert.rejects(engine.readPortrait(wide), malformed);
  await assert.rejects(engine.readPortrait(new Uint8Array(1_000_001)), malformed);
});

test('reading a portrait may be aborted', async () => {
  const stop = new AbortController();
  const reading = engine.readPortrait(jpeg, stop.signal);
  stop.abort();
  await assert.rejects(reading, { code: 'capture.cancelled' });
  assert.ok((await engine.readPortrait(jpeg)).template);
});
