import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Sees } from '../../central/esp/configuration.ts';
import { Portal } from '../../central/esp/portal.ts';
import { systemClock } from '../../central/esp/clock.ts';
import type { Source } from '../../central/registers/register.ts';
import { sourcesOf } from '../../central/registers/registers.ts';
import { type SearchLine, SearchSource } from '../../main/contract/search.ts';
import { drawPopulation, type Resident, settle } from '../sim/central/population.ts';
import { VirtualClock } from '../uplink/line.ts';
import { dialect, runs } from './place.ts';
import { allOf, linesOf, type NearPortal, nearPortal, queryOf } from './portal.ts';

const today = '2026-11-24';
const everything: Resident = {
  ...drawPopulation(1, 1, today)[0]!,
  visa: true,
  authorisation: true,
  alerts: ['arrest', 'discreet-check'],
  lost: true,
  stays: [['2026-11-01', '2026-11-10']],
};
const stranger = drawPopulation(2, 1, today)[0]!;

/** Lets virtual time pass until the answer is whole; gives it, and how long it took. */
async function inVirtualTime(
  clock: VirtualClock,
  portal: NearPortal,
  query: unknown,
): Promise<{ answer: string; tookMs: number }> {
  const startedMs = clock.now();
  let answer: string | undefined;
  void portal.ask(query).then((text) => (answer = text));
  await clock.runUntil(() => answer !== undefined, portal.busy);
  return { answer: answer!, tookMs: clock.now() - startedMs };
}

const kindsOf = (lines: readonly SearchLine[]) =>
  lines.map((line) => (line.kind === 'END' ? 'END' : `${line.source} ${line.kind}`));

test('each source answers in its own name, and the closing line names every source that was asked', async () => {
  await using portal = await nearPortal();
  await settle(portal.services.registers, everything, today);
  const lines = linesOf(await portal.ask(queryOf(everything)));
  assert.deepEqual(kindsOf(lines).toSorted(), [
    'CIR HIT',
    'EES HIT',
    'END',
    'ETIAS HIT',
    'SIS HIT',
    'SIS SILENT_HIT',
    'SLTD HIT',
    'VIS HIT',
  ]);
  assert.deepEqual(lines.at(-1), {
    kind: 'END',
    id: queryOf(everything).id,
    sources: SearchSource.options.map((source) => ({ source, ending: 'complete' })),
  });
  const nothing = linesOf(await portal.ask(queryOf(stranger)));
  assert.deepEqual(
    kindsOf(nothing).toSorted(),
    ['END', ...SearchSource.options.map((source) => `${source} NO_HIT`)].toSorted(),
  );
});

test('discreet, inquiry and specific checks are silent even where a configuration would have them open', async () => {
  for (const kind of ['discreet-check', 'inquiry-check', 'specific-check'] as const) {
    await using portal = await nearPortal({ alerts: { [kind]: { action: kind, silent: false } } });
    await settle(portal.services.registers, { ...everything, alerts: [kind] }, today);
    const lines = linesOf(await portal.ask(queryOf(everything, { sources: ['SIS'] })));
    assert.deepEqual(
      lines.map((line) => ('action' in line ? [line.kind, line.action] : line.kind)),
      [['SILENT_HIT', kind], 'END'],
    );
  }
});

