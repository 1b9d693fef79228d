import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FingerReport, examineFinger } from '../../../main/biometrics/finger/finger-report.ts';
import type { QualityCause } from '../../../main/biometrics/finger/finger.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import type { Condition } from '../../sim/finger/condition.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { stream } from '../../sim/finger/random.ts';

/** Not among those that the rules were set on: 31 to 38. */
const fingers = [11, 12, 13, 14];
const draw = (finger: number, condition: Condition): GreyImage =>
  drawFinger({ finger, impression: 1, widthPx: 320, heightPx: 400, dpi: 500, condition });

async function causes(image: GreyImage): Promise<readonly QualityCause[]> {
  return (await examineFinger(image)).causes;
}

/** The print rubbed: each pixel has what one near by had, more than a ridge away at most. */
function smudged(image: GreyImage): GreyImage {
  const { widthPx, pixels } = image;
  const random = stream(3);
  const offset = (): number => Math.round(20 * (random() - 0.5));
  return { ...image, pixels: pixels.map((grey, i) => pixels[i + offset() + widthPx * offset()] ?? grey) };
}

/** The print wiped sideways over two ridges: each pixel is the mean of those beside it. */
function wiped(image: GreyImage): GreyImage {
  const { widthPx, pixels } = image;
  const half = 7;
  return {
    ...image,
    pixels: pixels.map((_, i) => {
      const start = i - (i % widthPx);
      const beside = pixels.subarray(Math.max(start, i - half), Math.min(start + widthPx, i + half));
      return beside.reduce((sum, grey) => sum + grey, 0) / beside.length;
    }),
  };
}

/** The same print moved on a white ground. */
function moved({ widthPx, heightPx, dpi, pixels }: GreyImage, dx: number, dy: number): GreyImage {
  const out = new Uint8Array(widthPx * heightPx).fill(240);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const [fromX, fromY] = [x - dx, y - dy];
      if (fromX < 0 || fromY < 0 || fromX >= widthPx || fromY >= heightPx) continue;
      out[y * widthPx + x] = pixels[fromY * widthPx + fromX] ?? 240;
    }
  return { widthPx, heightPx, dpi, pixels: out };
}

test('a good print has no cause to name', async () => {
  for (const finger of fingers) assert.deepEqual(await causes(draw(finger, 'good')), []);
});

test('most dry prints are named dry and most wet ones wet, and none the other', async () => {
  const more = [...fingers, 41, 42, 43, 44];
  for (const condition of ['dry', 'wet'] as const) {
    const found = await Promise.all(more.map((finger) => causes(draw(finger, condition))));
    const named = found.filter((all) => all.includes(condition)).length;
    assert.ok(named >= 6, `${condition}: ${named} of ${more.length}`);
    assert.ok(!found.flat().includes(condition === 'dry' ? 'wet' : 'dry'), condition);
  }
});

test('a print of little skin is named small, one that was rubbed smudged, one at the side off-centre', async () => {
  for (const finger of fingers) {
    assert.ok((await causes(draw(finger, 'partial'))).includes('small'));
    assert.ok((await causes(smudged(draw(finger, 'good')))).includes('smudged'));
    assert.ok((await causes(wiped(draw(finger, 'good')))).includes('smudged'));
    assert.ok((await causes(moved(draw(finger, 'good'), 150, 0))).includes('off-centre'));
    assert.ok((await causes(moved(draw(finger, 'good'), 0, -190))).includes('off-centre'));
  }
});

test('a poor print always has a cause to name', async () => {
  const random = stream(5);
  for (const finger of fingers) {
    const image = draw(finger, 'good');
    for (const noise of [300, 500, 700]) {
      const pixels = image.pixels.map((grey) => Math.max(0, Math.min(255, grey + noise * (random() - 0.5))));
      const { quality, causes } = await examineFinger({ ...image, pixels });
      assert.ok(quality >= 60 || causes.length > 0, `quality ${quality}`);
    }
  }
});

test('quality falls as noise rises', async () => {
  const random = stream(4);
  const clean = draw(15, 'good');
  const found: number[] = [];
  for (const noise of [0, 120, 240, 480]) {
    const pixels = clean.pixels.map((grey) => Math.max(0, Math.min(255, grey + noise * (random() - 0.5))));
    found.push((await examineFinger({ ...clean, pixels })).quality);
  }
  assert.deepEqual(
    found,
    found.toSorted((a, b) => b - a),
  );
  assert.ok((found[0] ?? 0) - (found[3] ?? 0) >= 30, found.join());
});

test('the area is that of the skin that shows ridges, whatever the resolution', async () => {
  const areas: number[] = [];
  for (const dpi of [300, 500, 1000]) {
    const image = drawFinger({ finger: 16, impression: 1, widthPx: 0.64 * dpi, heightPx: 0.8 * dpi, dpi });
    areas.push((await examineFinger(image)).areaMm2);
  }
  for (const area of areas) assert.ok(Math.abs(area - 270) < 50, areas.join());
});

test('a report fits the template it comes with', async () => {
  const report: FingerReport = await examineFinger(draw(17, 'good'));
  assert.equal(report.points.length, report.minutiae);
  for (const { x, y, angle, quality } of report.points) {
    assert.ok(x >= 0 && x < report.widthPx && y >= 0 && y < report.heightPx);
    assert.ok(Math.abs(angle) <= 2 * Math.PI && quality >= 1 && quality <= 100);
  }
  assert.ok(Object.values(report.stepMs).every((ms) => ms >= 0));
});
