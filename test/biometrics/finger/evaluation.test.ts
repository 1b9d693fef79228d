import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFingers, defaultFingerThreshold, extractFinger } from '../../../main/biometrics/finger/finger.ts';
import { withoutFlow } from '../../evaluate/finger-evidence.ts';
import { fitLogistic } from '../../evaluate/logistic.ts';
import { mirroredTemplate } from '../../evaluate/mirrored-template.ts';
import { envelope, tailTable } from '../../evaluate/tail-model.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { stream } from '../../sim/finger/random.ts';

const template = async (finger: number, impression: number) =>
  (await extractFinger(drawFinger({ finger, impression, widthPx: 320, heightPx: 400, dpi: 500 }))).template;

test('a regression finds the odds that its rows were drawn with', () => {
  const random = stream(1, 2, 3);
  const rows = Array.from({ length: 20_000 }, () => {
    const terms = [4 * random() - 2, 10 * random()];
    const odds = 1.5 * (terms[0] ?? 0) - 0.5 * (terms[1] ?? 0) + 2;
    return { terms, mate: random() < 1 / (1 + Math.exp(-odds)), weight: 1 / 20_000 };
  });
  const { weights, offset } = fitLogistic(rows, 1e-6);
  for (const [found, wanted] of [
    [weights[0], 1.5],
    [weights[1], -0.5],
    [offset, 2],
  ])
    assert.ok(Math.abs((found ?? NaN) - (wanted ?? NaN)) < 0.15, `${found} for ${wanted}`);
});

test('the table bounds the rates of scores with an exponential tail, and not by much', () => {
  const random = stream(4, 5, 6);
  const table = tailTable(
    Array.from({ length: 50_000 }, () => -2 * Math.log(1 - random())),
    30,
  );
  for (const [score, rate] of table.entries()) {
    const real = -score / 2 / Math.LN10;
    assert.ok(rate >= real - 0.03, `${score}: ${rate} for ${real}`);
    assert.ok(rate - real < 0.05 + score / 20, `${score}: ${rate} for ${real}`);
  }
});

test('the greater of two tables never rises', () => {
  assert.deepEqual(envelope([0, -1, -2, -1.5], [-0.5, -0.7, -3, -4]), [0, -0.7, -2, -2]);
});

test('a mirrored finger is another finger, and mirrored again the same', async () => {
  const [first, second] = [await template(1, 1), await template(1, 2)];
  const score = async (...[one, other]: [typeof first, typeof first]) => (await compareFingers(one, other, 0)).score;
  const plain = await score(first, second);
  const mirrored = await score(mirroredTemplate(first), mirroredTemplate(second));
  assert.ok(plain >= defaultFingerThreshold);
  assert.ok(Math.abs(mirrored - plain) < 2, `${mirrored} for ${plain}`);
  assert.ok((await score(first, mirroredTemplate(second))) < defaultFingerThreshold);
});

test('a record without ridge flow matches one with it, and another without', async () => {
  const [first, second, other] = [await template(2, 1), await template(2, 2), await template(3, 1)];
  const score = async (...[one, two]: [typeof first, typeof first]) => (await compareFingers(one, two, 0)).score;
  assert.ok((await score(first, withoutFlow(second))) >= defaultFingerThreshold);
  assert.ok((await score(withoutFlow(first), withoutFlow(second))) >= defaultFingerThreshold);
  assert.ok((await score(withoutFlow(first), withoutFlow(other))) < defaultFingerThreshold);
});
