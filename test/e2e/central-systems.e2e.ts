import { expect, type Page } from '@playwright/test';
import { decided, recordsAt } from '../sim/demo/central-records.ts';
import { cross, guardDecides, stageOf } from '../sim/demo/drive.ts';
import { transportable, watchlist } from '../sim/demo/props.ts';
import { travellers } from '../sim/demo/travellers.ts';
import { expectAccessible, gateTest } from './gate-fixture.ts';

const patient = { language: 120_000, document: 120_000, face: 120_000, finger: 120_000, passed: 120_000 };
const test = gateTest({ portal: true, config: { journey: { spansMs: patient, faceCaptureMs: 60_000 } } });
const byName = (name: string) => travellers.find((traveller) => traveller.name === name)!;
const rungOf = (page: Page) => page.locator('[data-rung]');

test.beforeAll(async ({ scene }) => {
  await scene.gate.control.call('import-watchlist', transportable(await watchlist()));
});

test('all well: the guard sees the answers while the traveller is at the gate, and the gate opens', async ({
  scene,
}) => {
  const { gate, films } = scene;
  const outcome = await cross(gate, films, byName('clear'), async (stage) => {
    if (stage !== 'finger') return;
    await expect(gate.guard.locator('[data-source="ETIAS"] [data-action="authorisation-valid"]')).toBeVisible();
    await expect(gate.guard.locator('[data-source][data-state="complete"]')).toHaveCount(6);
    await expectAccessible(gate.guard, 'answers of the traveller at the gate');
  });
  expect(outcome).toBe('passed');
  await gate.control.call('pass');
  await stageOf(gate.traveller, 'attract');
  await expect(rungOf(gate.guard)).toHaveAttribute('data-rung', 'portal');
});

test('a discreet check in SIS: the gate opens, the guard alone is told, the hit lies at central', async ({ scene }) => {
  const { gate, films } = scene;
  const before = (await recordsAt(gate.centralFolder)).length;
  expect(await cross(gate, films, byName('sis-discreet'))).toBe('passed');
  await expect(gate.traveller.locator('body')).not.toContainText('SIS');
  await gate.control.call('pass');
  const notice = gate.guard.locator('[data-notice="discreet"]');
  await expect(notice).toContainText('SIS-UTO-2');
  await expectAccessible(gate.guard, 'a silent notice');
  // Nothing of it is read aloud by itself.
  await expect(gate.guard.locator('[aria-live] [data-notice], [role="alert"] [data-notice]')).toHaveCount(0);
  for (const language of ['fr', 'de', 'ar', 'en']) {
    await gate.guard.locator('.language-choice').selectOption(language);
    await expectAccessible(gate.guard, `a silent notice (${language})`);
  }
  await notice.getByRole('button').press('Enter');
  await expect(notice).toHaveCount(0);
  await gate.control.call('delivered');
  const fresh = (await recordsAt(gate.centralFolder)).slice(before);
  expect(fresh.filter(({ kind }) => kind === 'alarm')).toHaveLength(0);
  expect(fresh.find(({ kind }) => kind === 'crossing')).toMatchObject({
    notices: [{ code: 'portal-silent-hit', alert: 'SIS-UTO-2' }],
  });
  expect(decided(fresh).map(({ kind, outcome }) => [kind, outcome])).toEqual([['crossing', 'clear']]);
  await stageOf(gate.traveller, 'attract');
});

test('portal down: asked directly; all down: the local list alone; with central back it climbs again', async ({
  scene,
}) => {
  const { gate, films } = scene;
  gate.portal!.shut();
  expect(await cross(gate, films, byName('poor-finger-then-good'))).toBe('passed');
  await gate.control.call('pass');
  await stageOf(gate.traveller, 'attract');
  await expect(rungOf(gate.guard)).toHaveAttribute('data-rung', 'direct');

  await gate.central.down();
  expect(await cross(gate, films, byName('sis-refusal'))).toBe('referred');
  await expect(rungOf(gate.guard)).toHaveAttribute('data-rung', 'local');
  await expect(gate.guard.locator('[data-source][data-state="unavailable"]')).toHaveCount(6);
  await expectAccessible(gate.guard, 'a case without answers');
  const reasons = await guardDecides(gate.guard, 'Second line');
  expect(new Set(reasons)).toEqual(new Set(['portal-unavailable']));

  await gate.central.up();
  await gate.portal!.open();
  await gate.control.call('delivered');
  const local = decided(await recordsAt(gate.centralFolder)).at(-2);
  expect(local).toMatchObject({ kind: 'crossing', outcome: 'refer', fallback: true });
  // The first question after the trial goes through the portal again.
  for (let i = 0; i < 2; i++) {
    await stageOf(gate.traveller, 'attract');
    expect(await cross(gate, films, byName('sis-refusal'))).toBe('referred');
    expect(await guardDecides(gate.guard, 'Second line')).toEqual(['portal-hit']);
  }
  await expect(rungOf(gate.guard)).toHaveAttribute('data-rung', 'portal');
});