test('a source that is down, mute or has not looked everywhere is never taken for one that found nothing', async () => {
  const behaviour = fc.record({
    latencyMs: fc.constantFrom(0, 1, 500, 2000, 10_000),
    state: fc.constantFrom('up' as const, 'up' as const, 'down' as const, 'silent' as const),
    partial: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(behaviour, { minLength: 6, maxLength: 6 }), fc.boolean(), async (behaviours, known) => {
      const clock = new VirtualClock();
      await using portal = await nearPortal({ deadlinesMs: {}, deadlineMs: 2000 }, clock);
      if (known) await settle(portal.services.registers, everything, today);
      SearchSource.options.forEach((source, i) => portal.behaviours.set(source, behaviours[i]!));
      const { answer, tookMs } = await inVirtualTime(clock, portal, queryOf(everything));
      const lines = linesOf(answer);
      const end = lines.at(-1);
      assert.ok(end?.kind === 'END' && tookMs <= 2000);
      assert.deepEqual(
        end.sources.map(({ source }) => source),
        SearchSource.options,
      );
      for (const [i, { source, ending }] of end.sources.entries()) {
        const own = lines.filter((line) => line.kind !== 'END' && line.source === source).map(({ kind }) => kind);
        const { latencyMs, state, partial } = behaviours[i]!;
        const there = state === 'up' && latencyMs < 2000;
        // The deadline and an answer at the same instant: either may be first.
        if (state === 'up' && latencyMs === 2000) continue;
        assert.equal(ending, !there ? 'unavailable' : partial ? 'partial' : 'complete');
        assert.equal(own.includes('UNAVAILABLE'), !there);
        assert.equal(own.at(-1) === 'PARTIAL', there && partial);
        assert.equal(own.includes('NO_HIT'), there && !partial && !known);
      }
    }),
    { numRuns: runs(25) },
  );
});

test('since when a source is silent is told until it speaks again', async () => {
  const clock = new VirtualClock();
  await using portal = await nearPortal({}, clock);
  const ask = async () => {
    const { answer } = await inVirtualTime(clock, portal, queryOf(stranger, { sources: ['VIS'] }));
    return linesOf(answer)[0]!;
  };
  portal.behaviours.set('VIS', { state: 'silent' });
  const [first, second] = [await ask(), await ask()];
  assert.ok(first.kind === 'UNAVAILABLE');
  assert.deepEqual(second, first);
  portal.behaviours.delete('VIS');
  assert.equal((await ask()).kind, 'NO_HIT');
  portal.behaviours.set('VIS', { state: 'silent' });
  const later = await ask();
  assert.ok(later.kind === 'UNAVAILABLE' && later.since > first.since);
});

test('answers are told as they come: the quick do not wait for the slow', async () => {
  const clock = new VirtualClock();
  await using portal = await nearPortal({}, clock);
  portal.behaviours.set('SIS', { latencyMs: 1500 }).set('EES', { latencyMs: 700 });
  const reader = (await portal.post(JSON.stringify(queryOf(stranger)))).body!.getReader();
  const startedMs = clock.now();
  const told: [string, number][] = [];
  let done = false;
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      for (const kind of kindsOf(linesOf(new TextDecoder().decode(part.value))))
        told.push([kind, clock.now() - startedMs]);
    done = true;
  })();
  await clock.runUntil(() => done, portal.busy);
  assert.deepEqual(told.slice(4), [
    ['EES NO_HIT', 700],
    ['SIS NO_HIT', 1500],
    ['END', 1500],
  ]);
  assert.ok(told.slice(0, 4).every(([, atMs]) => atMs === 0));
});

test('in which order sources answer changes the order of the lines and nothing else', async () => {
  const wanted = async (latencies: readonly number[]) => {
    const clock = new VirtualClock();
    await using portal = await nearPortal({}, clock);
    await settle(portal.services.registers, everything, today);
    SearchSource.options.forEach((source, i) => portal.behaviours.set(source, { latencyMs: latencies[i]! }));
    const { answer } = await inVirtualTime(clock, portal, queryOf(everything));
    const lines = answer.trimEnd().split('\n');
    return { end: lines.at(-1), rest: lines.slice(0, -1).toSorted() };
  };
  const atOnce = await wanted([0, 0, 0, 0, 0, 0]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1900), { minLength: 6, maxLength: 6 }), async (latencies) => {
      assert.deepEqual(await wanted(latencies), atOnce);
    }),
    { numRuns: runs(15) },
  );
});

