import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Evidence, Reason } from '../../main/contract/crossing.ts';
import { Decision } from '../../main/contract/crossing.ts';
import { type MrzReading, readMrz } from '../../main/document/mrz.ts';
import type { AlertOrder } from '../../main/contract/watchlist.ts';
import { decide } from '../../main/watchlist/decision.ts';
import { fuse } from '../../main/watchlist/fusion.ts';
import { judge } from '../../main/watchlist/judgement.ts';
import type { PolicyInForce } from '../../main/watchlist/policy.ts';
import type { Hit, SearchResult } from '../../main/watchlist/watchlist.ts';
import { writeMrz } from '../sim/document/mrz.ts';

const today = '2026-11-24';
const arrest: AlertOrder = { category: 'arrest', action: 'arrest', silent: false };
const discreet: AlertOrder = { category: 'discreet-check', action: 'discreet-check', silent: true };
const rule = { falseAlarmsPer1000: 10, alone: [{ means: 'document' as const }, { means: 'finger' as const }] };
/** Names and faces count together only: each is worth three powers of ten at 0.9. */
const policy: PolicyInForce = {
  state: 'configured',
  version: '7',
  policy: {
    rules: [
      { treatment: 'notice', actions: ['discreet-check'], ...rule },
      { treatment: 'refer', ...rule },
    ],
  },
  calibrations: { document: [[1, 9]], name: [[0.9, 3]], finger: [[1, 3]], face: [[0.9, 3]] },
};
const context = { today, faceRequired: true, challengeRequired: false, fingerRequired: true, policy };

function documentOf(expiryDate: string, spoil?: 'number' | 'composite') {
  const lines = writeMrz(
    'TD3',
    {
      code: 'P',
      issuingState: 'UTO',
      nationality: 'UTO',
      number: 'L898902C3',
      surname: 'ERIKSSON',
      givenNames: 'ANNA',
      birthDate: '1974-08-12',
      sex: 'F',
      expiryDate,
    },
    spoil,
  );
  const reading: MrzReading = readMrz(lines, today);
  assert.notEqual(reading.kind, 'malformed');
  return reading.kind === 'malformed' ? undefined : reading.document;
}

const template = { model: 'm', version: '1' };
function faceOf(score: number | undefined): Evidence['face'] {
  const live = { widthPx: 1, heightPx: 1, pixels: new Uint8Array(3) };
  const seen = { live, quality: 90, template: { ...template, values: Float32Array.of(1) } };
  return score === undefined
    ? seen
    : { ...seen, comparison: { score, threshold: 0.5, matched: score >= 0.5, model: 'm' } };
}
const finger: Evidence['finger'] = {
  position: 'right-index',
  quality: 80,
  template: { ...template, bytes: Uint8Array.of(1) },
  image: { widthPx: 1, heightPx: 1, dpi: 500, pixels: new Uint8Array(1) },
};
const search: SearchResult = {
  listVersion: 'v7',
  alerts: 1000,
  hits: [],
  incomparable: { finger: 0, face: 0 },
  shortcomings: [],
  searched: ['document', 'name', 'finger', 'face'],
};
const good = { document: documentOf('2031-01-01'), face: faceOf(0.9), finger, reasons: [] };

function evidenceOf(parts: { [K in keyof Evidence]?: Evidence[K] | undefined }): Evidence {
  const { document, face, challenge, finger: print, reasons = [] } = parts;
  return {
    ...(document && { document }),
    ...(face && { face }),
    ...(challenge && { challenge }),
    ...(print && { finger: print }),
    reasons,
  };
}

test('what is in order is cleared', () => {
  assert.deepEqual(decide(evidenceOf(good), search, context), { outcome: 'clear', reasons: [] });
});

