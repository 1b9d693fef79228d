import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareFingers,
  defaultFingerThreshold,
  extractFinger,
  fingerModel,
} from '../../../main/biometrics/finger/finger.ts';
import { importRecord, readRecord, type RecordSingularity } from '../../../main/biometrics/finger/minutiae-record.ts';
import type { FingerPosition } from '../../../main/contract/biometrics.ts';
import { Fault } from '../../../main/contract/fault.ts';
import { native } from '../../../native/native.ts';
import { packAnsiCoreDelta, packCoreDelta } from '../../sim/finger/core-delta.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { type Header, type ImageFields, type ViewFields, writeViews } from '../../sim/finger/minutiae-record.ts';

const malformed = (error: unknown): boolean => error instanceof Fault && error.code === 'template.malformed';
const ansiHeaders: readonly Header[] = ['ansi', 'ansi-long', 'ansi-dialect'];
const headers: readonly Header[] = ['iso', ...ansiHeaders];

const image: ImageFields = { widthPx: 512, heightPx: 480, xResolution: 197, yResolution: 197 };
const leftIndex: ViewFields = {
  position: 7,
  quality: 90,
  minutiae: [
    { kind: 1, x: 100, y: 14, angle: 80, quality: 90 },
    { kind: 2, x: 55, y: 479, angle: 16, quality: 60 },
    { kind: 0, x: 511, y: 22, angle: 0, quality: 0 },
  ],
  extended: Uint8Array.of(),
};
const rightThumb: ViewFields = {
  position: 1,
  impression: 8,
  quality: 40,
  minutiae: [{ kind: 2, x: 7, y: 9, angle: 179, quality: 1 }],
  extended: Uint8Array.of(),
};

const minutia = fc.record({
  kind: fc.constantFrom(0 as const, 1 as const, 2 as const),
  x: fc.integer({ min: 0, max: 299 }),
  y: fc.integer({ min: 0, max: 399 }),
  angle: fc.integer({ min: 0, max: 255 }),
  quality: fc.integer({ min: 0, max: 100 }),
});
const fields = {
  position: fc.integer({ min: 0, max: 10 }),
  quality: fc.integer({ min: 0, max: 100 }),
  minutiae: fc.array(minutia, { maxLength: 60 }),
};
const angle = fc.integer({ min: 0, max: 179 });
const points = (angles: number) => {
  const point = (angled: boolean) =>
    fc.record({
      x: fc.integer({ min: 0, max: 299 }),
      y: fc.integer({ min: 0, max: 399 }),
      angles: fc.array(angle, { minLength: angled ? angles : 0, maxLength: angled ? angles : 0 }),
    });
  const several = (one: ReturnType<typeof point>) => fc.array(one, { maxLength: 15 });
  return {
    alike: fc.oneof(several(point(true)), several(point(false))),
    mixed: several(fc.oneof(point(true), point(false))),
  };
};
const singularities = fc.record({ cores: points(1).mixed, deltas: points(3).mixed });
const ansiSingularities = fc.record({ cores: points(1).alike, deltas: points(3).alike });
const view: fc.Arbitrary<ViewFields> = fc.record({ ...fields, extended: singularities.map(packCoreDelta) });
const small: ImageFields = { ...image, widthPx: 300, heightPx: 400 };

test('every field of a record of either standard is told as it was written', async () => {
  for (const header of headers) {
    const degrees = header === 'iso' ? 360 / 256 : 2;
    assert.deepEqual(await readRecord(writeViews(header, image, [leftIndex, rightThumb])), {
      format: header === 'iso' ? 'iso-19794-2-2005' : 'ansi-378-2004',
      widthPx: 512,
      heightPx: 480,
      xPixelsPerCm: 197,
      yPixelsPerCm: 197,
      views: [
        {
          position: 'left-index',
          number: 0,
          impression: 'live-plain',
          quality: 90,
          minutiae: [
            { type: 'ending', x: 100, y: 14, angleDegrees: 80 * degrees, quality: 90 },
            { type: 'bifurcation', x: 55, y: 479, angleDegrees: 16 * degrees, quality: 60 },
            { type: 'other', x: 511, y: 22, angleDegrees: 0, quality: 0 },
          ],
          cores: [],
          deltas: [],
        },
        {
          position: 'right-thumb',
          number: 0,
          impression: 'swipe',
          quality: 40,
          minutiae: [{ type: 'bifurcation', x: 7, y: 9, angleDegrees: Math.fround(179 * degrees), quality: 1 }],
          cores: [],
          deltas: [],
        },
      ],
    });
  }
});

