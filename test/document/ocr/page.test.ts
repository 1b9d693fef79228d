import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { Fault } from '../../../main/contract/fault.ts';
import { latinise } from '../../../main/document/latinise.ts';
import { doubtfulFields } from '../../../main/document/ocr/doubtful-fields.ts';
import { openMrzEngine } from '../../../main/document/ocr/mrz-engine.ts';
import type { PageImage } from '../../../main/document/ocr/page-image.ts';
import type { PageReading } from '../../../main/document/ocr/zone-reader.ts';
import { findModel } from '../../../models/manifest.ts';
import { modelsDir, prepareModels } from '../../../models/prepare.ts';
import { decodePage } from '../../evaluate/mrz.ts';
import { type Difficulty, drawPage } from '../../sim/document/page-set.ts';
import { stream } from '../../sim/finger/random.ts';

assert.match(execFileSync('fc-list', { encoding: 'utf8' }), /OCRB/, 'pages are drawn in OCR-B: install fonts-ocr-b');
await prepareModels(modelsDir, () => {});
const today = '2026-11-25';
const engine = await openMrzEngine({ modelsDir, pageTimeoutMs: 120_000 });
after(() => engine.close());
const directory = await mkdtemp(join(tmpdir(), 'limen-models-'));
after(() => rm(directory, { recursive: true }));

async function readDrawn(difficulty: Difficulty, index: number, band = false) {
  const { jpeg, document, name } = await drawPage(difficulty, index, band);
  return { document, name, reading: await engine.readPage(await decodePage(jpeg), today) };
}

/** Every character that was read wrong is told to be in doubt. */
function assertDoubted(reading: PageReading, lines: readonly string[], name: string): void {
  if (reading.kind !== 'read') return;
  for (const [line, text] of reading.document.lines.entries()) {
    for (let at = 0; at < text.length; at++) {
      const wrong = text.charAt(at) !== lines[line]?.charAt(at);
      const doubted = reading.doubts.some((doubt) => doubt.line === line && doubt.at === at);
      assert.ok(!wrong || doubted, `${name}: line ${line}, character ${at}`);
    }
  }
}

function isRight(reading: PageReading, lines: readonly string[]): boolean {
  return reading.kind === 'read' && reading.document.lines.join() === lines.join();
}

test('a page of each format on a flat bed, turned any way, is read to the letter', async () => {
  for (let index = 0; index < 5; index++) {
    const { document, name, reading } = await readDrawn('clean', index);
    assert.ok(isRight(reading, document.lines), `${name}: ${JSON.stringify(reading)}`);
    const { surname } = document.printed;
    if (reading.kind === 'read') assert.ok(latinise(surname).startsWith(reading.document.surname), name);
  }
});

test('a zone cut out by a reader that knows where it lies is read to the letter, in each format', async () => {
  for (let index = 5; index < 10; index++) {
    const { document, name, reading } = await readDrawn('clean', index, true);
    assert.ok(isRight(reading, document.lines), `${name}: ${JSON.stringify(reading)}`);
  }
});

test('of ten pages before a camera in poor light six are read, and a character read wrong is told to be in doubt', async () => {
  let right = 0;
  for (let index = 0; index < 10; index++) {
    const { document, name, reading } = await readDrawn('hard', index);
    if (isRight(reading, document.lines)) right++;
    assertDoubted(reading, document.lines, name);
  }
  assert.ok(right >= 6, `${right} of 10`);
});

test('a page that bends towards its binding or bulges is read: of ten nine, and none wrong without a doubt', async () => {
  let right = 0;
  for (let index = 40; index < 50; index++) {
    const { document, name, reading } = await readDrawn('bent', index);
    if (isRight(reading, document.lines)) right++;
    else assertDoubted(reading, document.lines, name);
  }
  assert.ok(right >= 9, `${right} of 10`);
});

test('a page of which half the zone is covered is not read, whatever its check digits say', async () => {
  for (let index = 0; index < 15; index++) {
    const [from, to] = [
      [0, 0.5],
      [0.25, 0.75],
      [0.5, 1],
    ][index % 3] as [number, number];
    const { jpeg, name } = await drawPage('fair', index, false, { from, to });
    const reading = await engine.readPage(await decodePage(jpeg), today);
    assert.equal(reading.kind, 'unread', `${name}: ${JSON.stringify(reading)}`);
  }
});

test('a page with a finger on a few characters is not accepted with others in their place', async () => {
  for (let index = 0; index < 15; index++) {
    const from = 0.05 + 0.055 * index;
    const { jpeg, name, document } = await drawPage('fair', index, false, { from, to: from + 0.07 });
    const reading = await engine.readPage(await decodePage(jpeg), today);
    const accepted = reading.kind === 'read' && doubtfulFields(reading).length === 0;
    assert.ok(!accepted || isRight(reading, document.lines), `${name}: ${JSON.stringify(reading)}`);
  }
});

function plain(widthPx: number, heightPx: number, channels: 1 | 3 = 1, value = 200): PageImage {
  return { widthPx, heightPx, channels, pixels: new Uint8Array(widthPx * heightPx * channels).fill(value) };
}

test('a picture without a zone is said to have none', async () => {
  const random = stream(1);
  const noisy = plain(800, 600);
  for (const at of noisy.pixels.keys()) noisy.pixels[at] = random() * 256;
  for (const image of [plain(800, 600), plain(24, 24, 3, 0), noisy]) {
    assert.partialDeepStrictEqual(await engine.readPage(image, today), { kind: 'unread', lines: [] });
  }
});

