import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOrder } from '../../setup/initrd.mjs';
import { tallyOf } from '../../setup/system-test.mjs';

const off = 'switched off';
const ended = 'limen: guest up after 5 s\nlimen: guest ends with 0\n[    9.0] reboot: Power down\n';
const result = (status: number, passed: number, failed: number, skipped = 0): string =>
  `${status} ${JSON.stringify({ passed, failed, skipped })}`;

test('a guest that says how its tests went and switches itself off is believed', () => {
  assert.deepEqual(tallyOf([result(0, 9, 0, 1)], off, ended), { passed: 9, failed: 0, skipped: 1 });
  assert.deepEqual(tallyOf([result(1, 9, 2)], off, ended), { passed: 9, failed: 2, skipped: 0 });
});

test('a guest that hangs, panics, says nothing, says it twice or contradicts itself is not', () => {
  const good = result(0, 9, 0);
  for (const [results, why, console] of [
    [[good], 'silent for 300 s', ended],
    [[good], off, 'Kernel panic - not syncing: Fatal exception'],
    [[good], off, ended.replace('with 0', 'with 1')],
    [[], off, ended],
    [[good, good], off, ended],
    [[result(1, 9, 0)], off, ended],
    [[result(0, 9, 1)], off, ended],
    [[result(0, 0, 0)], off, ended],
    [[result(0, -1, 0)], off, ended],
    [['0 {"passed":1}'], off, ended],
    [['0 {"passed":'], off, ended],
    [['0 '], off, ended],
  ] as const)
    assert.equal(tallyOf(results, why, console), undefined, JSON.stringify(results));
});

test('modules are loaded after all that they need, each once, whatever the kernel has built in', () => {
  const dependencies = [
    'kernel/a/top-one.ko: kernel/a/middle.ko kernel/a/base.ko',
    'kernel/a/middle.ko: kernel/a/base.ko',
    'kernel/a/base.ko:',
    'kernel/b/packed.ko.xz: kernel/a/base.ko',
  ].join('\n');
  assert.deepEqual(loadOrder(['top_one', 'within', 'packed'], dependencies, 'kernel/c/within.ko\n'), [
    'kernel/a/base.ko',
    'kernel/a/middle.ko',
    'kernel/a/top-one.ko',
    'kernel/b/packed.ko.xz',
  ]);
  assert.throws(() => loadOrder(['lost'], dependencies, ''), /no module lost/);
});