test('angles of ANSI are steps of two degrees, clockwise once they are ours', async () => {
  const found = await native().fingerMinutiae(writeViews('ansi', image, [leftIndex]));
  assert.ok(Math.abs((found[2] ?? NaN) - (100 / 180) * 2 * Math.PI) < 1e-5);
  assert.equal(found[10], 0);
});

test('an angle past a full turn makes an ANSI record malformed, and in the dialect means the 256ths of ISO', async () => {
  const turned = {
    ...leftIndex,
    minutiae: [...leftIndex.minutiae, { kind: 1 as const, x: 3, y: 4, angle: 249, quality: 5 }],
  };
  for (const header of ['ansi', 'ansi-long'] as const)
    await assert.rejects(readRecord(writeViews(header, image, [turned])), malformed);
  const [read] = (await readRecord(writeViews('ansi-dialect', image, [turned]))).views;
  assert.deepEqual(
    read?.minutiae.map((found) => found.angleDegrees),
    [80, 16, 0, 249].map((step) => (step * 360) / 256),
  );
});

test('the first view is taken, or the first of the finger that is asked for', async () => {
  for (const header of headers) {
    const record = writeViews(header, image, [leftIndex, rightThumb, { ...rightThumb, number: 1, quality: 3 }]);
    const taken = async (position?: FingerPosition) => {
      const { views } = await readRecord((await importRecord(record, position)).bytes);
      return views.map(({ position, quality }) => [position, quality]);
    };
    assert.deepEqual(await taken(), [['left-index', 90]]);
    assert.deepEqual(await taken('left-index'), [['left-index', 90]]);
    assert.deepEqual(await taken('right-thumb'), [['right-thumb', 40]]);
    await assert.rejects(taken('left-thumb'), malformed);
  }
});

test('a record of ours comes through reading and writing byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(view, async (written) => {
      const first = (await importRecord(writeViews('iso', small, [written]))).bytes;
      assert.deepEqual((await importRecord(first)).bytes, first);
      const [from, to] = await Promise.all([readRecord(writeViews('iso', small, [written])), readRecord(first)]);
      assert.deepEqual(to, from);
    }),
    { numRuns: 100 },
  );
  const { template } = await extractFinger(
    drawFinger({ finger: 5, impression: 1, widthPx: 300, heightPx: 300, dpi: 500 }),
  );
  assert.deepEqual(await importRecord(template.bytes), template);
});