test('each thing amiss refers, with its reason', () => {
  const hit: Hit = { alert: 'a1', order: arrest, by: 'finger', score: 16, threshold: 14, among: 1 };
  const cases: [Decision['reasons'][number]['code'], Evidence, SearchResult | undefined][] = [
    ['document-unreadable', evidenceOf({ ...good, document: undefined }), search],
    ['document-check-digit', evidenceOf({ ...good, document: documentOf('2031-01-01', 'number') }), search],
    ['document-check-digit', evidenceOf({ ...good, document: documentOf('2031-01-01', 'composite') }), search],
    ['document-expired', evidenceOf({ ...good, document: documentOf('2026-11-23') }), search],
    ['portrait-missing', evidenceOf({ ...good, face: faceOf(undefined) }), search],
    ['face-not-captured', evidenceOf({ ...good, face: undefined }), search],
    ['face-mismatch', evidenceOf({ ...good, face: faceOf(0.4) }), search],
    ['face-mismatch', evidenceOf({ ...good, face: faceOf(Number.NaN) }), search],
    ['finger-not-captured', evidenceOf({ ...good, finger: undefined }), search],
    ['watchlist-finger', evidenceOf(good), { ...search, hits: [hit] }],
    ['watchlist-unavailable', evidenceOf(good), undefined],
    ['watchlist-unavailable', evidenceOf(good), { ...search, shortcomings: ['no-list'] }],
    ['watchlist-unavailable', evidenceOf(good), { ...search, searched: ['document', 'name', 'finger'] }],
    ['device-fault', evidenceOf({ ...good, reasons: [{ code: 'device-fault' }] }), search],
  ];
  for (const [code, evidence, result] of cases) {
    const decision = Decision.parse(decide(evidence, result, context));
    assert.equal(decision.outcome, 'refer');
    assert.deepEqual([...new Set(decision.reasons.map((reason) => reason.code))], [code]);
  }
});

test('where a challenge is asked for, a face without one that was passed is referred', () => {
  const asking = { ...context, challengeRequired: true };
  const of = (challenge: Evidence['challenge']) => decide(evidenceOf({ ...good, challenge }), search, asking);
  for (const challenge of [undefined, { passed: false, steps: [] }]) {
    assert.deepEqual(of(challenge), { outcome: 'refer', reasons: [{ code: 'challenge-not-passed' }] });
  }
  assert.equal(of({ passed: true, steps: [] }).outcome, 'clear');
});

test('a document that says other than its lines is not believed', () => {
  const document = good.document && { ...good.document, expiryDate: '2040-01-01' };
  assert.equal(decide(evidenceOf({ ...good, document }), search, context).outcome, 'refer');
});

