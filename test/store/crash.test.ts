import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { crash, inspect, type Promised } from './crash.ts';
import { newDisk } from './disk.ts';

// LIMEN_CRASH_CYCLES=3000 for a release.
const cycles = Number(process.env['LIMEN_CRASH_CYCLES'] ?? 24);

async function torment(cycles: number): Promise<Promised> {
  using disk = newDisk();
  const promised: Promised = { kept: new Map(), gone: new Set() };
  for (let cycle = 0; cycle < cycles; cycle++) {
    await crash(disk, promised, randomInt(1, 40));
    assert.deepEqual(inspect(disk, promised), []);
  }
  return promised;
}

test('a core killed at any point loses nothing it has concluded, and the store opens whole', async () => {
  const both = await Promise.all([torment(Math.ceil(cycles / 2)), torment(Math.floor(cycles / 2))]);
  const [kept, gone] = [both.map(({ kept }) => kept.size), both.map(({ gone }) => gone.size)];
  assert.ok(kept[0]! > 0 && gone[0]! > 0);
  console.log(`${cycles} kills; packets kept ${kept.join(' + ')}, acknowledged ${gone.join(' + ')}, lost 0`);
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
