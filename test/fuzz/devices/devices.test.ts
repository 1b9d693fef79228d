import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { fuzzDevices } from './devices.ts';
import { mutated } from './mutate.ts';
import { parsers } from './parsers.ts';

test('a short round of the fuzzer finds nothing', async (t) => {
  t.mock.method(console, 'log', () => {});
  assert.equal(await fuzzDevices(['2000', '7']), 0);
});

test('the fuzzer reads its own seeds, and makes other bytes of them, the same for the same seed', () => {
  for (const [name, { seeds, read }] of Object.entries(parsers)) {
    assert.ok(seeds.length > 0, name);
    for (const seed of seeds) assert.ok(read.length === 1 && seed.length > 0, name);
    const cases = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => Buffer.from(mutated(seeds, random)).toString('hex'));
    };
    assert.deepEqual(cases(1), cases(1));
    assert.notDeepEqual(cases(1), cases(2));
  }
});
