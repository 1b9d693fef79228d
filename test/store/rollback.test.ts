import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Mark } from '../../main/store/rollback-mark.ts';
import { type RollbackCounter, RollbackGuard } from '../../main/store/rollback.ts';

const hourMs = 3_600_000;

/** A store's mark, a counter and a clock; a copy of the mark stands for a copy of the store. */
function stage() {
  const world = { mark: undefined as Mark | undefined, count: 1, nowMs: 10 * hourMs, writes: 0, dies: false };
  const counter: RollbackCounter = {
    count: async () => world.count,
    async increment() {
      if (world.dies) throw new Error('the kiosk dies');
      world.count++;
      world.writes++;
    },
  };
  const mark = { load: () => world.mark, replace: (next: Mark) => void (world.mark = next) };
  const guard = new RollbackGuard(counter, mark, () => world.nowMs);
  return { world, guard, start: () => guard.check({ vouched: false }) };
}

test('a copy of the store that has lain aside for an hour is found out, whatever happened in between', async () => {
  const step = fc.constantFrom('hour', 'minute', 'start', 'advance', 'die', 'clock back');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 40 }), async (before, after) => {
      const { world, guard, start } = stage();
      await start();
      const live = async (steps: readonly string[]) => {
        for (const each of steps) {
          if (each === 'hour') world.nowMs += hourMs;
          if (each === 'minute') world.nowMs += 60_000;
          if (each === 'clock back') world.nowMs -= 5 * hourMs;
          if (each === 'start') await start();
          if (each === 'advance') await guard.advance();
          if (each === 'die') {
            world.dies = true;
            await guard.advance().catch(() => {});
            world.dies = false;
            await start();
          }
        }
      };
      await live(before);
      const copy = world.mark;
      await live(after);
      world.nowMs = Math.max(world.nowMs, world.mark!.atMs) + hourMs;
      await guard.advance();
      world.mark = copy;
      await assert.rejects(start(), { name: 'Fault', code: 'store.rolled-back' });
    }),
    { numRuns: 500 },
  );
});

test('the counter is moved at most once an hour, over any number of restarts', async () => {
  const { world, guard, start } = stage();
  for (let minute = 0; minute < 24 * 60; minute++) {
    await start();
    await guard.advance();
    world.nowMs += 60_000;
  }
  assert.ok(world.writes <= 24, String(world.writes));
});

test('a counter that was cleared, or stands behind the store, is not believed', async () => {
  const { world, guard, start } = stage();
  await start();
  for (let i = 0; i < 3; i++) {
    world.nowMs += hourMs;
    await guard.advance();
  }
  world.count -= 2;
  await assert.rejects(start(), { code: 'store.rolled-back' });
  await guard.check({ vouched: true });
  await start();
});