const evidences = fc.record({
  document: fc.constantFrom(good.document, documentOf('2020-01-01'), documentOf('2031-01-01', 'number'), undefined),
  face: fc.constantFrom(faceOf(0.9), faceOf(0.9), faceOf(0.1), faceOf(undefined), undefined),
  challenge: fc.constantFrom({ passed: true, steps: [] }, { passed: false, steps: [] }, undefined),
  finger: fc.constantFrom(finger, undefined),
});
const hits = fc.array(
  fc.record({
    alert: fc.constantFrom('a1', 'a2'),
    order: fc.constantFrom(arrest, discreet),
    by: fc.constantFrom('document', 'name', 'finger', 'face'),
    score: fc.double({ min: 0, max: 1, noNaN: false }),
    threshold: fc.constant(0.5),
    among: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 2 },
);
const searches = fc.option(
  fc.record({
    listVersion: fc.constant('v7'),
    alerts: fc.constantFrom(1, 1000, 1_000_000),
    hits,
    incomparable: fc.constant(search.incomparable),
    searched: fc.subarray([...search.searched]),
    shortcomings: fc.subarray(['no-list', 'face-failed'] as const),
  }),
  { nil: undefined },
);
const contexts = fc.record({
  today: fc.constant(today),
  faceRequired: fc.boolean(),
  challengeRequired: fc.boolean(),
  fingerRequired: fc.boolean(),
  policy: fc.constantFrom<PolicyInForce>(policy, policy, { ...policy, state: 'missing', version: 'none' }),
});
const trouble = fc.array(fc.constantFrom<Reason>({ code: 'device-fault' }, { code: 'interrupted' }), { maxLength: 2 });

test('clear means that all is in order', () => {
  fc.assert(
    fc.property(evidences, searches, contexts, trouble, (parts, result, demands, reasons) => {
      const decision = Decision.parse(decide(evidenceOf({ ...parts, reasons }), result, demands));
      assert.equal(decision.outcome === 'clear', decision.reasons.length === 0);
      if (decision.outcome === 'refer') return;
      assert.equal(parts.document, good.document);
      assert.ok(!demands.fingerRequired || parts.finger);
      assert.ok(!demands.challengeRequired || parts.face === undefined || parts.challenge?.passed);
      assert.ok(!demands.faceRequired || parts.face?.comparison?.matched);
      assert.ok(parts.face?.comparison?.matched !== false);
      assert.notEqual(demands.policy.state, 'missing');
      assert.ok(result && result.shortcomings.length === 0);
      for (const hit of fuse(result.hits, policy.calibrations))
        assert.notEqual(judge(hit, policy.policy, result.alerts), 'refer');
      assert.equal(reasons.length, 0);
    }),
    { numRuns: 2000 },
  );
});

test('more trouble never turns a referral into a clearance', () => {
  fc.assert(
    fc.property(
      evidences,
      searches,
      contexts,
      trouble,
      trouble,
      hits,
      (parts, result, demands, reasons, more, extra) => {
        const before = decide(evidenceOf({ ...parts, reasons }), result, demands);
        const worse = result && { ...result, hits: [...result.hits, ...extra] };
        const after = decide(evidenceOf({ ...parts, reasons: [...reasons, ...more] }), worse, demands);
        if (before.outcome === 'refer') assert.equal(after.outcome, 'refer');
        if (more.length > 0) assert.equal(after.outcome, 'refer');
      },
    ),
    { numRuns: 2000 },
  );
});

const hitBy = (by: Hit['by'], order: AlertOrder, score = 0.9): Hit => ({
  alert: 'a1',
  order,
  by,
  score,
  threshold: by === 'finger' ? 14 : 0.9,
  among: 1,
});
const found = (...given: Hit[]) => decide(evidenceOf(good), { ...search, hits: given }, context);

test('a name alone or a face alone is too weak in this list; both of one alert refer, with the score of each', () => {
  assert.equal(found(hitBy('name', arrest)).outcome, 'clear');
  assert.equal(found(hitBy('face', arrest)).outcome, 'clear');
  assert.deepEqual(found(hitBy('name', arrest), hitBy('face', arrest)), {
    outcome: 'refer',
    reasons: ['watchlist-name', 'watchlist-face'].map((code) => ({
      code,
      alert: 'a1',
      listVersion: 'v7',
      score: 0.9,
      threshold: 0.9,
    })),
  });
  assert.equal(found(hitBy('name', arrest), { ...hitBy('face', arrest), alert: 'a2' }).outcome, 'clear');
});

test('a hit on a discreet check clears, and is recorded; one that is open, or asks for more, refers', () => {
  assert.deepEqual(found(hitBy('document', discreet, 1)), {
    outcome: 'clear',
    reasons: [],
    notices: [{ code: 'watchlist-document', alert: 'a1', listVersion: 'v7', score: 1, threshold: 0.9 }],
  });
  for (const order of [
    { ...discreet, silent: false },
    { ...discreet, action: 'inquiry-check' },
    { ...discreet, action: 'specific-check' },
  ] as const)
    assert.equal(found(hitBy('document', order, 1)).outcome, 'refer');
});

test('a hit that must not be noticed changes nothing but what is recorded', () => {
  fc.assert(
    fc.property(evidences, searches, contexts, trouble, (parts, result, demands, reasons) => {
      const evidence = evidenceOf({ ...parts, reasons });
      const { notices: _, ...plain } = decide(evidence, result, demands);
      const more = result && { ...result, hits: [...result.hits, { ...hitBy('document', discreet, 1), alert: 'a3' }] };
      const { notices = [], ...watched } = decide(evidence, more, demands);
      assert.deepEqual(watched, plain);
      assert.equal(notices.length > 0, result !== undefined);
    }),
  );
});

test('without a policy everybody is referred', () => {
  const missing = { ...context, policy: { ...policy, state: 'missing' as const } };
  assert.deepEqual(decide(evidenceOf(good), search, missing).reasons, [
    { code: 'watchlist-unavailable', detail: 'no-policy', listVersion: 'v7' },
  ]);
});
