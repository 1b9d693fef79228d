import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFingers, extractFinger, fingerModel } from '../../../main/biometrics/finger/finger.ts';
import { Fault } from '../../../main/contract/fault.ts';
import { native } from '../../../native/native.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { type RecordFields, writeRecord } from '../../sim/finger/minutiae-record.ts';

const malformed = (error: unknown): boolean => error instanceof Fault && error.code === 'template.malformed';
const template = (bytes: Uint8Array) => ({ ...fingerModel, bytes });
const read = (bytes: Uint8Array) => compareFingers(template(bytes), template(bytes), 0);

const fields: fc.Arbitrary<RecordFields> = fc.record({
  widthPx: fc.integer({ min: 100, max: 1000 }),
  heightPx: fc.integer({ min: 100, max: 1000 }),
  xResolution: fc.constant(197),
  yResolution: fc.constant(197),
  position: fc.integer({ min: 0, max: 10 }),
  quality: fc.integer({ min: 0, max: 100 }),
  minutiae: fc.array(
    fc.record({
      kind: fc.constantFrom(0 as const, 1 as const, 2 as const),
      x: fc.integer({ min: 0, max: 99 }),
      y: fc.integer({ min: 0, max: 99 }),
      angle: fc.integer({ min: 0, max: 255 }),
      quality: fc.integer({ min: 0, max: 100 }),
    }),
    { maxLength: 255 },
  ),
  // One area of another vendor's, which is passed over.
  extended: fc.constantFrom(Uint8Array.of(), Uint8Array.of(0x77, 0x01, 0x00, 0x03, 9, 9, 9)),
});

const plain: RecordFields = {
  widthPx: 300,
  heightPx: 400,
  xResolution: 197,
  yResolution: 197,
  position: 2,
  quality: 80,
  minutiae: [
    { kind: 1, x: 120, y: 200, angle: 64, quality: 70 },
    { kind: 2, x: 140, y: 260, angle: 10, quality: 0 },
  ],
  extended: Uint8Array.of(),
};

test('every minutia of a record is read as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(fields, async (written) => {
      const found = await native().fingerMinutiae(writeRecord(written));
      const expected = written.minutiae.flatMap(({ x, y, angle, quality }) => [
        x,
        y,
        Math.fround((((256 - angle) % 256) * Math.PI) / 128),
        quality,
      ]);
      assert.equal(found.length, expected.length);
      for (const [i, value] of expected.entries()) assert.ok(Math.abs((found[i] ?? NaN) - value) < 1e-4, `value ${i}`);
    }),
    { numRuns: 50 },
  );
});

test('positions of a record at 1000 dpi come out at 500', async () => {
  const found = await native().fingerMinutiae(writeRecord({ ...plain, xResolution: 394, yResolution: 394 }));
  assert.deepEqual([found[0], found[1]], [60, 100]);
});

test('a template of our own is a record of one view whose lengths add up', async () => {
  const { template: ours, minutiae } = await extractFinger(
    drawFinger({ finger: 3, impression: 1, widthPx: 300, heightPx: 400, dpi: 500 }),
  );
  const view = Buffer.from(ours.bytes);
  assert.equal(view.subarray(0, 8).toString('latin1'), 'FMR\0 20\0');
  assert.equal(view.readUInt32BE(8), view.length);
  assert.deepEqual([view.readUInt16BE(14), view.readUInt16BE(16), view.readUInt16BE(18)], [300, 400, 197]);
  assert.deepEqual([view[22], view[27]], [1, minutiae]);
  assert.equal(view.readUInt16BE(28 + 6 * minutiae), view.length - 30 - 6 * minutiae);
});

test('a record cut short anywhere, or with a byte too many, is malformed', async () => {
  const { template: ours } = await extractFinger(
    drawFinger({ finger: 3, impression: 1, widthPx: 200, heightPx: 200, dpi: 500 }),
  );
  for (let length = 0; length < ours.bytes.length; length += 7)
    await assert.rejects(read(ours.bytes.subarray(0, length)), malformed, `${length} bytes`);
  await assert.rejects(read(Uint8Array.of(...ours.bytes, 0)), malformed);
});

test('a field outside its range makes a record malformed', async () => {
  const sound = writeRecord(plain);
  await read(sound);
  const wrong: readonly (readonly [string, number, number])[] = [
    ['format identifier', 0, 0x47],
    ['version', 5, 0x33],
    ['length', 11, sound.length - 1],
    ['width', 14, 0x80],
    ['resolution', 19, 20],
    ['views: none', 22, 0],
    ['views: one that is not there', 22, 2],
    ['reserved byte', 23, 1],
    ['finger position', 24, 11],
    ['finger quality', 26, 101],
    ['minutiae count', 27, 3],
    ['minutia kind', 28, 0xc0],
    ['minutia x beyond the image', 28, 0x42],
    ['minutia reserved bits', 30, 0x40],
    ['minutia y beyond the image', 30, 0x02],
    ['minutia quality', 33, 101],
    ['extended length', 41, 1],
  ];
  for (const [name, at, value] of wrong) {
    const bytes = Uint8Array.from(sound);
    bytes[at] = value;
    await assert.rejects(read(bytes), malformed, name);
  }
});

test('an altered record either reads or is malformed, and never scores other than a number', async () => {
  const { template: ours } = await extractFinger(
    drawFinger({ finger: 4, impression: 1, widthPx: 240, heightPx: 240, dpi: 500 }),
  );
  const alteration = fc.array(fc.tuple(fc.nat(ours.bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(alteration, async (changes) => {
      const bytes = Uint8Array.from(ours.bytes);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        const { score } = await compareFingers(ours, template(bytes), 0);
        assert.ok(Number.isFinite(score) && score >= 0);
      } catch (error) {
        assert.ok(malformed(error), String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('bytes that are no record are malformed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), (bytes) => assert.rejects(read(bytes), malformed)),
    { numRuns: 100 },
  );
});
