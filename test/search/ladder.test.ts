import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { AuditEvent } from '../../main/contract/audit.ts';
import type { Findings } from '../../main/contract/findings.ts';
import type { SearchSource } from '../../main/contract/search.ts';
import type { AskedLine } from '../../main/search/asking.ts';
import { auditEventOf } from '../../main/search/audit-event.ts';
import { queryOf, wantedOf } from '../../main/search/question.ts';
import { openSearch } from '../../main/search/search.ts';
import {
  type Answering,
  arrest,
  arriving,
  asker,
  caseId,
  dead,
  dossier,
  end,
  lineThat,
  mute,
  none,
  nothing,
  SearchClock,
  traveller,
  unavailable,
  written,
} from './lines-of.ts';

const sources: readonly SearchSource[] = ['EES', 'SIS'];
const wanted = wantedOf({ document: traveller }, asker, caseId)!;
const answerMs = 4000;

/** A ladder whose addresses answer as given, and may be told otherwise later. */
function ladder(portal: Answering, direct: Answering) {
  const clock = new SearchClock();
  const now = { portal, direct };
  const log: AskedLine[] = [];
  const lines = { portal: lineThat((ask) => now.portal(ask)), direct: lineThat((ask) => now.direct(ask)) };
  const search = openSearch({
    portal: lines.portal,
    direct: { EES: lines.direct, SIS: lines.direct },
    answerMs,
    onAsked: (line) => log.push(line),
    clock,
    random: () => 1,
  });
  const inquire = async (signal = new AbortController().signal) => {
    const seen: Findings[] = [];
    let over = false;
    const startedMs = clock.now();
    const done = search.inquire(wanted, sources, signal, (next) => seen.push(next));
    const ended = () => void (over = true);
    done.then(ended, ended);
    for (let i = 0; i < 50; i++) await setImmediate();
    await clock.runUntil(
      () => over,
      () => false,
    );
    return { ...(await done), seen, tookMs: clock.now() - startedMs };
  };
  const states = async () => {
    const { rung, tookMs, sources: found } = await inquire();
    return [rung, tookMs, ...found.map(({ state, by }) => `${by} ${state}`)];
  };
  return { clock, now, log, lines, search, inquire, states };
}

test('the portal answers for all: nobody is asked directly', async () => {
  const { states, lines, search } = ladder(nothing, dead);
  assert.deepEqual(await states(), ['portal', 0, 'portal complete', 'portal complete']);
  assert.deepEqual(lines.direct.asked, []);
  assert.equal(search.rung().rung, 'portal');
});

test('a portal that cannot be reached is passed by: each system is asked by itself', async () => {
  const { states, lines } = ladder(dead, nothing);
  assert.deepEqual(await states(), ['direct', 0, 'direct complete', 'direct complete']);
  assert.deepEqual(lines.direct.asked, ['/v1/systems/EES', '/v1/systems/SIS']);
});

test('when nobody answers the rung is local, and nothing is called nothing found', async () => {
  const { inquire } = ladder(dead, dead);
  const { rung, sources: found } = await inquire();
  assert.equal(rung, 'local');
  assert.ok(found.every(({ state, since }) => state === 'unavailable' && since !== undefined));
});

test('a mute portal costs one traveller its deadline, and the next none; the trial of it costs none either', async () => {
  const { states, clock, now, lines } = ladder(mute, nothing);
  assert.deepEqual((await states()).slice(0, 2), ['direct', answerMs]);
  for (let i = 0; i < 5; i++) assert.deepEqual((await states()).slice(0, 2), ['direct', 0]);
  // After a while it is asked again, beside the systems: what they say counts at once.
  await clock.sleepFor(60_000);
  const before = lines.portal.asked.length;
  assert.deepEqual((await states()).slice(0, 2), ['direct', 0]);
  assert.equal(lines.portal.asked.length, before + 1);
  now.portal = nothing;
  await clock.sleepFor(60_000);
  await states();
  assert.deepEqual(await states(), ['portal', 0, 'portal complete', 'portal complete']);
});

test('news of the line brings the portal back with the next question', async () => {
  const { states, now, search } = ladder(dead, nothing);
  await states();
  now.portal = nothing;
  assert.equal((await states())[0], 'direct');
  search.tryNow();
  await states();
  assert.equal((await states())[0], 'portal');
  assert.equal(search.rung().rung, 'portal');
});