const kindsBySource = {
  EES: ['dossier'],
  VIS: ['visa'],
  ETIAS: ['authorisation'],
  SIS: ['arrest', 'discreet-check', 'missing', 'document-invalidated'],
  SLTD: ['lost', 'stolen'],
  CIR: ['EES', 'VIS', 'ETIAS'],
} as const;
const someSees = fc
  .record({
    EES: fc.subarray([...kindsBySource.EES]),
    VIS: fc.subarray([...kindsBySource.VIS]),
    ETIAS: fc.subarray([...kindsBySource.ETIAS]),
    SIS: fc.subarray([...kindsBySource.SIS]),
    SLTD: fc.subarray([...kindsBySource.SLTD]),
    CIR: fc.subarray([...kindsBySource.CIR]),
  })
  .map((sees) => Object.fromEntries(Object.entries(sees).filter(([, kinds]) => kinds.length > 0)) as Sees);

test('what the asker may not see cannot be told from what is not there: not by a byte, not by the time', async () => {
  let differed = 0;
  await fc.assert(
    fc.asyncProperty(
      someSees,
      fc.subarray([...kindsBySource.SIS]),
      fc.boolean(),
      fc.constantFrom<'down' | 'silent' | 'up'>('down', 'silent', 'up'),
      async (sees, alerts, lost, state) => {
        const whole = { ...everything, alerts, lost };
        // EES counts by the visa; that count is its own.
        const counted = sees.EES !== undefined;
        const bare: Resident = {
          ...whole,
          visa: sees.VIS !== undefined || counted,
          authorisation: sees.ETIAS !== undefined,
          alerts: alerts.filter((kind) => sees.SIS?.includes(kind)),
          lost: lost && (sees.SLTD?.includes('lost') ?? false),
          stays: counted ? whole.stays : [],
        };
        const answers: { answer: string; tookMs: number }[] = [];
        for (const [resident, hidden] of [
          [whole, true],
          [bare, false],
        ] as const) {
          const clock = new VirtualClock();
          const profiles = [{ authority: 'border-police', purpose: 'border-check-entry', sees }];
          await using portal = await nearPortal({ profiles }, clock);
          const { registers } = portal.services;
          const { cir, ...others } = registers;
          const files = async (file: Parameters<typeof cir.file>[0]) => {
            const seen = file.files.filter(({ system }) => hidden || (sees.CIR?.includes(system) ?? false));
            if (hidden || seen.length > 0) await cir.file({ ...file, files: seen });
          };
          // The repository's references are those of the whole person; what differs is which of them are there at all.
          const own = whole.document.number;
          await settle({ ...others, cir: { file: async () => {} } as unknown as typeof cir }, resident, today);
          await files({
            reference: `C${own}`,
            identities: [whole.identity],
            documents: [whole.document],
            files: ['EES', 'VIS', 'ETIAS', 'SIS'].map((system) => ({ system, reference: `${system}-${own}` })),
          });
          if (hidden)
            for (const source of SearchSource.options)
              if (!(source in sees)) portal.behaviours.set(source, { state, latencyMs: 300 });
          const { answer, tookMs } = await inVirtualTime(clock, portal, queryOf(whole));
          // Which of those that answer at the same virtual time is first, a server decides by chance.
          const told = dialect === 'sqlite' ? answer : answer.split('\n').toSorted().join('\n');
          answers.push({ answer: told, tookMs });
        }
        assert.deepEqual(answers[0], answers[1]);
        if (JSON.stringify(whole) !== JSON.stringify(bare)) differed++;
      },
    ),
    { numRuns: runs(30) },
  );
  assert.ok(differed > runs(30) / 3, 'what was compared was mostly the same to begin with');
});

test('a source outside the profile is not asked, wanted or not, and not spoken of', async () => {
  const asked: string[] = [];
  await using portal = await nearPortal();
  const spies = sourcesOf(portal.services.registers, portal.services.sbms).map((source): Source => ({
    ...source,
    async ask(question, signal) {
      asked.push(source.source);
      return source.ask(question, signal);
    },
  }));
  const configuration = { deadlineMs: 1000, deadlinesMs: {}, slotMs: 0, maxHits: 16 };
  const spied = new Portal({ sources: spies, configuration, clock: systemClock });
  const query = queryOf(everything, { sources: ['EES', 'SIS', 'CIR'] });
  const lines = await allOf(spied.search(query, { EES: ['dossier'] }, today, new AbortController().signal));
  assert.deepEqual(asked, ['EES']);
  assert.ok(!/SIS|CIR/.test(JSON.stringify(lines)));
});

