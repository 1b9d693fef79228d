import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { SearchSettings } from '../../main/config/search-settings.ts';
import type { Evidence, Reason } from '../../main/contract/crossing.ts';
import type { Findings } from '../../main/contract/findings.ts';
import { Notice } from '../../main/contract/guard.ts';
import type { SearchHit, SearchSource } from '../../main/contract/search.ts';
import { openInquiries } from '../../main/crossing/inquiries.ts';
import type { Wanted } from '../../main/search/question.ts';
import type { Search } from '../../main/search/search.ts';
import { faceOf, finger } from '../journey/events.ts';
import { arrest, asker, caseId, discreet, dossier, SearchClock, traveller } from '../search/lines-of.ts';

const evidence: Evidence = { document: traveller, reasons: [] };
const settings = { authority: asker.authority, purpose: asker.purpose, sources: ['EES', 'SIS'], slotMs: 0 };

/** Inquiries of which the test says when and how each question is answered. */
function open(more: object = {}) {
  const clock = new SearchClock();
  const policy = SearchSettings.parse({ ...settings, ...more });
  const questions: {
    wanted: Wanted;
    sources: readonly SearchSource[];
    signal: AbortSignal;
    tell(...hits: SearchHit[]): void;
    answer(...hits: SearchHit[]): Promise<void>;
  }[] = [];
  const search: Pick<Search, 'inquire'> = {
    inquire(wanted, sources, signal, onMore) {
      const { promise, resolve, reject } = Promise.withResolvers<Findings>();
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      const findings = (hits: readonly SearchHit[], ended: boolean): Findings => ({
        rung: 'portal',
        ended,
        sources: sources.map((source) => ({
          source,
          state: ended ? 'complete' : 'waiting',
          by: 'portal',
          hits: hits.filter((hit) => hit.source === source),
        })),
      });
      questions.push({
        wanted,
        sources,
        signal,
        tell: (...hits) => onMore(findings(hits, false)),
        async answer(...hits) {
          resolve(findings(hits, true));
          for (let i = 0; i < 10; i++) await setImmediate();
        },
      });
      return promise;
    },
  };
  const alarms: (readonly Reason[])[] = [];
  const inquiries = openInquiries({
    search: search as Search,
    clock,
    asker,
    policy,
    ...policy,
    alarm: (crossingId, reasons) => {
      assert.equal(crossingId, caseId);
      alarms.push(reasons);
    },
    onChange: () => {},
  });
  const verdict = async () => {
    let done: Awaited<ReturnType<typeof inquiries.verdict>> | undefined;
    const startedMs = clock.now();
    const asked = inquiries.verdict(caseId, new AbortController().signal).then((verdict) => (done = verdict));
    await clock.runUntil(
      () => done !== undefined,
      () => false,
    );
    return { codes: (await asked).reasons.map(({ code }) => code), tookMs: clock.now() - startedMs };
  };
  const notices = () => inquiries.notices().map((notice) => [Notice.parse(notice).kind, notice.hit.action]);
  return { inquiries, questions, alarms, verdict, notices, clock };
}

test('the first question goes out when the document is read, and one with what was captured when there is something', () => {
  const { inquiries, questions } = open({ biometricSources: ['EES'] });
  inquiries.ask(caseId, { reasons: [] });
  assert.equal(questions.length, 0);
  inquiries.ask(caseId, evidence);
  inquiries.ask(caseId, evidence);
  const face = faceOf();
  inquiries.ask(caseId, { ...evidence, face });
  inquiries.ask(caseId, { ...evidence, face, finger });
  assert.deepEqual(
    questions.map(({ wanted, sources }) => [wanted.dataTypes, sources]),
    [
      [
        ['document', 'identity'],
        ['EES', 'SIS'],
      ],
      [['document', 'identity', 'face'], ['EES']],
      [['document', 'identity', 'finger', 'face'], ['EES']],
    ],
  );
});

test('no biometrics are asked with unless it is said whom', () => {
  const { inquiries, questions } = open();
  inquiries.ask(caseId, evidence);
  inquiries.ask(caseId, { ...evidence, face: faceOf(), finger });
  assert.equal(questions.length, 1);
});

