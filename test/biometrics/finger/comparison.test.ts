import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { falseMatchRate, scoreOfRate } from '../../../native/false-match-rate.ts';
import {
  compareFingers,
  defaultFingerThreshold,
  explainFingers,
  extractFinger,
  fingerModel,
  listThreshold,
  searchFingers,
} from '../../../main/biometrics/finger/finger.ts';
import { stream } from '../../sim/finger/random.ts';
import { native } from '../../../native/native.ts';
import { writeRecord } from '../../sim/finger/minutiae-record.ts';
import type { FingerTemplate } from '../../../main/contract/biometrics.ts';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';

const incomparable = (error: unknown): boolean => error instanceof Fault && error.code === 'template.incomparable';
const fingers = 8;
const impressions = 3;
const gallery: { readonly finger: number; readonly template: FingerTemplate }[] = [];
const draw = (finger: number, impression: number): GreyImage =>
  drawFinger({ finger, impression, widthPx: 320, heightPx: 400, dpi: 500 });
const templateOf = async (image: GreyImage): Promise<FingerTemplate> => (await extractFinger(image)).template;
const score = async (probe: FingerTemplate, candidate: FingerTemplate): Promise<number> =>
  (await compareFingers(probe, candidate, defaultFingerThreshold)).score;

before(async () => {
  for (let finger = 1; finger <= fingers; finger++)
    for (let impression = 1; impression <= impressions; impression++)
      gallery.push({ finger, template: await templateOf(draw(finger, impression)) });
});

/** The image turned about its middle, white where it has nothing. */
function turned(image: GreyImage, degrees: number, shiftPx: number): GreyImage {
  const { widthPx, heightPx, dpi } = image;
  const cosine = Math.cos((degrees * Math.PI) / 180);
  const sine = Math.sin((degrees * Math.PI) / 180);
  const pixels = new Uint8Array(widthPx * heightPx).fill(240);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const dx = x - widthPx / 2 - shiftPx;
      const dy = y - heightPx / 2;
      const fromX = cosine * dx + sine * dy + widthPx / 2;
      const fromY = cosine * dy - sine * dx + heightPx / 2;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      if (left < 0 || top < 0 || left + 1 >= widthPx || top + 1 >= heightPx) continue;
      const at = (column: number, row: number): number => image.pixels[row * widthPx + column] ?? 0;
      const upper = at(left, top) + (fromX - left) * (at(left + 1, top) - at(left, top));
      const lower = at(left, top + 1) + (fromX - left) * (at(left + 1, top + 1) - at(left, top + 1));
      pixels[y * widthPx + x] = Math.round(upper + (fromY - top) * (lower - upper));
    }
  }
  return { widthPx, heightPx, dpi, pixels };
}

test('impressions of one finger match, and no two fingers do', async () => {
  for (const probe of gallery) {
    const scores = await searchFingers(
      probe.template,
      gallery.map((entry) => entry.template),
    );
    for (const [i, entry] of gallery.entries()) {
      const matched = (scores[i] ?? NaN) >= defaultFingerThreshold;
      assert.equal(matched, entry.finger === probe.finger, `${probe.finger} against ${entry.finger}: ${scores[i]}`);
    }
  }
});

test('a turned and shifted print still matches', async () => {
  const image = draw(2, 1);
  const upright = await templateOf(image);
  for (const degrees of [-50, -25, 10, 40]) {
    const found = await score(upright, await templateOf(turned(image, degrees, degrees / 2)));
    assert.ok(found >= defaultFingerThreshold, `${degrees} degrees: ${found}`);
  }
});

test('a print matches across resolutions', async () => {
  const at500 = await templateOf(draw(3, 1));
  const at1000 = await templateOf(drawFinger({ finger: 3, impression: 2, widthPx: 640, heightPx: 800, dpi: 1000 }));
  assert.ok((await score(at500, at1000)) >= defaultFingerThreshold);
});

test('nothing scores higher than a template against itself', async () => {
  for (const { template } of gallery.slice(0, 6)) {
    const scores = await searchFingers(
      template,
      gallery.map((entry) => entry.template),
    );
    assert.ok((await score(template, template)) >= Math.max(...scores));
  }
});

test('a search gives what single comparisons give', async () => {
  const [probe, ...rest] = gallery.slice(0, 8).map((entry) => entry.template);
  assert.ok(probe);
  const scores = await searchFingers(probe, rest);
  for (const [i, entry] of rest.entries()) assert.equal(scores[i], await score(probe, entry));
});

test('a comparison says its score, its threshold and whether it matched', async () => {
  const [first, second] = gallery;
  assert.ok(first && second);
  const found = await score(first.template, second.template);
  assert.deepEqual(await compareFingers(first.template, second.template, found), {
    score: found,
    threshold: found,
    matched: true,
    model: 'limen-finger',
    falseMatchRate: falseMatchRate(found),
  });
  assert.equal((await compareFingers(first.template, second.template, found + 1)).matched, false);
});

test('templates of another model or version are never compared', async () => {
  const [first] = gallery;
  assert.ok(first);
  for (const other of [
    { ...first.template, version: '0' },
    { ...first.template, model: 'another' },
  ]) {
    await assert.rejects(compareFingers(first.template, other, 1), incomparable);
    await assert.rejects(compareFingers(other, first.template, 1), incomparable);
    await assert.rejects(searchFingers(other, [first.template]), incomparable);
    const scores = await searchFingers(first.template, [other, first.template, other]);
    assert.deepEqual([scores.length, scores[0], scores[2]], [3, 0, 0]);
    assert.ok((scores[1] ?? 0) > defaultFingerThreshold);
  }
});

