import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../../main/contract/fault.ts';
import { finder, fits } from '../../../main/devices/device-finder.ts';
import { DeviceSlot } from '../../../main/devices/device-slot.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { SimHidBus } from '../../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../../sim/devices/virtual-clock.ts';
import { ExampleModel } from './example-model.ts';
import { ExampleScanner, sidePx } from './example-scanner.ts';

const never = new AbortController().signal;
const match = { usagePage: 0xff00, usage: 1 };
const pixels = Uint8Array.from({ length: sidePx ** 2 }, (_, at) => (at * 7) & 0xff);
const image = { widthPx: sidePx, heightPx: sidePx, dpi: 500, pixels };

async function capture(scanner: ExampleScanner, seen: unknown[] = []): Promise<unknown[]> {
  for await (const event of scanner.capture({ signal: never })) seen.push(event);
  return seen;
}

test('the example scanner gives the exact image, and is kept by a slot as any device is', async () => {
  const clock = new VirtualClock();
  const hid = new SimHidBus(clock);
  const model = new ExampleModel(pixels);
  const slot = new DeviceSlot<ExampleScanner>({
    role: 'finger-scanner',
    finder: finder({
      clock,
      taken: new Set(),
      candidates: async () => (await hid.list()).filter((device) => fits(match, device)),
      onChange: (hear) => hid.onChange(hear),
      open: async (path) => new ExampleScanner(await hid.open(path), clock),
    }),
    clock,
    wallMs: () => 0,
    random: () => 0.5,
    log: () => {},
    changed: () => {},
  });
  clock.after(1_000, () => hid.plug(model, match));
  const scanner = await clock.run(slot.device(never));
  clock.after(500, () => model.finger(true));
  assert.deepEqual(await clock.run(capture(scanner)), [
    { type: 'finger', present: true },
    { type: 'image', image },
  ]);
  await clock.pass(1);
  assert.equal(model.scanning, false);
  await clock.run(slot.close());
});

test('on a bad cable the image is exact, asked for again, or the fault is typed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const clock = new VirtualClock();
      const hid = new SimHidBus(clock);
      hid.faults = { rates: { drop: 0.01, corrupt: 0.01, split: 0.01, unplug: 0.001 }, random: seededRandom(seed) };
      const model = new ExampleModel(pixels);
      const scanner = new ExampleScanner(await hid.open(hid.plug(model, match)), clock);
      for (let atMs = 100; atMs < 10_000; atMs += 1_000) clock.after(atMs, () => model.finger(atMs % 2_000 < 1_000));
      clock.after(10_000, () => void scanner.close());
      const seen: unknown[] = [];
      const failure = await clock.run(capture(scanner, seen)).catch((error: unknown) => error);
      if (failure instanceof Error) assert.ok(failure instanceof Fault && failure.code.startsWith('device.'));
      else assert.deepEqual(seen.at(-1), { type: 'image', image });
      await clock.run(scanner.close());
    }),
    { numRuns: 30 },
  );
});
