import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision, Evidence } from '../../main/contract/crossing.ts';
import { LimenRecord } from '../../main/contract/record.ts';
import { performance, type PerformanceOptions } from '../../main/crossing/performance.ts';
import { alarmRecords, crossingRecords } from '../../main/crossing/records.ts';
import { finger, faceOf, matched, travelDocument } from '../journey/events.ts';
import { uuidv7 } from '../uplink/records.ts';

const origin = { kioskId: 'gate-1', nowMs: Date.UTC(2026, 10, 24) };
const context = { fallback: true, watchlistVersion: '7' };
const clear: Decision = { outcome: 'clear', reasons: [] };
const hit: Decision = {
  outcome: 'refer',
  reasons: [
    { code: 'watchlist-face', alert: 'A-7', listVersion: '7', score: 0.9, threshold: 0.8 },
    { code: 'watchlist-unavailable', detail: 'no-finger' },
    { code: 'face-mismatch', score: 0.1, threshold: 0.5 },
  ],
};
const captured: Evidence = { document: travelDocument, face: faceOf(matched), finger, reasons: [] };
const recordsOf = (evidence: Evidence, decision: Decision) =>
  crossingRecords(origin, uuidv7(), evidence, decision, context).map((record) => LimenRecord.parse(record));

test('what was captured is a record of its own that names the crossing record, and no other holds any of it', () => {
  const [crossing, biometrics, ...more] = recordsOf(captured, clear);
  assert.deepEqual(more, []);
  assert.ok(crossing?.kind === 'crossing' && biometrics?.kind === 'biometrics');
  assert.deepEqual([biometrics.crossingRecordId, biometrics.crossingId], [crossing.id, crossing.crossingId]);
  assert.deepEqual([crossing.document, crossing.fallback], [travelDocument, true]);
  assert.deepEqual([biometrics.finger?.image, biometrics.face?.image], [finger.image.pixels, Uint8Array.of(1, 2, 3)]);
  assert.ok(!Object.values(crossing).some((part) => part instanceof Uint8Array));
  assert.ok(!('document' in biometrics));
});

test('a crossing that captured nothing, and has no hit, is one record', () => {
  const records = recordsOf({ reasons: [] }, clear);
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ['crossing'],
  );
});

test('a hit is an alarm before anything else: the alert and its list, and nothing of who was hit', () => {
  const [alarm, ...others] = recordsOf(captured, hit);
  assert.ok(alarm?.kind === 'alarm');
  assert.deepEqual(alarm.alarms, [{ code: 'watchlist-face', alert: 'A-7', listVersion: '7' }]);
  assert.deepEqual(
    others.map(({ kind }) => kind),
    ['crossing', 'biometrics'],
  );
  assert.ok(!JSON.stringify(alarm).includes(travelDocument.surname));
  assert.deepEqual(alarmRecords(origin, alarm.crossingId, hit.reasons.slice(1)), []);
});

test('whoever follows through the gate is an alarm, stored while the guard is called; another referral is none', async () => {
  for (const [code, kinds] of [
    ['tailgating', ['alarm']],
    ['device-fault', []],
    ['watchlist-face', []],
  ] as const) {
    const stored: string[] = [];
    let called = 0;
    const perform = performance({
      origin: () => origin,
      cases: { add: async () => void called++ },
      conclude: async (_: string, __: string, records: LimenRecord[]) =>
        stored.push(...records.map(({ kind }) => kind)),
    } as unknown as PerformanceOptions);
    const crossing = { id: uuidv7(), language: null, evidence: captured };
    const decision: Decision = { outcome: 'refer', reasons: [{ code }] };
    await perform({ do: 'call-guard', crossing, decision }, new AbortController().signal, () => {});
    assert.deepEqual([called, stored], [1, kinds]);
  }
});
