import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combinedRate, evidenceOf, isCandidate } from '../../../central/sbms/evidence.ts';
import { findModel, thresholdOf } from '../../../models/manifest.ts';
import { falseMatchRate } from '../../../native/false-match-rate.ts';
import { falseCandidates, listThreshold } from '../../../native/finger-model.ts';
import { stream } from '../../sim/finger/random.ts';

const model = findModel('mobilefacenet');
const finger = fc.double({ min: 0, max: 60, noNaN: true });
const face = fc.double({ min: -1, max: 1, noNaN: true });
const extent = fc.record({ fingers: fc.nat(1_000_000), faces: fc.nat(1_000_000) });

test('of two rates of chance that are even, as many come out below a rate as that rate says', () => {
  const random = stream(5);
  const drawn = Array.from({ length: 200_000 }, () => combinedRate(random(), random()));
  for (const rate of [0.5, 0.1, 0.01, 0.001]) {
    const share = drawn.filter((each) => each <= rate).length / drawn.length;
    // Four deviations of the share itself.
    assert.ok(Math.abs(share - rate) < 4 * Math.sqrt((rate * (1 - rate)) / drawn.length), `${rate}: ${share}`);
  }
});

test('fingers alone are candidates from where the local watchlist would have them', () => {
  fc.assert(
    fc.property(finger, extent, (score, over) => {
      assert.equal(isCandidate({ finger: score }, over), score >= listThreshold(over.fingers));
    }),
  );
});

test('a face alone is a candidate from identification on, and at more faces from where one stranger in a hundred probes is met', () => {
  const identification = thresholdOf(model, 'identification');
  const least = model.calibration!.points.at(-1)![0];
  const at = (score: number, faces: number) => isCandidate({ face: { score, model } }, { fingers: 0, faces });
  assert.deepEqual([at(identification, 1), at(identification - 1e-9, 1)], [true, false]);
  assert.deepEqual([at(identification, 1000), at(least, 1000), at(least, 100_000)], [false, true, true]);
});

test('more evidence never takes a candidate away, and a rate falls with every score', () => {
  fc.assert(
    fc.property(finger, face, extent, fc.double({ min: 0, max: 1, noNaN: true }), (score, cosine, over, more) => {
      const both = { finger: score, face: { score: cosine, model } };
      const alone = isCandidate({ finger: score }, over) || isCandidate({ face: both.face }, over);
      assert.ok(!alone || isCandidate(both, over));
      const liker = evidenceOf({ finger: score + more, face: { score: cosine + more, model } });
      assert.ok(liker.rate <= evidenceOf(both).rate);
      const { agrees, differs } = evidenceOf(both);
      assert.deepEqual([...agrees, ...differs].toSorted(), ['face', 'finger']);
    }),
  );
});

test('fingers and a face that are each not enough are enough together where both are unlikely', () => {
  const over = { fingers: 400_000, faces: 100_000 };
  const unlikely = { finger: 18, face: { score: 0.56, model } };
  assert.equal(isCandidate({ finger: 18 }, over), false);
  assert.equal(isCandidate(unlikely, over), true);
  assert.ok(evidenceOf(unlikely).rate < falseCandidates / over.faces);
  assert.equal(isCandidate({ finger: 18, face: { score: 0.2, model } }, over), false);
});

test('several fingers of strangers reach a fused score no more often than one finger does, if they are independent', () => {
  // As native/src/gallery_search.cc fuses: odds are scores less 10, and a finger that does not match takes away 2.4 at most.
  const [noOdds, missOdds, step, most] = [10, -2.4, 0.05, 60];
  const tailSlope = Math.log10(falseMatchRate(21) / falseMatchRate(20));
  const rate = (score: number) =>
    score <= 21 ? falseMatchRate(score) : falseMatchRate(21) * 10 ** (tailSlope * (score - 21));
  const bins = Math.round(most / step);
  // Chance that a stranger's finger gives odds of a bin, rounded up.
  const one = Float64Array.from({ length: bins }, (_, bin) => {
    const [low, high] = [noOdds + missOdds + (bin - 1) * step, noOdds + missOdds + bin * step];
    return (bin === 0 ? 1 : rate(low)) - (bin === bins - 1 ? 0 : rate(high));
  });
  let sum = one;
  for (let fingers = 2; fingers <= 10; fingers++) {
    const next = new Float64Array(sum.length + bins);
    for (const [i, chance] of sum.entries())
      if (chance > 0) for (let j = 0; j < bins; j++) next[i + j]! += chance * one[j]!;
    sum = next;
    for (const score of [14, 16, 18, 20, 21]) {
      const from = Math.floor((score - noOdds - fingers * missOdds) / step);
      const reached = sum.subarray(from).reduce((total, chance) => total + chance, 0);
      assert.ok(reached <= falseMatchRate(score), `${fingers} fingers, ${score}: ${reached}`);
    }
  }
});
