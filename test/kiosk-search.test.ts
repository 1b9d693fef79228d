import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import { type Central, openCentral } from '../central/central.ts';
import { readDirectory } from '../central/directory.ts';
import type { Behaviours } from '../central/registers/behaviour.ts';
import { readMrz } from '../main/document/mrz.ts';
import type { AskedLine } from '../main/search/asking.ts';
import { openGate, passport } from './kiosk.ts';
import { exampleConfiguration } from './sim/central/configuration.ts';
import { openPassage } from './sim/passage.ts';

const reading = readMrz(passport.lines, '2026-11-25');
const { surname, givenNames, birthDate, number, issuingState } =
  reading.kind === 'malformed' ? assert.fail() : reading.document;
const identity = { surname, givenNames, birthDate };

/** A gate whose central has registers and a portal; the way to the portal can be shut by itself. */
async function openPortalGate(search: object = {}) {
  const behaviours: Behaviours = new Map();
  let central: Central | undefined;
  const asked: AskedLine[] = [];
  const portal = await openPassage(() => central!.port);
  const gate = await openGate(
    { spansMs: { referred: 1 } },
    {
      onAsked: (line) => asked.push(line),
      systems: async (folder) => {
        const profile = exampleConfiguration({ slotMs: 0, maxAtOnce: 100 });
        writeFileSync(join(folder, 'esp.json'), JSON.stringify(profile));
        central = await openCentral({ ...readDirectory(folder), behaviours });
        const url = `https://localhost:${portal.port}`;
        const asker = { url, authority: 'border-police', purpose: 'border-check-entry', staffId: 'guard-7' };
        return { centralPort: central.port, search: { ...asker, answerMs: 2000, ...search } };
      },
    },
  );
  const services = central!.services;
  return {
    ...gate,
    central: central!,
    registers: services.registers,
    behaviours,
    portal,
    asked,
    alert: (kind: string, reference: string) =>
      services.registers.sis.enter({ reference, kind, expiresOn: '2030-01-01', identities: [identity], documents: [] }),
    async close() {
      const left = await gate.close();
      await central!.close();
      portal.shut();
      return left;
    },
  };
}

/** What lies at central of each crossing, by kind. */
const recordsOf = async (central: Central) =>
  (await central.records()).map((record) => record as unknown as Record<string, unknown>);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !(await holds()); i++) {
    assert.ok(i < 4000, holds.toString());
    await setTimeout(5);
  }
}

const patience = { timeout: 120_000 };

test('all well: the question goes out while the traveller is at the gate, and the gate opens', patience, async () => {
  const gate = await openPortalGate();
  await gate.walkTo('face');
  await until(() => gate.told.present?.findings.ended === true);
  assert.deepEqual(
    gate.told.present?.findings.sources.map(({ source, state, by }) => `${source} ${state} ${by}`),
    ['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR'].map((source) => `${source} complete portal`),
  );
  await gate.screen.leave();
  await gate.at('attract');
  await until(() => gate.told.present === null);
  assert.deepEqual(await gate.walkTo('passed'), { stage: 'passed', language: 'en' });
  await gate.pass();
  assert.deepEqual(gate.told.search?.rung, 'portal');
  assert.deepEqual(
    gate.asked.map(({ event, by, purpose, staffId, dataTypes }) => [event, by, purpose, staffId, ...dataTypes]),
    ['asked', 'answered', 'asked', 'answered'].map((event) => [
      event,
      'portal',
      'border-check-entry',
      'guard-7',
      'document',
      'identity',
    ]),
  );
  assert.deepEqual((await gate.close()).cases, 0);
});

test(
  'who is known to EES and in order goes through again; with somebody else’s name in the dossier, to the guard',
  patience,
  async () => {
    const gate = await openPortalGate();
    assert.equal((await gate.walkTo('passed')).stage, 'passed');
    await gate.pass();
    const question = { document: { number, issuingState }, identity, kinds: ['dossier'], today: '2026-11-25' };
    await until(async () => (await gate.registers.ees.find(question)).length === 1);
    const hits = () => gate.told.present?.findings.sources.flatMap(({ hits }) => hits.map(({ action }) => action));
    await gate.at('attract');
    await gate.walkTo('face');
    await until(() => gate.told.present?.findings.ended === true);
    assert.deepEqual(hits(), ['consult-dossier', 'consult-identity']);
    await gate.screen.leave();
    await gate.at('attract');
    assert.equal((await gate.walkTo('passed')).stage, 'passed');
    await gate.pass();
    await gate.registers.cir.file({
      reference: 'CIR-OTHER',
      identities: [{ ...identity, surname: 'ANOTHER' }],
      documents: [{ number, issuingState }],
      files: [{ system: 'EES', reference: 'EES-1' }],
    });
    await gate.at('attract');
    assert.equal((await gate.walkTo('passed')).stage, 'referred');
    await gate.waitForCases(1);
    // Two entries without an exit between them are a thing to ask about too.
    assert.deepEqual(
      gate.cases()[0]?.reasons.map(({ code, alert }) => `${code} ${alert}`),
      ['portal-finding EES-1', 'portal-finding CIR-OTHER'],
    );
    await gate.close();
  },
);