test('pictures that cannot be are refused', async () => {
  const bad: PageImage[] = [
    { widthPx: 0, heightPx: 0, channels: 1, pixels: new Uint8Array() },
    { ...plain(800, 600), widthPx: 801 },
    { ...plain(800, 600), channels: 4 as 3 },
    { ...plain(800, 600), widthPx: 0.5, heightPx: 960_000 },
    { ...plain(24, 24), widthPx: 9000, heightPx: 9000 },
    { ...plain(24, 24), heightPx: Number.NaN },
  ];
  for (const image of bad) await assert.rejects(engine.readPage(image, today), { code: 'image.malformed' });
});

test('encoded pages that are none are refused by the thread: empty, foreign, cut short, too large, or in other colours', async () => {
  const { jpeg } = await drawPage('clean', 2);
  const large = { create: { width: 5000, height: 100, channels: 3, background: '#fff' } } as const;
  const bad = {
    empty: new Uint8Array(),
    zeros: new Uint8Array(1000),
    header: jpeg.slice(0, 400),
    marker: jpeg.slice(0, 2),
    wide: new Uint8Array(await sharp(large).jpeg().toBuffer()),
    heavy: new Uint8Array(8 * 1024 * 1024 + 1).fill(0xff),
    cmyk: new Uint8Array(await sharp(jpeg).toColourspace('cmyk').jpeg().toBuffer()),
    'sixteen bits': new Uint8Array(await sharp(jpeg).toColourspace('rgb16').png().toBuffer()),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    await assert.rejects(engine.readPage(bytes, today), { code: 'image.malformed' }, name);
  }
});

test('a page whose picture ends in the middle is refused or not read, and the next one is read', async () => {
  const { jpeg, document } = await drawPage('clean', 7);
  for (const share of [0.2, 0.5, 0.8, 0.99]) {
    const reading = await engine
      .readPage(jpeg.slice(0, Math.floor(jpeg.length * share)), today)
      .catch((error: unknown) => Fault.from(error));
    if (reading instanceof Fault) assert.equal(reading.code, 'image.malformed');
    else
      assert.ok(reading.kind === 'unread' || isRight(reading, document.lines), `${share}: ${JSON.stringify(reading)}`);
  }
  assert.ok(isRight(await engine.readPage(jpeg.slice(), today), document.lines));
});

test('no damage to the bytes of a page ends the thread', async () => {
  const { jpeg, document } = await drawPage('clean', 2, true);
  const random = stream(5, 6);
  for (let round = 0; round < 25; round++) {
    const bytes = jpeg.slice();
    for (let hit = 0; hit < 12; hit++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
    const reading = await engine.readPage(bytes, today).catch((error: unknown) => Fault.from(error));
    if (reading instanceof Fault) assert.equal(reading.code, 'image.malformed');
  }
  assert.ok(isRight(await engine.readPage(jpeg.slice(), today), document.lines));
});

test('pages of changing size, grey and in colour, are read one after the other as they were asked for', async () => {
  const drawn = await Promise.all([0, 1, 2, 3, 4, 8].map((index) => drawPage('clean', index, index % 2 === 0)));
  const asked = drawn.map(async ({ jpeg }, index) =>
    engine.readPage(
      index % 3 === 0
        ? new Uint8Array(await sharp(jpeg).greyscale().jpeg({ quality: 92, progressive: true }).toBuffer())
        : jpeg,
      today,
    ),
  );
  for (const [index, reading] of (await Promise.all(asked)).entries()) {
    assert.ok(isRight(reading, drawn[index]!.document.lines), `${drawn[index]!.name}: ${JSON.stringify(reading)}`);
  }
});

test('grey, 16-bit and CMYK files that an evaluation decodes are read', async () => {
  const { jpeg, document } = await drawPage('clean', 2);
  for (const bytes of [new Uint8Array(), new Uint8Array(1000), jpeg.slice(0, 400)]) {
    await assert.rejects(decodePage(bytes), { code: 'image.malformed' });
  }
  const forms = [
    sharp(jpeg).greyscale().png(),
    sharp(jpeg).toColourspace('rgb16').png(),
    sharp(jpeg).toColourspace('cmyk').tiff(),
  ];
  for (const form of forms) {
    const reading = await engine.readPage(await decodePage(new Uint8Array(await form.toBuffer())), today);
    assert.ok(isRight(reading, document.lines));
  }
});

test('a page that takes too long ends the thread, and the next one finds a new thread', async () => {
  const hasty = await openMrzEngine({ modelsDir, pageTimeoutMs: 1 });
  await assert.rejects(hasty.readPage(plain(4000, 4000), today), { code: 'image.malformed' });
  await assert.rejects(hasty.readPage(plain(4000, 4000), today), { code: 'image.malformed' });
  const reading = hasty.readPage(plain(4000, 4000), today, AbortSignal.abort());
  await assert.rejects(reading, { code: 'capture.cancelled' });
  await hasty.close();
  await assert.rejects(hasty.readPage(plain(24, 24), today), { code: 'capture.cancelled' });
});

test('the engine refuses to open without its model, or with one bit of it flipped', async () => {
  await assert.rejects(openMrzEngine({ modelsDir: directory }), { code: 'model.missing' });
  const { file } = findModel('pp-ocrv4-recognition').converted;
  await cp(join(modelsDir, file), join(directory, file));
  const bytes = await readFile(join(directory, file));
  bytes[1_234_567] = bytes[1_234_567]! ^ 1;
  await writeFile(join(directory, file), bytes);
  await assert.rejects(openMrzEngine({ modelsDir: directory }), { code: 'model.altered' });
});
