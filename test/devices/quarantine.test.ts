import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultCode } from '../../main/contract/fault.ts';
import { blamed, blameless, isOut, replugged } from '../../main/devices/quarantine.ts';

const after = (code: FaultCode, times: number, everyMs: number) => {
  let conduct = blameless;
  for (let n = 0; n < times; n++) conduct = blamed(conduct, code, n * everyMs);
  return conduct;
};

test('eight faults within two minutes take a device out, fewer or slower ones do not', () => {
  assert.ok(isOut(after('device.protocol', 8, 1_000), 7_001));
  assert.ok(!isOut(after('device.protocol', 7, 1_000), 6_001));
  assert.ok(!isOut(after('device.protocol', 100, 20_000), 99 * 20_000 + 1));
});

test('silence counts half, ill will at once, and being unplugged or forbidden not at all', () => {
  assert.ok(!isOut(after('device.timeout', 15, 1_000), 14_001));
  assert.ok(isOut(after('device.timeout', 16, 1_000), 15_001));
  assert.ok(isOut(after('device.hostile', 1, 0), 1));
  for (const code of ['device.absent', 'device.forbidden', 'device.quarantined', 'device.busy'] as const)
    assert.equal(after(code, 100, 1), blameless);
});

test('terms double from half a minute to half an hour, one fault each, and are forgiven after a good hour', () => {
  let conduct = blameless;
  let nowMs = 0;
  const terms: number[] = [];
  for (let round = 0; round < 9; round++) {
    conduct = blamed(conduct, round === 0 ? 'device.hostile' : 'device.protocol', nowMs);
    terms.push((conduct.outUntilMs - nowMs) / 1_000);
    nowMs = conduct.outUntilMs + 1;
  }
  assert.deepEqual(terms, [30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800]);
  assert.ok(!isOut(blamed(conduct, 'device.protocol', nowMs + 3_700_000), nowMs + 3_700_001));
});

test('a device that was pulled may be tried when it is back, once', () => {
  const back = replugged(blamed(blameless, 'device.hostile', 0), 5_000);
  assert.ok(!isOut(back, 5_000));
  assert.ok(isOut(blamed(back, 'device.protocol', 6_000), 65_000));
});