test(
  'an alert refers, and the guard sees what it asks for; the record holds the reference and no text',
  patience,
  async () => {
    const gate = await openPortalGate();
    await gate.alert('arrest', 'SIS-ARREST-1');
    assert.equal((await gate.walkTo('passed')).stage, 'referred');
    await gate.waitForCases(1);
    const [each] = gate.cases();
    assert.deepEqual(each?.reasons, [{ code: 'portal-hit', detail: 'SIS', alert: 'SIS-ARREST-1' }]);
    const sis = each?.findings?.sources.find(({ source }) => source === 'SIS');
    assert.deepEqual(
      sis?.hits.map(({ action, kind }) => [action, kind]),
      [['arrest', 'HIT']],
    );
    await gate.desk.decide({ crossingId: each?.crossingId ?? '', outcome: 'second-line', reason: 'Alert checked' });
    await until(async () => (await recordsOf(gate.central)).length >= 4);
    const kinds = (await recordsOf(gate.central)).map(({ kind }) => kind);
    assert.deepEqual(
      kinds.map(String).toSorted((a, b) => a.localeCompare(b)),
      ['alarm', 'biometrics', 'crossing', 'guard-decision'],
    );
    assert.equal(kinds[0], 'alarm');
    await gate.close();
  },
);

test(
  'a discreet check: the traveller sees what one sees of whom nothing is known; the guard has a notice and central what was hit',
  patience,
  async () => {
    const gate = await openPortalGate();
    const told = () => gate.told.notices;
    const run = async () => {
      await gate.at('attract');
      gate.shownViews.length = 0;
      const ended = await gate.walkTo('passed');
      await gate.pass();
      // The picture's progress differs from run to run as the film goes; what is shown of it does not.
      const shown = gate.shownViews.map((view) => JSON.stringify({ ...view, box: null, progress: 0, hint: null }));
      return { ended, shown: shown.filter((view, index) => view !== shown[index - 1]), door: gate.door.door };
    };
    const plain = await run();
    assert.equal(plain.ended.stage, 'passed');
    assert.deepEqual(told(), []);
    await gate.alert('discreet-check', 'SIS-DISCREET-1');
    const watched = await run();
    assert.deepEqual(watched, plain);
    const [notice, ...others] = told();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [notice?.kind, notice?.hit.action, notice?.hit.source === 'SIS' && notice.hit.facts.reference],
      ['discreet', 'discreet-check', 'SIS-DISCREET-1'],
    );
    assert.match(notice!.name, new RegExp(surname));
    const crossings = async () => (await recordsOf(gate.central)).filter(({ kind }) => kind === 'crossing');
    await until(async () => (await crossings()).length === 2);
    assert.deepEqual(
      (await crossings()).map((record) => [record['outcome'], record['reasons'], record['notices']]),
      [
        ['clear', [], undefined],
        ['clear', [], [{ code: 'portal-silent-hit', detail: 'SIS', alert: 'SIS-DISCREET-1' }]],
      ],
    );
    // An alarm of its own would show on the line.
    assert.ok((await recordsOf(gate.central)).every(({ kind }) => kind !== 'alarm'));
    await gate.desk.dismiss({ id: notice!.id });
    await until(() => told().length === 0);
    await gate.close();
  },
);

