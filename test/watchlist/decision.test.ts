import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Evidence, Reason } from '../../main/contract/crossing.ts';
import { Decision } from '../../main/contract/crossing.ts';
import { type MrzReading, readMrz } from '../../main/document/mrz.ts';
import { decide } from '../../main/watchlist/decision.ts';
import type { Hit, SearchResult } from '../../main/watchlist/watchlist.ts';
import { writeMrz } from '../sim/document/mrz.ts';

const today = '2026-11-24';
const context = { today, faceRequired: true, challengeRequired: false, fingerRequired: true };

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
  const hit: Hit = { alert: 'a1', by: 'name', score: 0.9, threshold: 0.84 };
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
    ['watchlist-name', evidenceOf(good), { ...search, hits: [hit] }],
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
    by: fc.constantFrom('document', 'name', 'finger', 'face'),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    threshold: fc.constant(0.5),
  }),
  { maxLength: 2 },
);
const searches = fc.option(
  fc.record({
    listVersion: fc.constant('v7'),
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
      assert.ok(result && result.hits.length === 0 && result.shortcomings.length === 0);
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
        if (more.length > 0 || (result && extra.length > 0)) assert.equal(after.outcome, 'refer');
      },
    ),
    { numRuns: 2000 },
  );
});
