import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FingerReport, examineFinger } from '../../../main/biometrics/finger/finger-report.ts';
import { compareFingers, defaultFingerThreshold } from '../../../main/biometrics/finger/finger.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { stream } from '../../sim/finger/random.ts';

type Shade = (x: number, y: number) => number;

function paint(widthPx: number, heightPx: number, dpi: number, shade: Shade): GreyImage {
  const pixels = Uint8Array.from({ length: widthPx * heightPx }, (_, i) =>
    Math.max(0, Math.min(255, shade(i % widthPx, Math.floor(i / widthPx)))),
  );
  return { widthPx, heightPx, dpi, pixels };
}

/** Lines of made-up letters, 5 by 7 dots of `dot` pixels. */
function writing(dot: number): Shade {
  const inked = (column: number, row: number): boolean => stream(column, row, 77)() < 0.45;
  return (x, y) => {
    const column = Math.floor(x / dot);
    const row = Math.floor(y / dot);
    return column % 6 < 5 && row % 10 < 7 && inked(column % 96, row) ? 20 : 235;
  };
}

/** A face of soft ovals, as a camera sees one. */
const face: Shade = (x, y) => {
  const oval = (cx: number, cy: number, rx: number, ry: number): number =>
    1 / (1 + Math.exp(12 * (Math.hypot((x - cx) / rx, (y - cy) / ry) - 1)));
  return (
    60 +
    130 * oval(160, 200, 110, 150) -
    90 * (oval(115, 165, 20, 12) + oval(205, 165, 20, 12)) -
    60 * oval(160, 275, 45, 14)
  );
};

const others: Readonly<Record<string, Shade>> = {
  'small writing': writing(2),
  writing: writing(4),
  'large writing': writing(9),
  'a face': face,
  'a chessboard': (x, y) => (((x >> 4) + (y >> 4)) % 2 === 0 ? 30 : 220),
  'a slope of grey': (x, y) => (x + y) / 3,
  'one edge': (x) => (x < 150 ? 20 : 230),
};

test('pictures of other things have low quality', async () => {
  for (const [name, shade] of Object.entries(others)) {
    const { quality, minutiae } = await examineFinger(paint(320, 400, 500, shade));
    assert.ok(quality <= 35, `${name}: quality ${quality}, ${minutiae} minutiae`);
  }
});

test('a grating has no minutiae in it, and quality 0', async () => {
  for (const [period, turn] of [
    [6, 0.4],
    [9, 0],
    [9, 1.1],
    [13, 2.3],
  ] as const) {
    const grating = paint(
      320,
      400,
      500,
      (x, y) => 128 + 110 * Math.sin(((x * Math.cos(turn) + y * Math.sin(turn)) * 2 * Math.PI) / period),
    );
    const { quality, minutiae } = await examineFinger(grating);
    assert.ok(
      minutiae <= 2 && quality <= 20,
      `period ${period}, turn ${turn}: ${minutiae} minutiae, quality ${quality}`,
    );
  }
});

test('noise of any grain has low quality', async () => {
  const random = stream(12);
  for (const grain of [1, 2, 4, 7, 12]) {
    const greys = Float32Array.from({ length: 400 * 400 }, () => 256 * random());
    const blotchy = paint(320, 400, 500, (x, y) => greys[400 * Math.floor(y / grain) + Math.floor(x / grain)] ?? 0);
    const { quality } = await examineFinger(blotchy);
    assert.ok(quality <= 35, `grain ${grain}: quality ${quality}`);
  }
});

test('the largest image at the lowest resolution is taken, whatever it shows', async () => {
  const random = stream(13);
  for (const shade of [writing(3), () => 256 * random(), (x: number, y: number) => ((x ^ y) & 8 ? 255 : 0)]) {
    const report: FingerReport = await examineFinger(paint(1000, 1000, 250, shade));
    assert.deepEqual([report.widthPx, report.heightPx], [2000, 2000]);
    assert.ok(report.minutiae <= 128 && report.cores.length <= 2 && report.deltas.length <= 2);
  }
});

test('a print in the middle of a wide sensor is found as in a narrow one', async () => {
  const narrow = drawFinger({ finger: 21, impression: 1, widthPx: 360, heightPx: 440, dpi: 500 });
  const wide = paint(900, 700, 500, (x, y) => {
    const [column, row] = [x - 270, y - 130];
    return column >= 0 && row >= 0 && column < 360 && row < 440 ? (narrow.pixels[360 * row + column] ?? 0) : 238;
  });
  const [one, other] = [await examineFinger(narrow), await examineFinger(wide)];
  assert.ok(Math.abs(one.areaMm2 - other.areaMm2) < 0.05 * one.areaMm2);
  assert.ok((await compareFingers(one.template, other.template, 0)).score >= defaultFingerThreshold);
});

test('light ridges on a dark ground match dark ones on a light ground', async () => {
  for (const finger of [22, 23]) {
    const draw = (impression: number): GreyImage =>
      drawFinger({ finger, impression, widthPx: 320, heightPx: 400, dpi: 500 });
    const upright = draw(1);
    const inverted = await examineFinger({ ...upright, pixels: upright.pixels.map((grey) => 255 - grey) });
    const { template } = await examineFinger(draw(2));
    assert.ok((await compareFingers(inverted.template, template, 0)).score >= defaultFingerThreshold);
  }
});