test('an inquiry or a specific check is a referral like any other for the traveller', patience, async () => {
  const gate = await openPortalGate();
  const run = async () => {
    await gate.at('attract');
    gate.shownViews.length = 0;
    await gate.walkTo('passed');
    await gate.waitForCases(1);
    const [each] = gate.cases();
    await gate.desk.decide({ crossingId: each!.crossingId, outcome: 'second-line', reason: 'To be clarified' });
    await gate.at('attract');
    const shown = gate.shownViews.map((view) => JSON.stringify({ ...view, box: null, progress: 0, hint: null }));
    return { reasons: each!.reasons.map(({ code }) => code), shown: shown.filter((view, i) => view !== shown[i - 1]) };
  };
  gate.behaviours.set('CIR', { state: 'down' });
  const plain = await run();
  assert.deepEqual(plain.reasons, ['portal-unavailable']);
  gate.behaviours.clear();
  for (const kind of ['inquiry-check', 'specific-check']) {
    await gate.alert(kind, `SIS-${kind}`);
    const { reasons, shown } = await run();
    assert.ok(reasons.every((code) => code === 'portal-silent-hit'));
    assert.deepEqual(shown, plain.shown);
  }
  await gate.close();
});

test(
  'portal down: each system by itself; all down: local, marked and referred; with central back it climbs again',
  patience,
  async () => {
    const gate = await openPortalGate();
    gate.portal.shut();
    assert.equal((await gate.walkTo('passed')).stage, 'passed');
    await gate.pass();
    const rung = () => gate.told.search?.rung;
    assert.equal(rung(), 'direct');
    assert.deepEqual(
      new Set(
        gate.asked
          .filter(({ event }) => event === 'answered')
          .flatMap(({ by, sources }) => sources.map((source) => `${by} ${source}`)),
      ),
      new Set(['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR'].map((source) => `direct ${source}`)),
    );
    // The way back: the portal's trial costs nobody anything, and its first answer brings it back.
    await gate.portal.open();
    for (let i = 0; rung() !== 'portal'; i++) {
      assert.ok(i < 20, 'the portal is asked again');
      await gate.walkTo('face');
      await until(() => gate.told.present?.findings.ended === true);
      await gate.screen.leave();
      await gate.at('attract');
      await setTimeout(300);
    }
    await gate.close();
  },
);

test(
  'what is not answered by anybody is on the local rung: the guard decides, and the record says fallback',
  patience,
  async () => {
    const gate = await openPortalGate();
    gate.behaviours.set('SIS', { state: 'down' });
    assert.equal((await gate.walkTo('passed')).stage, 'referred');
    await gate.waitForCases(1);
    assert.deepEqual(gate.cases()[0]?.reasons, [{ code: 'portal-unavailable', detail: 'SIS' }]);
    await gate.desk.decide({
      crossingId: gate.cases()[0]!.crossingId,
      outcome: 'second-line',
      reason: 'Asked by hand',
    });
    await gate.at('attract');
    gate.portal.shut();
    for (const source of ['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR'] as const)
      gate.behaviours.set(source, { state: 'down' });
    await gate.walkTo('passed');
    await gate.waitForCases(1);
    assert.equal(gate.cases()[0]?.findings?.rung, 'local');
    assert.equal(gate.told.search?.rung, 'local');
    await until(async () => (await recordsOf(gate.central)).filter(({ kind }) => kind === 'crossing').length === 2);
    const crossings = (await recordsOf(gate.central)).filter(({ kind }) => kind === 'crossing');
    assert.deepEqual(
      crossings.map(({ fallback }) => fallback),
      [false, true],
    );
    await gate.close();
  },
);

test('what a guard wrote by hand is entered as it happened, as fallback, and has no biometrics', patience, async () => {
  const gate = await openPortalGate();
  await gate.at('attract');
  const entry = {
    at: '2026-11-25T07:12:00.000Z',
    ...identity,
    nationality: 'UTO',
    sex: 'F' as const,
    documentCode: 'P',
    documentNumber: number,
    issuingState,
    expiryDate: '2031-08-14',
    outcome: 'admit' as const,
  };
  await assert.rejects(gate.desk.enter({ ...entry, at: '2126-11-25T07:12:00.000Z' }), { code: 'contract.breach' });
  await assert.rejects(gate.desk.enter({ ...entry, portrait: new Uint8Array(3) } as typeof entry), {
    code: 'contract.breach',
  });
  await gate.desk.enter(entry);
  await until(async () => (await recordsOf(gate.central)).length === 2);
  const [crossing, decision] = await recordsOf(gate.central);
  assert.deepEqual(
    [crossing?.['kind'], crossing?.['fallback'], crossing?.['occurredAt'], crossing?.['reasons']],
    ['crossing', true, entry.at, [{ code: 'entered-by-hand' }]],
  );
  assert.deepEqual([decision?.['kind'], decision?.['outcome']], ['guard-decision', 'admit']);
  await gate.close();
});