test('a source that the portal cannot reach is asked by itself, the others are not', async () => {
  const half: Answering = async ({ id }) => ({
    chunks: arriving(written(dossier, unavailable('SIS'), end(id, { EES: 'complete', SIS: 'unavailable' }))),
  });
  const { states, lines } = ladder(half, nothing);
  assert.deepEqual(await states(), ['direct', 0, 'portal complete', 'direct complete']);
  assert.deepEqual(lines.direct.asked, ['/v1/systems/SIS']);
});

test('a source that is not there directly either keeps the portal on its rung, and is not waited for again', async () => {
  const half: Answering = async ({ id }) => ({
    chunks: arriving(written(none('EES'), unavailable('SIS'), end(id, { EES: 'complete', SIS: 'unavailable' }))),
  });
  const { states, lines, inquire } = ladder(half, mute);
  assert.deepEqual(await states(), ['portal', answerMs, 'portal complete', 'portal unavailable']);
  assert.deepEqual((await states()).slice(0, 2), ['portal', 0]);
  assert.equal(lines.direct.asked.length, 1);
  assert.equal((await inquire()).sources[1]?.since, '2026-11-24T08:00:00.000Z');
});

test('an answer that is cut off is made whole directly, and keeps its hits', async () => {
  const cut: Answering = async () => ({
    chunks: (async function* () {
      yield written(arrest, none('EES'));
      throw new Error('ECONNRESET');
    })(),
  });
  const { inquire, lines } = ladder(cut, nothing);
  const { sources: found } = await inquire();
  assert.deepEqual(lines.direct.asked, ['/v1/systems/SIS']);
  assert.deepEqual(
    found.map(({ state, hits }) => [state, hits.length]),
    [
      ['complete', 0],
      ['complete', 1],
    ],
  );
});

test('a refusal that blames the question is not asked of anybody else', async () => {
  const refused: Answering = async () => ({
    status: 403,
    chunks: arriving(Buffer.from('{"refused":"not-authorised"}')),
  });
  const { states, lines } = ladder(refused, nothing);
  assert.deepEqual(await states(), ['local', 0, 'portal unavailable', 'portal unavailable']);
  assert.deepEqual(lines.direct.asked, []);
});

test('a portal that is busy is left in peace for as long as it asks', async () => {
  const { states, lines, clock } = ladder(async () => ({ status: 503, retryAfter: '20' }), nothing);
  await states();
  await clock.sleepFor(15_000);
  await states();
  assert.equal(lines.portal.asked.length, 1);
  await clock.sleepFor(10_000);
  await states();
  assert.equal(lines.portal.asked.length, 2);
});

test('hits are told as they come, while others are still awaited', async () => {
  const slow: Answering = async ({ id, signal }) => ({
    chunks: (async function* () {
      yield written(arrest);
      await clock.sleep(500, signal);
      yield written(none('EES'), end(id, { SIS: 'complete', EES: 'complete' }));
    })(),
  });
  const { inquire, clock } = ladder(slow, dead);
  const { seen, tookMs } = await inquire();
  assert.equal(tookMs, 500);
  assert.ok(
    seen.some(({ ended, sources: [ees, sis] }) => !ended && ees?.state === 'waiting' && sis?.hits.length === 1),
  );
});

test('who goes away is not asked about any longer', async () => {
  const { search, log, lines } = ladder(mute, mute);
  const left = new AbortController();
  const asking = search.inquire(wanted, sources, left.signal, () => {});
  await setImmediate();
  left.abort(new Error('left'));
  await assert.rejects(asking, /left/);
  assert.deepEqual([lines.portal.asked.length, lines.direct.asked.length], [1, 0]);
  assert.deepEqual(
    log.map(({ event }) => event),
    ['asked', 'left'],
  );
});

