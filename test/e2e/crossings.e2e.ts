import { expect } from '@playwright/test';
import { decided, recordsAt } from '../sim/demo/central-records.ts';
import { cross, guardDecides, stageOf } from '../sim/demo/drive.ts';
import { travellers } from '../sim/demo/travellers.ts';
import { transportable, watchlist } from '../sim/demo/props.ts';
import { expectAccessible, gateTest } from './gate-fixture.ts';

/** Stages do not end by themselves while the screens are looked at. */
const patient = { language: 120_000, document: 120_000, face: 120_000, finger: 120_000, passed: 120_000 };
const test = gateTest({ config: { journey: { spansMs: patient, faceCaptureMs: 60_000 } } });

test.beforeAll(async ({ scene }) => {
  await scene.gate.control.call('import-watchlist', transportable(await watchlist()));
});

for (const traveller of travellers.filter(({ name }) =>
  [
    'clear',
    'watchlist-finger',
    'watchlist-name',
    'wrong-check-digit',
    'poor-finger-then-good',
    'face-of-another',
  ].includes(name),
)) {
  test(`${traveller.name}: the traveller is ${traveller.outcome} and the record lies at central`, async ({ scene }) => {
    const { gate, films } = scene;
    const { openings } = await gate.control.call<{ openings: number }>('door');
    const before = (await recordsAt(gate.centralFolder)).length;

    const seen = new Set<string>();
    const outcome = await cross(gate, films, traveller, async (stage, page) => {
      if (!seen.has(stage)) await expectAccessible(page, `${stage} (${traveller.language})`);
      seen.add(stage);
    });
    expect(outcome).toBe(traveller.outcome);

    if (outcome === 'referred') {
      expect((await gate.control.call<{ openings: number }>('door')).openings, 'the gate stayed shut').toBe(openings);
      await gate.guard.locator('[data-reason]').first().waitFor();
      await expectAccessible(gate.guard, 'a case');
      expect(await guardDecides(gate.guard, 'Second line')).toEqual(traveller.reasons);
    } else await gate.control.call('pass');

    await gate.control.call('delivered');
    const fresh = (await recordsAt(gate.centralFolder)).slice(before);
    expect(decided(fresh).map(({ kind, outcome }) => [kind, outcome])).toEqual(
      outcome === 'referred'
        ? [
            ['crossing', 'refer'],
            ['guard-decision', 'second-line'],
          ]
        : [['crossing', 'clear']],
    );
    await stageOf(gate.traveller, 'attract');
  });
}

test('the technician sees devices, queue and versions, accessibly and without traveller data', async ({ scene }) => {
  const { technician } = scene.gate;
  await expect(technician.getByText('Reference imager')).toBeVisible();
  await expectAccessible(technician, 'diagnostics');
  const text = await technician.locator('body').innerText();
  for (const { document } of travellers) {
    expect(text).not.toContain(document.surname);
    expect(text).not.toContain(document.number);
  }
});

test('a guard may let a referred traveller through: the gate opens after the decision is stored', async ({ scene }) => {
  const { gate, films } = scene;
  const expired = travellers.find(({ name }) => name === 'expired-document')!;
  const { openings } = await gate.control.call<{ openings: number }>('door');
  expect(await cross(gate, films, expired)).toBe('referred');
  await guardDecides(gate.guard, 'Open the gate');
  await gate.control.call('pass');
  expect((await gate.control.call<{ openings: number }>('door')).openings).toBe(openings + 1);
  await stageOf(gate.traveller, 'attract');
});
