import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Means } from '../../main/contract/policy.ts';
import { AlertOrders } from '../../main/watchlist/alert-orders.ts';
import { fuse, type Likeness, logThreshold } from '../../main/watchlist/fusion.ts';
import { type Calibrations, logRatio } from '../../main/watchlist/likelihood.ts';
import { SearchAction } from '../../main/contract/search.ts';
import { AlertCategory } from '../../main/contract/watchlist.ts';
import { likelihoodCurve } from '../evaluate/likelihood-curve.ts';
import { synthesize } from '../sim/names/random.ts';

/**
 * Scores whose ratios are known: of strangers one in ten to the s reaches s, of mates one in ten to the s/2, so that a score s is
 * half of ten to the s/2 times likelier from a mate.
 */
const known = [
  [0, Math.log10(0.5)],
  [40, 20 + Math.log10(0.5)],
] as const;
const calibrations: Calibrations = { document: [[1, 9]], name: known, finger: known, face: known };
const likeness = (alert: string, by: Means, score: number, among = 1): Likeness => ({
  alert,
  order: { category: 'arrest', action: 'arrest', silent: false },
  by,
  score,
  threshold: 40,
  among,
});

test('what speaks for one alert is added up, each means once by its best score; other alerts are apart', () => {
  const [first, second] = fuse(
    [likeness('a', 'name', 4), likeness('b', 'name', 7), likeness('a', 'finger', 6), likeness('a', 'finger', 2)],
    calibrations,
  );
  assert.equal(first?.alert, 'a');
  assert.ok(Math.abs(first.logRatio - (5 + 2 * Math.log10(0.5))) < 1e-9);
  assert.deepEqual(
    first.likenesses.map(({ by, score }) => [by, score]),
    [
      ['name', 4],
      ['finger', 6],
    ],
  );
  assert.ok(Math.abs((second?.logRatio ?? 0) - (3.5 + Math.log10(0.5))) < 1e-9);
  const [among] = fuse([likeness('a', 'name', 8, 10)], calibrations);
  assert.ok(Math.abs((among?.logRatio ?? 0) - (3 + Math.log10(0.5))) < 1e-9);
});

test('a higher score or one means more never makes an alert less likely', () => {
  const scores = fc.double({ min: 0, max: 50, noNaN: true });
  fc.assert(
    fc.property(scores, scores, scores, (name, more, face) => {
      const worth = (...all: Likeness[]) => fuse(all, calibrations)[0]?.logRatio ?? 0;
      const before = worth(likeness('a', 'name', name));
      assert.ok(worth(likeness('a', 'name', name + more)) >= before);
      assert.ok(worth(likeness('a', 'name', name), likeness('a', 'face', face)) >= before);
    }),
  );
  assert.equal(logRatio(known, Number.NaN), Math.log10(0.5));
  assert.equal(logRatio(known, 99), logRatio(known, 40));
});

/** Of 1,000 strangers, how many some alert of the list hits at that threshold, by one means or two together. */
function falseAlarms(alerts: number, threshold: number, together: boolean): number {
  const random = synthesize(5);
  let hit = 0;
  const travellers = 1000;
  for (let traveller = 0; traveller < travellers; traveller++) {
    const like: Likeness[] = [];
    for (let at = 0; at < alerts; at++) {
      like.push(likeness(String(at), 'name', -Math.log10(1 - random())));
      if (together) like.push(likeness(String(at), 'finger', -Math.log10(1 - random())));
    }
    if (fuse(like, calibrations).some(({ logRatio }) => logRatio >= threshold)) hit++;
  }
  return hit;
}

test('strangers are hit no more often than is wanted, by one means and by two; a list thought smaller alarms more', () => {
  const [alerts, wanted] = [300, 50];
  for (const together of [false, true]) {
    assert.ok(falseAlarms(alerts, logThreshold(alerts, wanted), together) <= wanted);
    assert.ok(falseAlarms(alerts, logThreshold(1, wanted), together) > wanted);
  }
});

test('a curve never falls, and stays within what the data can tell', () => {
  const count = fc.nat(200);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(count, fc.integer({ min: 1, max: 1000 })), { minLength: 1, maxLength: 9 }),
      (counts) => {
        const bins = counts.map(([mates, strangers], score) => ({
          score,
          mates,
          ofMates: 2000,
          strangers: strangers / 1e6,
        }));
        const worths = likelihoodCurve(bins).map(([, worth]) => worth);
        assert.equal(worths.length, bins.length);
        for (const [at, worth] of worths.entries()) assert.ok(at === 0 || worth >= worths[at - 1]!);
        assert.ok(worths.every((worth) => worth <= Math.log10(1e6)));
      },
    ),
  );
});

test('what an alert asks for and how many entries it has comes out of its packed number as it went in', () => {
  const entries = fc.integer({ min: 0, max: 255 });
  const alert = fc.record({
    category: fc.constantFrom(...AlertCategory.options),
    action: fc.constantFrom(...SearchAction.options),
    silent: fc.boolean(),
    names: entries,
    fingers: entries,
    faces: entries,
  });
  fc.assert(
    fc.property(alert, ({ names, fingers, faces, ...order }) => {
      const many = (length: number) => Array.from<never>({ length });
      const content = { identities: many(names), fingers: many(fingers), faces: many(faces) };
      const orders = new AlertOrders([{ reference: 'a', ...order, ...content }]);
      assert.equal(orders.size, 1);
      for (const [by, among] of [
        ['name', names],
        ['finger', fingers],
        ['face', faces],
        ['document', 1],
      ] as const)
        assert.deepEqual(orders.of('a', by), { order, among });
    }),
  );
});
