import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Timers } from '../../main/journey/timers.ts';
import { travelDocument } from '../journey/events.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';
import { synthesize } from '../sim/names/random.ts';
import { chanceOf, distanceOf } from './two-samples.ts';
import { waitOf } from './waiting.ts';

/** How long a traveller waits where deciding and recording take so long, in virtual time. */
function waitFor(decideMs: number, recordMs: number, slotMs: number): Promise<number> {
  const clock = new VirtualClock();
  const timers: Timers = {
    now: () => clock.nowMs(),
    set: (done, ms) => clock.after(ms, done),
    clear: (cancel) => (cancel as () => void)(),
  };
  const after = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const work = {
    async decide() {
      await after(decideMs);
      return { outcome: 'clear' as const, reasons: [] };
    },
    record: () => after(recordMs),
  };
  return clock.run(waitOf(travelDocument, work, slotMs, timers));
}

test('what is shown and the door come at the end of a slot, whatever the work took', async () => {
  const ms = fc.double({ min: 0, max: 499, noNaN: true });
  await fc.assert(
    fc.asyncProperty(ms, ms, async (decideMs, recordMs) => {
      assert.equal(await waitFor(decideMs, recordMs, 500), 1000);
    }),
    { numRuns: 300 },
  );
  // Work that needs another slot takes the whole of it.
  assert.equal(await waitFor(501, 10, 500), 1500);
  assert.equal(await waitFor(501, 510, 500), 2000);
});

/** Waits of travellers of whom nothing is known, and of such whom a search takes a tenth longer for. */
async function samples(slotMs: number, count: number): Promise<[number[], number[]]> {
  const random = synthesize(3);
  const [plain, watched]: [number[], number[]] = [[], []];
  for (let n = 0; n < count; n++) {
    const workMs = () => 20 + 20 * random();
    plain.push(await waitFor(workMs(), workMs(), slotMs));
    watched.push(await waitFor(workMs() * 1.1, workMs(), slotMs));
  }
  return [plain, watched];
}

test('a thousand waits with a silent hit and a thousand without cannot be told apart; without slots they can', async () => {
  const [plain, watched] = await samples(100, 1000);
  assert.equal(distanceOf(plain, watched), 0);
  const [bare, longer] = await samples(0, 1000);
  assert.ok(chanceOf(distanceOf(bare, longer), 1000, 1000) < 0.001);
});

test('the test of two samples finds what it should, as often as it should', () => {
  const random = synthesize(9);
  const drawn = (count: number, shift = 0) => Array.from({ length: count }, () => random() + shift);
  assert.equal(distanceOf([1, 2, 3], [1, 2, 3]), 0);
  assert.equal(distanceOf([1, 2], [3, 4]), 1);
  // Kolmogorov's distribution: 1.3581 is reached once in twenty.
  assert.ok(Math.abs(chanceOf(1.3581 / Math.sqrt(50_000), 100_000, 100_000) - 0.05) < 0.001);
  const rejected = Array.from({ length: 400 }, () =>
    chanceOf(distanceOf(drawn(200), drawn(200)), 200, 200) < 0.05 ? 1 : 0,
  ).reduce<number>((sum, each) => sum + each, 0);
  assert.ok(rejected > 4 && rejected < 36, `${rejected} of 400`);
  assert.ok(chanceOf(distanceOf(drawn(1000), drawn(1000, 0.15)), 1000, 1000) < 0.001);
});