test('a decision takes what is there at once, waits for what is not, and no longer than it is told to', async () => {
  const { inquiries, questions, verdict, clock } = open({ decisionMs: 3000 });
  inquiries.ask(caseId, evidence);
  await clock.sleepFor(1000);
  assert.deepEqual(await verdict(), { codes: ['portal-late', 'portal-late'], tookMs: 2000 });
  assert.deepEqual((await verdict()).tookMs, 0);
  await questions[0]!.answer();
  assert.deepEqual(await verdict(), { codes: [], tookMs: 0 });
});

test('the time of a decision is a multiple of the slot, whatever the answers were', async () => {
  for (const hits of [[], [discreet]] as SearchHit[][]) {
    const { inquiries, questions, verdict, clock } = open({ slotMs: 100 });
    inquiries.ask(caseId, evidence);
    await clock.sleepFor(hits.length > 0 ? 137 : 101);
    await questions[0]!.answer(...hits);
    const { tookMs } = await verdict();
    assert.equal(tookMs, hits.length > 0 ? 63 : 99);
  }
});

test('a discreet check changes nothing for the traveller: the guard has a notice, central an alarm, each once', async () => {
  const { inquiries, questions, verdict, notices, alarms } = open();
  inquiries.ask(caseId, evidence);
  questions[0]!.tell(discreet);
  assert.deepEqual(notices(), [['discreet', 'discreet-check']]);
  await questions[0]!.answer(discreet);
  assert.deepEqual(await verdict(), { codes: [], tookMs: 0 });
  inquiries.decided(caseId, 'clear');
  inquiries.over(caseId);
  assert.deepEqual(notices(), [['discreet', 'discreet-check']]);
  assert.deepEqual(alarms, [[{ code: 'portal-silent-hit', detail: 'SIS', alert: 'SIS-2' }]]);
  inquiries.dismiss(inquiries.notices()[0]!.id);
  assert.deepEqual(notices(), []);
});

test('a hit that the decision speaks of is in its record, and in no alarm besides', async () => {
  const { inquiries, questions, verdict, notices, alarms } = open();
  inquiries.ask(caseId, evidence);
  await questions[0]!.answer(arrest);
  assert.deepEqual((await verdict()).codes, ['portal-hit']);
  inquiries.decided(caseId, 'refer');
  assert.deepEqual([notices(), alarms], [[], []]);
});

test('a hit that comes when the gate is open is told to the guard, and leaves as an alarm; a file is no alarm', async () => {
  const { inquiries, questions, notices, alarms } = open({ required: [] });
  inquiries.ask(caseId, evidence);
  inquiries.decided(caseId, 'clear');
  inquiries.over(caseId);
  await questions[0]!.answer(arrest, { ...dossier, action: 'check-overstay' });
  assert.deepEqual(notices(), [
    ['late', 'check-overstay'],
    ['late', 'arrest'],
  ]);
  assert.deepEqual(alarms, [[{ code: 'portal-hit', detail: 'SIS', alert: 'SIS-1' }]]);
  assert.equal(inquiries.findings(caseId), undefined);
});

test('a traveller who walks away is not asked about any longer; a hit that was there is told', async () => {
  const { inquiries, questions, notices, alarms } = open();
  inquiries.ask(caseId, evidence);
  questions[0]!.tell(arrest);
  assert.deepEqual([notices(), alarms], [[], []]);
  inquiries.left(caseId);
  assert.ok(questions[0]!.signal.aborted);
  await setImmediate();
  assert.deepEqual(notices(), [['left', 'arrest']]);
  assert.equal(alarms.length, 1);
  assert.equal(inquiries.findings(caseId), undefined);
});

test('a referred traveller’s answers go on coming until the guard has decided', async () => {
  const { inquiries, questions, notices, alarms } = open();
  inquiries.ask(caseId, evidence);
  inquiries.decided(caseId, 'refer');
  questions[0]!.tell(arrest);
  assert.deepEqual(inquiries.findings(caseId)?.sources[1]?.hits, [arrest]);
  // It is on the guard's screen with the case; that it came too late for the record makes it an alarm.
  assert.deepEqual([notices(), alarms.length], [[], 1]);
  inquiries.over(caseId);
  await questions[0]!.answer(arrest);
  assert.equal(inquiries.findings(caseId), undefined);
});
