import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  defaultFingerThreshold,
  extractFinger,
  fingerModel,
  searchFingers,
} from '../../../main/biometrics/finger/finger.ts';
import { importRecord, readRecord as readMinutiaeRecord } from '../../../main/biometrics/finger/minutiae-record.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { drawTemplate } from '../../sim/finger/draw-template.ts';
import { packCoreDelta } from '../../sim/finger/core-delta.ts';
import { drawTemplates } from '../../sim/finger/draw-templates.ts';
import { writeRecord } from '../../sim/finger/minutiae-record.ts';
import { flowLevels, flowSpacingPx, packFlow, readRecord } from '../../sim/finger/recorded-flow.ts';

const template = (bytes: Uint8Array) => ({ ...fingerModel, bytes });
const draw = (finger: number, impression: number, hardness?: number) =>
  template(drawTemplate({ finger, impression, ...(hardness === undefined ? {} : { hardness }) }));

test('a template drawn again is the same, and another finger or impression is another', () => {
  assert.deepEqual(draw(7, 1), draw(7, 1));
  assert.notDeepEqual(draw(7, 1), draw(7, 2));
  assert.notDeepEqual(draw(7, 1), draw(8, 1));
});

test('our reader and writer of records do as the addon does, to the byte', async () => {
  let turns = 0;
  for (const finger of [1, 2, 3]) {
    const image = drawFinger({ finger, impression: 1, widthPx: 320, heightPx: 400, dpi: 500 });
    const { bytes } = (await extractFinger(image)).template;
    for (const made of [bytes, drawTemplate({ finger, impression: 1, hardness: 0.3 })]) {
      const { flow, singularities, ...fields } = readRecord(made);
      assert.ok(flow);
      const extended = Buffer.concat([packCoreDelta(singularities), packFlow(flow)]);
      assert.ok(Buffer.from(writeRecord({ ...fields, extended })).equals(made), `finger ${finger}`);
      assert.deepEqual((await importRecord(made)).bytes, made);
      const [view] = (await readMinutiaeRecord(made)).views;
      for (const kind of ['cores', 'deltas'] as const) {
        turns += singularities[kind].length;
        assert.deepEqual(
          view?.[kind].map(({ x, y, anglesDegrees }) => ({
            x,
            y,
            angles: anglesDegrees.map((angle) => (angle / 360) * 256),
          })),
          singularities[kind],
        );
      }
    }
  }
  assert.ok(turns > 0, 'some have cores');
});

test('no two of 150 drawn templates match', async () => {
  const gallery = Array.from({ length: 150 }, (_, finger) => draw(finger, 1));
  let highest = 0;
  for (const [i, probe] of gallery.entries())
    highest = Math.max(highest, ...(await searchFingers(probe, gallery.slice(i + 1))));
  assert.ok(highest < defaultFingerThreshold, `${highest}`);
});

test('of drawn mates more match the cleaner they are', async () => {
  const rate = async (hardness?: number): Promise<number> => {
    let matched = 0;
    for (let finger = 0; finger < 100; finger++) {
      const [score = 0] = await searchFingers(draw(finger, 1, hardness), [draw(finger, 2, hardness)]);
      if (score >= defaultFingerThreshold) matched++;
    }
    return matched;
  };
  const [clean, usual, hard] = [await rate(0), await rate(), await rate(1.6)];
  assert.ok(clean >= 98, `${clean} clean`);
  assert.ok(usual >= 85 && usual <= clean, `${usual} usual`);
  assert.ok(hard <= 60, `${hard} hard`);
});

test('minutiae of a drawn template lie along its ridges', () => {
  const turns: number[] = [];
  for (let finger = 0; finger < 50; finger++) {
    const { minutiae, flow } = readRecord(drawTemplate({ finger, impression: 1, hardness: 0 }));
    assert.ok(flow && minutiae.length > 10);
    for (const { x, y, angle } of minutiae) {
      const column = Math.floor(x / flowSpacingPx) - flow.column;
      const level = flow.levels[(Math.floor(y / flowSpacingPx) - flow.row) * flow.columns + column] ?? 0;
      if (level === 0) continue;
      const apart = (-angle / 128 - (level - 1) / flowLevels) % 1;
      turns.push(180 * Math.min(Math.abs(apart), 1 - Math.abs(apart)));
    }
  }
  const median = turns.toSorted((a, b) => a - b)[turns.length >> 1] ?? NaN;
  assert.ok(median < 8, `${median} degrees`);
});

test('a set drawn by workers, or read from its file, holds what single drawings give', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'templates-'));
  try {
    const range = { first: 100, count: 40, impression: 3 };
    const sets = [
      await drawTemplates(range),
      await drawTemplates(range, { cacheDir, threads: 1 }),
      await drawTemplates(range, { cacheDir }),
    ];
    for (const set of sets) {
      assert.equal(set.count, 40);
      for (const index of [0, 17, 39])
        assert.ok(Buffer.from(drawTemplate({ finger: 100 + index, impression: 3 })).equals(set.at(index)), `${index}`);
      assert.throws(() => set.at(40), RangeError);
    }
  } finally {
    await rm(cacheDir, { recursive: true });
  }
});
