import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Trust, trustView } from '../../main/diagnostics/trust.ts';
import { TrustView } from '../../main/contract/technician.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 25);
const good: Trust = {
  storeKey: 'tpm',
  rollback: 'guarded',
  certificateFromMs: nowMs - dayMs,
  certificateUntilMs: nowMs + 31 * dayMs,
  certificateUnusable: false,
  policy: 'configured',
  keys: { number: 4, issuedAtMs: nowMs - dayMs, heardAtMs: nowMs, sealingUntilMs: nowMs + dayMs, fault: '' },
  fault: '',
};

test('a kiosk with which all is well warns of nothing', () => {
  const view = trustView(good, nowMs);
  assert.deepEqual([view.warnings, view.fault], [[], '']);
  assert.deepEqual(TrustView.parse(view), view);
});

test('each weakness is told by its own warning', () => {
  const cases: readonly (readonly [Partial<Trust>, TrustView['warnings']])[] = [
    [{ storeKey: 'file' }, ['store-key-in-file']],
    [{ rollback: 'unguarded' }, ['store-unguarded']],
    [{ certificateUntilMs: nowMs + 30 * dayMs }, ['certificate-expiring']],
    [{ certificateUntilMs: nowMs }, ['certificate-expired']],
    [{ certificateFromMs: nowMs + 1 }, ['certificate-early']],
    [{ certificateUnusable: true }, ['certificate-unusable']],
    [{ policy: 'built-in' }, []],
    [{ policy: 'former' }, ['policy-former']],
    [{ policy: 'missing' }, ['policy-missing']],
  ];
  for (const [change, warnings] of cases) assert.deepEqual(trustView({ ...good, ...change }, nowMs).warnings, warnings);
});

test('a kiosk with no key to seal to says that before all else, then what was refused, then what is old', () => {
  const faultOf = (keys: string, fault: string) =>
    trustView({ ...good, keys: { ...good.keys, fault: keys }, fault }, nowMs).fault;
  assert.equal(faultOf('keys.unusable', 'keys.refused'), 'keys.unusable');
  assert.equal(faultOf('keys.stale', 'keys.refused'), 'keys.refused');
  assert.equal(faultOf('keys.stale', ''), 'keys.stale');
});
