import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CameraFrame, Rect } from '../../main/contract/image.ts';
import { cameraFaultOf, framePauseMs } from '../../renderer/traveller/camera/camera.ts';
import { pictureOfRgba } from '../../renderer/traveller/camera/picture.ts';
import { fullRange, lumaOf, shrink, type Raster } from '../../renderer/traveller/camera/pixels.ts';
import { cropArea, cropSize, fractions, lumaSize } from '../../renderer/traveller/camera/scaling.ts';

const side = fc.integer({ min: 1, max: 8192 });
const source = fc.record({ widthPx: side, heightPx: side });
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const rect = fc.record({ x: fraction, y: fraction, width: fraction, height: fraction });
const smallSource = fc.record({
  widthPx: fc.integer({ min: 1, max: 96 }),
  heightPx: fc.integer({ min: 1, max: 96 }),
});

function raster(size: { widthPx: number; heightPx: number }, channels: number, value: (at: number) => number): Raster {
  const stride = size.widthPx * channels + 5;
  const bytes = Uint8Array.from({ length: 7 + stride * size.heightPx }, (_, at) => value(at));
  return { ...size, bytes, offset: 7, stride, channels };
}

test('luma is never larger than the contract allows, whatever the camera', () => {
  fc.assert(
    fc.property(source, (size) => {
      const { widthPx, heightPx } = lumaSize(size);
      for (const px of [widthPx, heightPx]) assert(Number.isInteger(px) && px >= 16 && px <= 640, String(px));
    }),
  );
});

test('luma keeps the shape of an ordinary camera', () => {
  assert.deepEqual(lumaSize({ widthPx: 640, heightPx: 480 }), { widthPx: 320, heightPx: 240 });
  assert.deepEqual(lumaSize({ widthPx: 1280, heightPx: 720 }), { widthPx: 427, heightPx: 240 });
  assert.deepEqual(lumaSize({ widthPx: 1080, heightPx: 1920 }), { widthPx: 240, heightPx: 427 });
});

test('a crop lies inside its frame, begins on even pixels and is told of truly', () => {
  fc.assert(
    fc.property(source, rect, (size, wanted) => {
      const area = cropArea(wanted, size);
      assert(area.widthPx >= 1 && area.heightPx >= 1);
      assert(area.xPx % 2 === 0 && area.yPx % 2 === 0);
      assert(area.xPx + area.widthPx <= size.widthPx && area.yPx + area.heightPx <= size.heightPx);
      assert(Rect.safeParse(fractions(area, size)).success);
      const { widthPx, heightPx } = cropSize(area);
      assert(widthPx >= 1 && heightPx >= 1 && Math.max(widthPx, heightPx) <= 384);
      assert(widthPx <= area.widthPx && heightPx <= area.heightPx);
    }),
  );
});

test('a crop holds every pixel that was wanted', () => {
  fc.assert(
    fc.property(source, rect, (size, wanted) => {
      const area = cropArea(wanted, size);
      const right = Math.min(size.widthPx, (wanted.x + wanted.width) * size.widthPx);
      assert(area.xPx <= wanted.x * size.widthPx && area.xPx + area.widthPx >= right);
    }),
  );
});

test('every picture of any frame and crop is a frame by the contract', () => {
  fc.assert(
    fc.property(smallSource, fc.option(rect), fc.integer({ min: 0, max: 255 }), (size, crop, seed) => {
      const rgba = raster(size, 4, (at) => (at * 31 + seed) % 256);
      const parsed = CameraFrame.safeParse({ sequence: 0, ...pictureOfRgba(rgba, crop, 1.5) });
      assert(parsed.success, JSON.stringify(parsed.error?.issues));
      assert.equal(parsed.data.crop === undefined, crop === null);
    }),
    { numRuns: 60 },
  );
});

test('a plain area stays plain at every size', () => {
  fc.assert(
    fc.property(smallSource, smallSource, fc.integer({ min: 0, max: 255 }), (size, target, grey) => {
      const area = { xPx: 0, yPx: 0, ...size };
      assert(
        shrink(
          raster(size, 1, () => grey),
          area,
          target,
          1,
        ).every((value) => value === grey),
      );
    }),
    { numRuns: 60 },
  );
});

test('shrinking averages, minds the stride and drops what is not kept', () => {
  const bytes = Uint8Array.from([9, 0, 10, 1, 20, 2, 30, 3, 9, 9, 40, 1, 50, 2, 60, 3]);
  const grid: Raster = { widthPx: 3, heightPx: 2, bytes, offset: 2, stride: 8, channels: 2 };
  const area = { xPx: 1, yPx: 0, widthPx: 2, heightPx: 2 };
  assert.deepEqual([...shrink(grid, area, { widthPx: 1, heightPx: 1 }, 1)], [40]);
  assert.deepEqual([...shrink(grid, area, { widthPx: 2, heightPx: 1 }, 2)], [35, 2, 45, 3]);
});

test('video range is spread over the full range', () => {
  assert.deepEqual([...fullRange(Uint8Array.from([0, 16, 126, 235, 255]))], [0, 0, 128, 255, 255]);
});

test('luma of grey is that grey', () => {
  for (const grey of [0, 1, 127, 254, 255]) assert.deepEqual([...lumaOf(Uint8Array.of(grey, grey, grey))], [grey]);
});

test('frames are paced at twelve a second at most, and at two when none is wanted', () => {
  assert.equal(framePauseMs(true, 0), 84);
  assert.equal(framePauseMs(true, 200), 0);
  assert.equal(framePauseMs(false, 100), 400);
});

test('why a camera could not be had is told apart', () => {
  assert.equal(cameraFaultOf(new DOMException('', 'NotAllowedError')), 'camera.denied');
  assert.equal(cameraFaultOf(new DOMException('', 'NotFoundError')), 'camera.absent');
  assert.equal(cameraFaultOf(new DOMException('', 'NotReadableError')), 'camera.silent');
  assert.equal(cameraFaultOf('what'), 'camera.silent');
});
