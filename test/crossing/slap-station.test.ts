import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFingers, defaultFingerThreshold, extractFinger } from '../../main/biometrics/finger/finger.ts';
import type { FingerPosition } from '../../main/contract/biometrics.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { wipe } from '../../main/crossing/records.ts';
import { openSlapStation } from '../../main/crossing/slap-station.ts';
import type { Devices } from '../../main/devices/registry.ts';
import type { SlapCaptureOptions, SlapEvent } from '../../main/devices/slap-scanner.ts';
import type { Event } from '../../main/journey/journey.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { drawSlap, type SlapDrawing } from '../sim/finger/draw-slap.ts';

/** What the station makes of a slap, what it asked of the scanner, and the image it was given. */
async function captureOf(image: GreyImage, position: FingerPosition, quality = 30) {
  const asked: Omit<SlapCaptureOptions, 'signal'>[] = [];
  const scanner = {
    async *captureSlap({ kind, missing }: SlapCaptureOptions) {
      asked.push({ kind, missing: missing ?? [] });
      yield* [
        { type: 'hand', present: true },
        { type: 'image', image },
      ] as SlapEvent[];
    },
  };
  const station = openSlapStation({ devices: { slapScanner: async () => scanner } as unknown as Devices, quality });
  const hints: Event[] = [];
  const event = await station.capture(position, new AbortController().signal, (hint) => hints.push(hint));
  return { event, asked, hints };
}

const drawing: SlapDrawing = { person: 11, impression: 1, hand: 'right', condition: 'good' };

test('of a slap the finger that was asked for is taken, the others go along, and the slap is overwritten', async () => {
  const { image, fingers } = drawSlap(drawing);
  const { event, asked, hints } = await captureOf(image, 'right-middle');
  assert.deepEqual(asked, [{ kind: 'right-four', missing: ['right-index', 'right-ring', 'right-little'] }]);
  assert.deepEqual(
    hints.map((hint) => hint.type === 'finger-hint' && hint.hint),
    ['place', 'hold'],
  );
  assert.ok(event?.type === 'finger-captured');
  assert.equal(event.finger.position, 'right-middle');
  assert.deepEqual(
    event.others?.map(({ position }) => position),
    ['right-index', 'right-ring', 'right-little'],
  );
  assert.ok(image.pixels.every((grey) => grey === 0));
  const middle = fingers.find(({ position }) => position === 'right-middle');
  const alone = drawFinger({ finger: middle?.finger ?? 0, impression: 3, widthPx: 416, heightPx: 500, dpi: 500 });
  const { template } = await extractFinger(alone);
  assert.ok((await compareFingers(event.finger.template, template, defaultFingerThreshold)).matched);
  wipe({ reasons: [], finger: event.finger, otherFingers: event.others ?? [] });
  for (const { template: left } of [event.finger, ...(event.others ?? [])])
    assert.ok(left.bytes.every((byte) => byte === 0));
});

test('one finger by itself is the one that was asked for', async () => {
  const { image } = drawSlap({ ...drawing, absent: ['right-middle', 'right-ring', 'right-little'] });
  const { event } = await captureOf(image, 'right-index');
  assert.ok(event?.type === 'finger-captured');
  assert.deepEqual([event.finger.position, event.others], ['right-index', []]);
});

test('the other hand, an empty glass and a poor finger are told with what would help', async () => {
  const left = await captureOf(drawSlap({ ...drawing, hand: 'left' }).image, 'right-index');
  assert.deepEqual(left.event, { type: 'finger-poor', hint: 'place' });
  const bare = { widthPx: 800, heightPx: 800, dpi: 500, pixels: new Uint8Array(640_000).fill(240) };
  assert.deepEqual((await captureOf(bare, 'left-index')).event, { type: 'finger-poor', hint: 'place' });
  const poor = await captureOf(drawSlap(drawing).image, 'right-index', 101);
  assert.equal(poor.event?.type, 'finger-poor');
});