test('answers that took unlike times come at the same time where a slot is set', async () => {
  const times: number[] = [];
  for (const latencyMs of [0, 3, 7, 24]) {
    const clock = new VirtualClock();
    await using portal = await nearPortal({ slotMs: 25 }, clock);
    portal.behaviours.set('SIS', { latencyMs });
    times.push((await inVirtualTime(clock, portal, queryOf(stranger, { sources: ['SIS'] }))).tookMs);
  }
  assert.deepEqual(times, [25, 25, 25, 25]);
});

test('SLTD is told the number of the document and nothing else, and keeps nothing of the question', async () => {
  await using portal = await nearPortal();
  const { registers } = portal.services;
  const told: unknown[][] = [];
  await registers.sltd.report(everything.document.number, 'stolen');
  const search = registers.sltd.search.bind(registers.sltd);
  registers.sltd.search = (...all) => {
    told.push(all);
    return search(...all);
  };
  const rows = () => portal.database.all('SELECT * FROM sltd_document');
  const before = await rows();
  for (const resident of [everything, stranger]) await portal.ask(queryOf(resident));
  assert.deepEqual(told, [[everything.document.number], [stranger.document.number]]);
  assert.deepEqual(await rows(), before);
  // Without a number there is nothing to tell it.
  const { document: _, ...nameOnly } = queryOf(everything, { dataTypes: ['identity'] });
  const lines = linesOf(await portal.ask(nameOnly));
  assert.equal(told.length, 2);
  assert.deepEqual(
    lines
      .filter((line) => line.kind !== 'END')
      .map(({ source }) => source)
      .toSorted(),
    ['CIR', 'EES', 'SIS'],
  );
});

test('more hits than an answer may hold end as partial, and those not seen do not count', async () => {
  const sees: Sees = { SIS: ['arrest'] };
  await using portal = await nearPortal({
    maxHits: 2,
    profiles: [{ authority: 'border-police', purpose: 'border-check-entry', sees }],
  });
  const enter = (reference: string, kind: string) =>
    portal.services.registers.sis.enter({
      reference,
      kind,
      expiresOn: '2099-01-01',
      identities: [stranger.identity],
      documents: [],
    });
  for (let i = 0; i < 5; i++) await enter(`hidden-${i}`, 'missing');
  await enter('a', 'arrest');
  await enter('b', 'arrest');
  const query = queryOf(stranger, { sources: ['SIS'] });
  assert.deepEqual(kindsOf(linesOf(await portal.ask(query))), ['SIS HIT', 'SIS HIT', 'END']);
  await enter('c', 'arrest');
  assert.deepEqual(kindsOf(linesOf(await portal.ask(query))), ['SIS HIT', 'SIS HIT', 'SIS PARTIAL', 'END']);
});

test('a source that answers for another, or with what was not asked, is not believed', async () => {
  const liar: Source = {
    source: 'VIS',
    takes: () => true,
    ask: async () => ({
      complete: true,
      matches: [
        { kind: 'visa', hit: { source: 'SLTD', kind: 'HIT', action: 'inspect-document', facts: {} } },
        { kind: 'other', hit: { source: 'VIS', kind: 'HIT', action: 'visa-valid', facts: {} as never } },
      ],
    }),
  };
  const configuration = { deadlineMs: 1000, deadlinesMs: {}, slotMs: 0, maxHits: 16 };
  const portal = new Portal({ sources: [liar], configuration, clock: systemClock });
  const answer = portal.search(queryOf(stranger), { VIS: ['visa'] }, today, new AbortController().signal);
  assert.deepEqual(kindsOf(await allOf(answer)), ['VIS NO_HIT', 'END']);
});
