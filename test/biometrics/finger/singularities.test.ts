import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examineFinger } from '../../../main/biometrics/finger/finger-report.ts';
import { masterOf } from '../../sim/finger/master.ts';
import { drawPattern } from '../../sim/finger/pattern.ts';
import { stream } from '../../sim/finger/random.ts';

const fingers = [1, 2, 3, 4, 5, 6, 7, 8];
const reachPx = 16; // about two ridges

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many of the true points were found, and how many more points. */
function compared(truth: readonly Point[], found: readonly Point[]): { hits: number; extra: number } {
  const left = [...found];
  let hits = 0;
  for (const point of truth) {
    const at = left.findIndex((other) => Math.hypot(other.x - point.x, other.y - point.y) <= reachPx);
    if (at < 0) continue;
    left.splice(at, 1);
    hits++;
  }
  return { hits, extra: left.length };
}

test('cores and deltas are found where the finger was drawn with them, and nowhere else', async () => {
  const total = { points: 0, hits: 0, extra: 0 };
  for (const finger of fingers) {
    const { widthPx, heightPx, ridges } = masterOf(finger);
    const pattern = drawPattern(stream(finger, 1));
    const onImage = ({ x, y }: Point): Point => ({ x: x + widthPx / 2, y: heightPx / 2 - y });
    const random = stream(finger, 8);
    const pixels = Uint8Array.from(ridges, (ridge) =>
      Math.max(0, Math.min(255, 140 - 0.7 * ridge + 20 * (random() - 0.5))),
    );
    const report = await examineFinger({ widthPx, heightPx, dpi: 500, pixels });
    for (const [truth, found] of [
      [pattern.cores, report.cores],
      [pattern.deltas, report.deltas],
    ] as const) {
      const { hits, extra } = compared(truth.map(onImage), found);
      total.points += truth.length;
      total.hits += hits;
      total.extra += extra;
    }
  }
  assert.ok(total.points >= fingers.length, 'drawn fingers have some');
  assert.ok(total.hits >= 0.9 * total.points && total.extra <= 0.1 * total.points, JSON.stringify(total));
});

/** A plain pattern about a point: ridges whose orientation turns by `turns` half turns about it, and by `offset`. */
function plain(turns: number, offset: number): { pixels: Uint8Array; side: number } {
  const side = 256;
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dx = x - side / 2;
      const dy = y - side / 2;
      // Level lines of r^k cos(k phi) run as a core (k = 1/2) or a delta (k = 3/2) does; stretched to even ridges.
      const exponent = 1 - turns / 2;
      const value = Math.hypot(dx, dy) * Math.cos(exponent * wrapped(Math.atan2(dy, dx) - offset));
      pixels[y * side + x] = 128 + 100 * Math.sin((2 * Math.PI * value) / 9);
    }
  }
  return { pixels, side };
}

const wrapped = (angle: number): number => angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));

test('a loop opens the way its core points', async () => {
  for (const offset of [0, 1, 2.5, -2]) {
    const { pixels, side } = plain(1, offset);
    const { cores } = await examineFinger({ widthPx: side, heightPx: side, dpi: 500, pixels });
    assert.equal(cores.length, 1, `offset ${offset}`);
    const [angle = NaN] = cores[0]?.angles ?? [];
    assert.ok(Math.abs(wrapped(angle - offset - Math.PI)) < 0.3, `offset ${offset}: ${angle}`);
  }
});

test('parallel ridges and noise have neither cores nor deltas to speak of', async () => {
  const side = 300;
  const grating = Uint8Array.from(
    { length: side * side },
    (_, i) => 128 + 100 * Math.sin(((i % side) + Math.floor(i / side) / 3) * 0.7),
  );
  const { cores, deltas } = await examineFinger({ widthPx: side, heightPx: side, dpi: 500, pixels: grating });
  assert.deepEqual([cores, deltas], [[], []]);
});
