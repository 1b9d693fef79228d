import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFingerThreshold, extractFinger, searchFingers } from '../../../main/biometrics/finger/finger.ts';
import { ridgePeriod } from '../../evaluate/ridge-period.ts';
import type { Condition } from '../../sim/finger/condition.ts';
import { drawFinger, type Drawing } from '../../sim/finger/draw-finger.ts';
import { flowLevels, flowSpacingPx, readRecord } from '../../sim/finger/recorded-flow.ts';
import { onSensor, type SensorName, sensors } from '../../sim/finger/sensors.ts';
import { truthOf } from '../../sim/finger/truth.ts';

const drawing = (finger: number, impression = 1, condition: Condition = 'good'): Drawing =>
  onSensor('optical', { finger, impression, condition });
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a finger drawn again is the same to the pixel, on every sensor', () => {
  for (const sensor of Object.keys(sensors) as SensorName[]) {
    const wanted = onSensor(sensor, { finger: 9, impression: 4, condition: 'usual' });
    assert.ok(Buffer.from(drawFinger(wanted).pixels).equals(drawFinger(wanted).pixels), sensor);
  }
});

test('each condition is seen in the image or by the extractor', async () => {
  const seen = async (condition: Condition) => {
    const images = [1, 5, 7].map((finger) => drawFinger(drawing(finger, 1, condition)));
    const found = await Promise.all(images.map((image) => extractFinger(image)));
    const minutiae = found.flatMap(({ template }) => readRecord(template.bytes).minutiae);
    return {
      grey: mean(images.map(({ pixels }) => mean([...pixels]))),
      clear: mean(minutiae.map(({ quality }) => quality)),
      small: found.every(({ causes }) => causes.includes('small')),
    };
  };
  const good = await seen('good');
  assert.ok((await seen('dry')).grey > good.grey + 5);
  assert.ok((await seen('wet')).grey < good.grey - 15);
  for (const condition of ['dry', 'smudged', 'scarred'] as const) {
    const { clear } = await seen(condition);
    assert.ok(clear < good.clear - 2, `${condition}: ${clear} beside ${good.clear}`);
  }
  for (const condition of ['light', 'partial'] as const) assert.ok((await seen(condition)).small, condition);
});

test('ridge flow turns half round about the core of a loop, where it is said to lie', async () => {
  for (const finger of [1, 7]) {
    const wanted = drawing(finger);
    const { kind, cores } = truthOf(wanted);
    assert.match(kind, /-loop$/);
    const [core] = cores;
    const { flow } = readRecord((await extractFinger(drawFinger(wanted))).template.bytes);
    assert.ok(core && flow);
    const around = Array.from({ length: 24 }, (_, i) => {
      const column = Math.floor((core.xPx + 46 * Math.cos((i * Math.PI) / 12)) / flowSpacingPx) - flow.column;
      const row = Math.floor((core.yPx + 46 * Math.sin((i * Math.PI) / 12)) / flowSpacingPx) - flow.row;
      return (flow.levels[row * flow.columns + column] ?? 0) / flowLevels;
    });
    let turns = 0;
    for (const [i, direction] of around.entries()) {
      const change = direction - (around.at(i - 1) ?? 0);
      turns += change - Math.round(change);
    }
    assert.equal(Math.round(turns), 1, `finger ${finger}`);
  }
});

test('the ridge period is what the truth says it is', () => {
  for (const finger of [1, 5, 7, 8]) {
    const wanted = drawing(finger);
    const { periodPx } = truthOf(wanted);
    const wantedPx = mean([-80, 0, 80].map((y) => periodPx(194, 187 + y)));
    const measuredPx = ridgePeriod(drawFinger(wanted));
    assert.ok(Math.abs(measuredPx / wantedPx - 1) < 0.12, `finger ${finger}: ${measuredPx} for ${wantedPx}`);
  }
});

test('the usual impressions of twelve fingers: mates mostly match, others never', async () => {
  const entries = await Promise.all(
    Array.from({ length: 24 }, async (_, i) => {
      const { template } = await extractFinger(drawFinger(drawing(200 + (i >> 1), 1 + (i & 1), 'usual')));
      return { finger: i >> 1, template };
    }),
  );
  let mates = 0;
  for (const [i, { finger, template }] of entries.entries()) {
    const rest = entries.slice(i + 1);
    const scores = await searchFingers(
      template,
      rest.map((entry) => entry.template),
    );
    for (const [k, score] of scores.entries()) {
      if (score < defaultFingerThreshold) continue;
      assert.equal(rest[k]?.finger, finger);
      mates++;
    }
  }
  assert.ok(mates >= 9, `${mates} of 12`);
});

test('the demonstration tells its fingers apart and knows each again', async () => {
  const numbers = [101, 103, 104, 105, 106, 107, 108, 109, 110, 4711];
  const laid = async (impression: number) =>
    Promise.all(numbers.map(async (finger) => (await extractFinger(drawFinger(drawing(finger, impression)))).template));
  const [first, second] = [await laid(1), await laid(77)];
  for (const [i, probe] of first.entries()) {
    const scores = await searchFingers(probe, second);
    for (const [k, score] of scores.entries())
      assert.equal(score >= defaultFingerThreshold, i === k, `${numbers[i]} and ${numbers[k]}: ${score}`);
  }
});
