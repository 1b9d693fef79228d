import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import { startListUpdates } from '../../main/uplink/list-updates.ts';

type Step = (taken: () => void) => void;

/** Visits that go as is said, one after another; `look` brings the next. */
async function visits(steps: Step[], onTaken: () => void) {
  const faults: string[] = [];
  let seen = Promise.withResolvers<void>();
  const updates = startListUpdates({
    visit: async (_, taken) => {
      const step = steps.shift();
      queueMicrotask(() => setImmediate(seen.resolve));
      step?.(taken);
    },
    onTaken,
    onChange: () => faults.push(updates.lastFault()),
    clock: {
      now: () => 0,
      sleep: (_, signal) => new Promise((__, reject) => signal.addEventListener('abort', reject)),
    },
  });
  while (steps.length > 0) {
    await seen.promise;
    seen = Promise.withResolvers();
    updates.look();
  }
  await seen.promise;
  await updates.stop();
  return faults;
}

const fail = (code: 'uplink.offline' | 'watchlist.refused') => {
  throw new Fault(code);
};

test('a list that was taken up before the line broke is told of, and one that could not be opened is told of again', async () => {
  let told = 0;
  const faults = await visits(
    [
      (taken) => {
        taken();
        fail('uplink.offline');
      },
      (taken) => taken(),
      () => {},
      () => {},
    ],
    () => {
      if (++told === 2) throw new Fault('store.corrupt');
    },
  );
  assert.equal(told, 3);
  assert.deepEqual(faults, ['store.corrupt', '']);
});

test('a fault shows until a visit that has none; a central that cannot be reached is none', async () => {
  const faults = await visits(
    [() => fail('watchlist.refused'), () => fail('uplink.offline'), () => {}, () => {}],
    () => {},
  );
  assert.deepEqual(faults, ['watchlist.refused', '']);
});
