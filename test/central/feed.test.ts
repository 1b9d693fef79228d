import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Feed } from '../../central/feed.ts';
import { arrive, crossing } from './arriving.ts';
import { runs } from './place.ts';
import { nearPortal } from './portal.ts';

test('in whatever order and however often packets are named, each is taken once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }), { maxLength: 8 }),
      async (calls) => {
        await using portal = await nearPortal();
        const { database } = portal;
        const taken: number[] = [];
        const feed = await Feed.open(database, { name: 'own', kinds: ['crossing'], rowsAtOnce: 4 }, async (packet) => {
          taken.push(packet.position);
        });
        for (let i = 0; i < 12; i++) await arrive(database, crossing(1, '2026-05-10', `F${i}`));
        const named = new Set<number>();
        for (const positions of calls) {
          await feed.takeAll(positions);
          for (const position of positions) named.add(position);
          assert.deepEqual(
            taken.toSorted((a, b) => a - b),
            [...named].toSorted((a, b) => a - b),
          );
          const gap = Array.from({ length: 13 }, (_, i) => i + 1).find((position) => !named.has(position))!;
          assert.deepEqual([await feed.position(), await feed.behind()], [gap - 1, 12 - named.size]);
        }
        assert.equal(await feed.advance(), 12 - named.size);
        assert.equal(new Set(taken).size, 12);
        assert.equal(taken.length, 12);
      },
    ),
    { numRuns: runs(20) },
  );
});