test('an empty template and an empty gallery match nothing', async () => {
  const [first] = gallery;
  assert.ok(first);
  const empty = await templateOf({ widthPx: 300, heightPx: 300, dpi: 500, pixels: new Uint8Array(90_000) });
  assert.equal(await score(empty, empty), 0);
  assert.equal(await score(first.template, empty), 0);
  assert.equal((await searchFingers(first.template, [])).length, 0);
});

test('one malformed entry makes a search fail rather than pass unseen', async () => {
  const [first] = gallery;
  assert.ok(first);
  const broken = { ...first.template, bytes: first.template.bytes.subarray(1) };
  await assert.rejects(
    searchFingers(first.template, [first.template, broken]),
    (error: unknown) => error instanceof Fault && error.code === 'template.malformed',
  );
});

/** Minutiae strewn over a print: a template that no finger gave, without ridge flow. */
function strewn(seed: number, count: number): FingerTemplate {
  const random = stream(seed, 9, count);
  const below = (limit: number): number => Math.floor(random() * limit);
  const minutiae = Array.from({ length: count }, () => ({
    kind: below(3) as 0 | 1 | 2,
    x: below(400),
    y: below(400),
    angle: below(256),
    quality: below(101),
  }));
  const fields = { widthPx: 400, heightPx: 400, xResolution: 197, yResolution: 197, position: 0, quality: 50 };
  return { ...fingerModel, bytes: writeRecord({ ...fields, minutiae, extended: new Uint8Array() }) };
}

const mixed = (): FingerTemplate[] => [
  ...gallery.map((entry) => entry.template),
  ...[0, 1, 2, 31, 32, 33, 64, 65, 130, 255].flatMap((count) => [strewn(1, count), strewn(2, count)]),
];

test('every instruction set gives every score to the bit', async () => {
  const templates = mixed();
  const best = native().useInstructionSet(2);
  const under = async (set: number): Promise<Float32Array[]> => {
    assert.equal(native().useInstructionSet(set), set);
    const all: Float32Array[] = [];
    for (const probe of templates)
      all.push(
        await native().weighFingers(
          probe.bytes,
          templates.map(({ bytes }) => bytes),
        ),
      );
    return all;
  };
  try {
    const plain = await under(0);
    for (let set = 1; set <= best; set++) assert.deepEqual(await under(set), plain, `set ${set}`);
  } finally {
    native().useInstructionSet(best);
  }
});

test('a score is the same whichever template is the probe', async () => {
  const templates = mixed();
  const scores: Float32Array[] = [];
  for (const probe of templates) scores.push(await searchFingers(probe, templates));
  for (const [i, row] of scores.entries())
    for (const [j, score] of row.entries()) assert.equal(score, scores[j]?.[i], `${i} and ${j}`);
});

test('strewn minutiae match nothing', async () => {
  const templates = mixed();
  for (let seed = 3; seed < 8; seed++)
    for (const score of await searchFingers(strewn(seed, 60), templates)) assert.ok(score < defaultFingerThreshold);
});

test('a match is explained by minutiae that lie alike in both prints', async () => {
  const [first, second] = gallery;
  assert.ok(first && second);
  const pairs = await explainFingers(first.template, second.template);
  assert.ok(pairs.length >= 8);
  assert.equal(new Set(pairs.map(({ probe }) => probe.index)).size, pairs.length);
  assert.equal(new Set(pairs.map(({ candidate }) => candidate.index)).size, pairs.length);
  for (const [i, one] of pairs.entries()) {
    for (const other of pairs.slice(0, i)) {
      const length = (side: 'probe' | 'candidate'): number =>
        Math.hypot(one[side].x - other[side].x, one[side].y - other[side].y);
      assert.ok(Math.abs(length('probe') - length('candidate')) <= 30);
    }
  }
  const back = await explainFingers(second.template, first.template);
  assert.deepEqual(
    back.map(({ probe, candidate }) => ({ probe: candidate, candidate: probe })),
    pairs,
  );
});

test('a template explains itself by all its minutiae', async () => {
  const [first] = gallery;
  assert.ok(first);
  const pairs = await explainFingers(first.template, first.template);
  const count = (await native().fingerMinutiae(first.template.bytes)).length / 4;
  assert.equal(pairs.length, count);
  for (const { probe, candidate } of pairs) assert.deepEqual(probe, candidate);
});

test('the estimated false match rate falls as the score rises, and is small at the threshold', () => {
  assert.equal(falseMatchRate(0), 1);
  for (let score = 0; score < 60; score += 0.25) {
    const rate = falseMatchRate(score);
    assert.ok(rate > 0 && rate <= 1);
    assert.ok(falseMatchRate(score + 0.25) <= rate);
  }
  assert.ok(falseMatchRate(defaultFingerThreshold) < 1.1e-3);
});

test('the score of a rate is the least with that rate', () => {
  for (const rate of [1, 0.5, 1e-2, 3e-5, 1e-6]) {
    const found = scoreOfRate(rate);
    assert.ok(Math.abs(Math.log10(falseMatchRate(found) / rate)) < 1e-6, `${rate}: ${found}`);
    if (found > 0) assert.ok(falseMatchRate(found - 0.01) > rate);
  }
  assert.equal(scoreOfRate(0), scoreOfRate(1e-30));
});

test('the longer a list, the higher its threshold, and no more than a hundredth of travellers meet a stranger', () => {
  let before = defaultFingerThreshold;
  for (const fingers of [0, 1, 100, 20_000]) {
    const threshold = listThreshold(fingers);
    assert.ok(threshold >= before);
    assert.ok(fingers * falseMatchRate(threshold) < 1.000001e-2);
    before = threshold;
  }
  assert.ok(listThreshold(20_000) > listThreshold(100) + 1);
  assert.equal(listThreshold(100_000), listThreshold(1_000_000));
});