test('an ANSI record keeps its places and, to half a step, its angles on becoming ours', async () => {
  const ansi = fc.record({ ...fields, extended: ansiSingularities.map(packAnsiCoreDelta) }).map((written) => ({
    ...written,
    minutiae: written.minutiae.map((one) => ({ ...one, angle: one.angle % 180 })),
  }));
  await fc.assert(
    fc.asyncProperty(ansi, async (written) => {
      const record = writeViews('ansi', small, [written]);
      const [from] = (await readRecord(record)).views;
      const [to] = (await readRecord((await importRecord(record)).bytes)).views;
      assert.ok(from && to);
      for (const [i, before] of from.minutiae.entries()) {
        const { angleDegrees, ...after } = to.minutiae[i] ?? assert.fail('a minutia is missing');
        const turn = Math.abs(before.angleDegrees - angleDegrees);
        assert.deepEqual({ ...after, angleDegrees: before.angleDegrees }, before);
        assert.ok(Math.min(turn, 360 - turn) <= 180 / 256, `${before.angleDegrees}, then ${angleDegrees}`);
      }
      for (const kind of ['cores', 'deltas'] as const) {
        assert.equal(to[kind].length, from[kind].length);
        for (const [i, before] of from[kind].entries()) {
          const { x, y, anglesDegrees }: RecordSingularity = to[kind][i] ?? assert.fail('a point is missing');
          assert.deepEqual([x, y, anglesDegrees.length], [before.x, before.y, before.anglesDegrees.length]);
          for (const [k, degrees] of before.anglesDegrees.entries()) {
            const turn = Math.abs(degrees - (anglesDegrees[k] ?? NaN));
            assert.ok(Math.min(turn, 360 - turn) <= 180 / 256, `${degrees}, then ${anglesDegrees[k]}`);
          }
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('lengths of extended data have to add up, with or without their four bytes of header', async () => {
  const area = (length: number): Uint8Array =>
    Uint8Array.of(0x01, 0x01, 0, length, 9, 9, 9, 0x02, 0x02, 0, length, 8, 8, 8);
  for (const header of headers) {
    const read = (extended: Uint8Array) => readRecord(writeViews(header, image, [{ ...leftIndex, extended }]));
    for (const length of [3, 7]) await read(area(length));
    for (const length of [0, 1, 2, 4, 6, 8, 255])
      await assert.rejects(read(area(length)), malformed, `${header} ${length}`);
    await assert.rejects(read(Uint8Array.of(0, 0, 0, 0)), malformed, 'a reserved type');
    await assert.rejects(read(Uint8Array.of(1, 1)), malformed, 'half a header');
  }
});

test('cores and deltas of either standard are told as they were written, with and without angles', async () => {
  await fc.assert(
    fc.asyncProperty(singularities, ansiSingularities, async (iso, ansi) => {
      for (const header of headers) {
        const written = header === 'iso' ? iso : ansi;
        const extended = header === 'iso' ? packCoreDelta(iso) : packAnsiCoreDelta(ansi);
        const [read] = (await readRecord(writeViews(header, small, [{ ...leftIndex, minutiae: [], extended }]))).views;
        const degrees = header === 'iso' ? 360 / 256 : 2;
        for (const kind of ['cores', 'deltas'] as const)
          assert.deepEqual(
            read?.[kind],
            written[kind].map(({ x, y, angles }) => ({ x, y, anglesDegrees: angles.map((step) => step * degrees) })),
          );
      }
    }),
    { numRuns: 60 },
  );
});

test('a core and delta area with anything wrong makes a record malformed', async () => {
  const core = { x: 5, y: 6, angles: [9] };
  const delta = { x: 7, y: 8, angles: [1, 2, 179] };
  const both = { cores: [core], deltas: [delta] };
  const cases = { iso: packCoreDelta(both), ansi: packAnsiCoreDelta(both) };
  // Places in the area: 4 cores, 5 x, 7 y, 9 angle, 10 deltas, 11 x, 13 y, 15 angles.
  const wrong = {
    iso: [
      [4, 0],
      [4, 2],
      [4, 0x41],
      [5, 0x80],
      [5, 0xc0],
      [5, 0x42],
      [5, 0],
      [7, 0x40],
      [7, 2],
      [10, 0],
      [10, 2],
      [11, 0x80],
      [13, 2],
    ],
    ansi: [
      [4, 0x40],
      [4, 0x42],
      [4, 0x81],
      [4, 0x51],
      [4, 1],
      [5, 0x40],
      [5, 2],
      [7, 0x40],
      [7, 2],
      [9, 180],
      [10, 1],
      [10, 0x71],
      [17, 255],
    ],
  } as const;
  for (const header of ['iso', 'ansi'] as const) {
    const read = (extended: Uint8Array) => readRecord(writeViews(header, image, [{ ...leftIndex, extended }]));
    const sound = cases[header];
    await read(sound);
    for (const [at, value] of wrong[header]) {
      const bytes = Uint8Array.from(sound);
      bytes[at] = value;
      await assert.rejects(read(bytes), malformed, `${header}: byte ${at} is ${value}`);
    }
    for (let length = 1; length < sound.length; length++) {
      const cut = sound.slice(0, length);
      if (length >= 4) cut[3] = length - (header === 'iso' ? 4 : 0);
      await assert.rejects(read(cut), malformed, `${header}: ${length} bytes`);
    }
    await assert.rejects(read(Uint8Array.of(...sound, ...sound)), malformed, 'twice');
  }
});

test('a field outside its range makes an ANSI record malformed', async () => {
  const sound = writeViews('ansi', image, [leftIndex, rightThumb]);
  await readRecord(sound);
  const wrong: readonly (readonly [string, number, number])[] = [
    ['format identifier', 2, 0x53],
    ['version', 5, 0x33],
    ['length', 9, sound.length - 1],
    ['width', 16, 0x40],
    ['resolution', 21, 20],
    ['views: none', 24, 0],
    ['views: one that is not there', 24, 3],
    ['reserved byte', 25, 1],
    ['finger position', 26, 11],
    ['impression type', 27, 4],
    ['finger quality', 28, 101],
    ['minutiae count', 29, 4],
    ['minutia kind', 30, 0xc0],
    ['minutia x beyond the image', 30, 0x42],
    ['minutia reserved bits', 32, 0x40],
    ['minutia y beyond the image', 32, 0x02],
    ['minutia angle', 34, 180],
    ['minutia quality', 35, 101],
    ['extended length', 49, 1],
    ['second view', 50, 11],
  ];
  for (const [name, at, value] of wrong) {
    const bytes = Uint8Array.from(sound);
    bytes[at] = value;
    await assert.rejects(readRecord(bytes), malformed, name);
  }
  await assert.rejects(readRecord(writeViews('ansi', image, [leftIndex, leftIndex])), malformed, 'one view twice');
});

test('a record of either standard cut short anywhere, or with a byte too many, is malformed', async () => {
  for (const header of headers) {
    const sound = writeViews(header, image, [leftIndex, rightThumb]);
    for (let length = 0; length < sound.length; length++)
      await assert.rejects(readRecord(sound.subarray(0, length)), malformed, `${header}: ${length} bytes`);
    await assert.rejects(readRecord(Uint8Array.of(...sound, 0)), malformed);
  }
});

test('an altered record of either standard either reads whole or is malformed', async () => {
  const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...headers), view, changes, async (header, written, alterations) => {
      const bytes = writeViews(header, small, [written]);
      for (const [at, value] of alterations) bytes[at % bytes.length] = value;
      try {
        const { widthPx, heightPx, views } = await readRecord(bytes);
        for (const { minutiae, impression } of views) {
          assert.ok(impression);
          for (const { x, y, angleDegrees, quality } of minutiae)
            assert.ok(x < widthPx && y < heightPx && angleDegrees < 360 && quality <= 100);
        }
        await importRecord(bytes);
      } catch (error) {
        assert.ok(malformed(error), String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('two records of another make, of one finger, match; of two fingers they do not', async () => {
  // What another extractor would give: the minutiae alone, in its own resolution, in either standard.
  const foreign = async (finger: number, impression: number, header: Header) => {
    const drawn = drawFinger({ finger, impression, widthPx: 320, heightPx: 400, dpi: 500 });
    const { widthPx, heightPx, views } = await readRecord((await extractFinger(drawn)).template.bytes);
    const steps = header === 'iso' ? 256 : 180;
    const written = views.map(({ minutiae, quality }) => ({
      position: 7,
      quality,
      extended: Uint8Array.of(),
      minutiae: minutiae.map(({ x, y, angleDegrees, quality }) => ({
        kind: 1 as const,
        x: 2 * x,
        y: 2 * y,
        angle: Math.round((angleDegrees * steps) / 360) % steps,
        quality,
      })),
    }));
    const size = { widthPx: 2 * widthPx, heightPx: 2 * heightPx, xResolution: 394, yResolution: 394 };
    return { ...fingerModel, bytes: writeViews(header, size, written) };
  };
  const iso = await foreign(6, 1, 'iso');
  const score = async (other: Parameters<typeof compareFingers>[1]) => (await compareFingers(iso, other, 0)).score;
  assert.ok((await score(await foreign(6, 2, 'iso'))) >= defaultFingerThreshold);
  assert.ok((await score(await foreign(6, 3, 'ansi'))) >= defaultFingerThreshold);
  for (const finger of [1, 2, 3]) assert.ok((await score(await foreign(finger, 1, 'iso'))) < defaultFingerThreshold);
  const imported = await importRecord(iso.bytes, 'left-index');
  assert.ok((await score(imported)) >= defaultFingerThreshold);
});