test('every question is logged before it is sent and when it has ended, and says nothing of whom it is about', async () => {
  const { inquire, log } = ladder(dead, nothing);
  await inquire();
  assert.deepEqual(
    log.map(({ event, by, sources: asked }) => [event, by, ...asked]),
    [
      ['asked', 'portal', 'EES', 'SIS'],
      ['left', 'portal', 'EES', 'SIS'],
      ['asked', 'direct', 'EES'],
      ['asked', 'direct', 'SIS'],
      ['answered', 'direct', 'EES'],
      ['answered', 'direct', 'SIS'],
    ],
  );
  assert.deepEqual(log.at(-1)?.results, { SIS: ['NO_HIT'] });
  assert.equal(new Set(log.map(({ queryId }) => queryId)).size, 3);
  for (const line of log) {
    const { authority, purpose, staffId, caseId: of, dataTypes } = line;
    assert.deepEqual(
      [authority, purpose, staffId, of, dataTypes],
      [...Object.values(asker), caseId, ['document', 'identity']],
    );
    assert.doesNotMatch(JSON.stringify(line), /ERIKSSON|L898902C3/);
  }
});

test('what cannot be logged is not asked, and an answer that cannot be logged finds nobody clear', async () => {
  for (const failing of ['asked', 'answered'] as const) {
    const line = lineThat(nothing);
    const search = openSearch({
      portal: line,
      direct: {},
      answerMs,
      onAsked: ({ event }) => {
        if (event === failing) throw new Error('disk full');
      },
    });
    const { sources: found } = await search.inquire(wanted, sources, new AbortController().signal, () => {});
    assert.ok(found.every(({ state }) => state === 'unavailable'));
    assert.equal(line.asked.length, failing === 'asked' ? 0 : 1);
  }
});

test('whatever addresses do, a question ends in time, and only a source that said so has nothing', async () => {
  const garbled: Answering = async () => ({ chunks: arriving(Buffer.from('{"source":"SIS","kind":"NO_HI')) });
  const contradicting: Answering = async ({ id }) => ({
    chunks: arriving(written(none('SIS'), arrest, end(id, { SIS: 'complete' }))),
  });
  const other: Answering = async ({ id }) => ({ chunks: arriving(written(none('VIS'), end(id, { VIS: 'complete' }))) });
  const empty: Answering = async ({ id }) => ({ chunks: arriving(written(end(id, {}))) });
  const broken: Answering = async () => ({ status: 500 });
  const lying: Answering = async ({ sources: asked }) => ({
    chunks: arriving(written(...asked.map(none), end('0197e0a0-0000-7000-8000-00000000000f', { SIS: 'complete' }))),
  });
  const any = fc.constantFrom(dead, mute, garbled, contradicting, other, empty, broken, lying);
  await fc.assert(
    fc.asyncProperty(any, any, async (portal, direct) => {
      const { inquire } = ladder(portal, direct);
      const { sources: found, tookMs, ended } = await inquire();
      assert.ok(ended && tookMs <= 2 * answerMs);
      for (const { state, hits } of found) assert.ok(state !== 'complete' || hits.length > 0);
    }),
  );
});

test('a question holds what was read and captured, and no more than the contract takes', () => {
  const query = queryOf(wanted, ['SIS'], 0);
  assert.deepEqual(query.document, { number: 'L898902C3', issuingState: 'UTO' });
  assert.deepEqual(query.identity, { surname: 'ERIKSSON', givenNames: 'ANNA MARIA', birthDate: '1974-08-12' });
  const unborn = wantedOf({ document: { ...traveller, birthDate: '' } }, asker, caseId);
  assert.deepEqual(unborn?.dataTypes, ['document']);
  assert.equal(wantedOf({ document: { ...traveller, birthDate: '', number: '' } }, asker, caseId), undefined);
});

test('the log of doings can hold every line of a question, and says how each source ended', async () => {
  const cut: Answering = async () => ({ chunks: arriving(written(arrest, none('EES'))) });
  const { inquire, log } = ladder(cut, nothing);
  await inquire();
  const events = log.map((line) => AuditEvent.parse(auditEventOf(line)));
  assert.deepEqual(
    events.map((event) => [event.event, 'endings' in event ? event.endings : {}, 'fault' in event && event.fault]),
    [
      ['query-asked', {}, false],
      ['query-answered', { EES: 'complete' }, 'search.offline'],
      ['query-asked', {}, false],
      ['query-answered', { SIS: 'complete' }, false],
    ],
  );
});
