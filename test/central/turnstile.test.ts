import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { Turnstile } from '../../central/turnstile.ts';

test('never more are in than may be, who waits comes in turn, and only who finds no place is turned away', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.nat(3),
      fc.array(fc.constantFrom('comes', 'leaves'), { maxLength: 40 }),
      async (atOnce, places, deeds) => {
        const turnstile = new Turnstile(atOnce, places);
        const inside: (() => void)[] = [];
        const [entered, expected, turnedAway]: [number[], number[], number[]] = [[], [], []];
        for (const [who, deed] of deeds.entries()) {
          if (deed === 'comes') {
            const room = expected.length - entered.length < places || inside.length < atOnce;
            if (room) expected.push(who);
            const told = turnstile.enter().then((leave) => {
              if (!leave) return turnedAway.push(who);
              inside.push(leave);
              return entered.push(who);
            });
            void told;
          } else inside.shift()?.();
          await setImmediate();
          assert.ok(inside.length <= atOnce);
        }
        assert.deepEqual(entered, expected.slice(0, entered.length));
        assert.equal(expected.length + turnedAway.length, deeds.filter((deed) => deed === 'comes').length);
        while (inside.length > 0) {
          inside.shift()?.();
          await setImmediate();
        }
        assert.deepEqual(entered, expected);
      },
    ),
  );
});
