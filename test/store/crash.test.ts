import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { crash, inspect, type Promised } from './crash.ts';
import { newDisk } from './disk.ts';

// LIMEN_CRASH_CYCLES=3000 for a release.
const cycles = Number(process.env['LIMEN_CRASH_CYCLES'] ?? 24);
const cyclesPerDisk = 12;

/** Kills writers on one disk, again and again; tells how many packets were kept and acknowledged. */
async function torment(): Promise<[number, number]> {
  using disk = newDisk();
  const promised: Promised = { kept: new Map(), gone: new Set() };
  for (let cycle = 0; cycle < cyclesPerDisk; cycle++) {
    await crash(disk, promised, randomInt(1, 40));
    assert.deepEqual(inspect(disk, promised), []);
  }
  return [promised.kept.size, promised.gone.size];
}

test('a core killed at any point loses nothing it has concluded, and the store opens whole', async () => {
  let [kills, kept, gone] = [0, 0, 0];
  for (; kills < cycles; kills += 2 * cyclesPerDisk) {
    for (const [more, less] of await Promise.all([torment(), torment()])) [kept, gone] = [kept + more, gone + less];
  }
  assert.ok(kept > 0 && gone > 0);
  console.log(`${kills} kills: ${kept} packets kept, ${gone} acknowledged, none lost`);
});

test('the inspection catches a writer that promises before it stores', async () => {
  using disk = newDisk();
  const promised: Promised = { kept: new Map(), gone: new Set() };
  await crash(disk, promised, 2, 'early');
  assert.deepEqual(
    inspect(disk, promised),
    [...promised.kept.keys()].map((id) => `lost ${id}`),
  );
  assert.equal(promised.kept.size, 2);
});
