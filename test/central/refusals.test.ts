import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decision } from '../../main/contract/crossing.ts';
import { GuardDecision } from '../../main/contract/guard.ts';
import { type FingersUnable, type RefusalGround, RefusalGround as grounds } from '../../main/contract/refusal.ts';
import type { CrossingRecord, GuardRecord, LimenRecord } from '../../main/contract/record.ts';
import { drawBiometrics } from '../sim/central/biometrics.ts';
import { guardRecord } from '../uplink/records.ts';
import { arrive, capture, crossing } from './arriving.ts';
import { nearPortal } from './portal.ts';

const decided = ({ crossingId, kioskId }: CrossingRecord, more: Partial<GuardRecord>): LimenRecord => ({
  ...guardRecord(kioskId),
  crossingId,
  occurredAt: '2026-05-10T12:04:00.000Z',
  ...more,
});

const enter = async (portal: Awaited<ReturnType<typeof nearPortal>>, ...records: readonly LimenRecord[]) => {
  for (const record of records) {
    await arrive(portal.database, record);
    await portal.services.arrivals.advance();
  }
};

/** Grounds of the standard form, and whether fingers and face are entered with them (R26). */
const table: Readonly<Record<RefusalGround, boolean>> = {
  A: false,
  B: true,
  C: false,
  D: true,
  E: false,
  F: false,
  G: false,
  H: true,
  I: false,
  J: false,
};

for (const ground of grounds.options)
  test(`refused on ground ${ground}: the refusal is in the dossier${table[ground] ? ', with biometrics' : ', without biometrics'}`, async () => {
    for (const late of [false, true]) {
      await using portal = await nearPortal();
      const referred = crossing(1, '2026-05-10', 'REFUSED1', { outcome: 'refer' });
      const captured = capture(referred, drawBiometrics(1, 1));
      const refusal = decided(referred, { outcome: 'refuse', ground });
      await enter(portal, ...(late ? [refusal, referred, captured] : [referred, captured, refusal]));
      const { registers, enrolments } = portal.services;
      const document = { number: 'REFUSED1', issuingState: referred.document!.issuingState };
      const [dossier] = await registers.ees.find({ document });
      assert.deepEqual(
        dossier?.records.map(({ recordId, direction }) => [recordId, direction]),
        [[referred.id, 'refusal']],
      );
      assert.equal((await registers.ees.account(dossier, '2026-05-11')).refusals, 1);
      assert.deepEqual(await portal.database.all('SELECT ground FROM ees_refusal'), [{ ground }]);
      const taken = (await enrolments.of('EES-1')).filter(({ state }) => state === 'taken');
      assert.deepEqual(
        taken.map(({ kind }) => kind),
        table[ground] ? ['finger', 'face'] : [],
      );
      // What was captured does not lie in the inbox any longer, whatever the ground.
      const left = `SELECT count(*) AS count FROM packet WHERE kind = 'biometrics' AND length(record) > 0`;
      assert.deepEqual(await portal.database.get(left), { count: 0 });
      await registers.ees.erase('2040-01-01');
      assert.deepEqual(await portal.database.all('SELECT ground FROM ees_refusal'), []);
    }
  });

test('a refusal has a ground, and nothing else has one; the machine has no word for refusing', () => {
  const decision = { crossingId: guardRecord('gate-1').crossingId, reason: 'false passport' };
  assert.ok(GuardDecision.safeParse({ ...decision, outcome: 'refuse', ground: 'B' }).success);
  for (const wrong of [{ outcome: 'refuse' }, { outcome: 'admit', ground: 'B' }, { outcome: 'refuse', ground: 'K' }])
    assert.ok(!GuardDecision.safeParse({ ...decision, ...wrong }).success);
  assert.ok(!Decision.safeParse({ outcome: 'refuse', reasons: [] }).success);
});

test('a guard’s word that fingers cannot be taken is in the dossier, and goes when they are taken after all', async () => {
  for (const [unable, state] of [
    ['impossible', 'not-applicable'],
    ['temporary', 'temporarily-unable'],
  ] as const satisfies [FingersUnable, string][])
    for (const captures of ['none', 'before', 'after']) {
      await using portal = await nearPortal();
      const { enrolments } = portal.services;
      const referred = crossing(1, '2026-05-10', 'HAND1', { outcome: 'refer' });
      const face = capture(
        referred,
        drawBiometrics(1, 1).filter(({ kind }) => kind === 'face'),
      );
      const word = decided(referred, { outcome: 'admit', fingersUnable: unable });
      const records = { none: [referred, word], before: [referred, face, word], after: [word, referred, face] };
      await enter(portal, ...records[captures as keyof typeof records]);
      const fingers = async () => (await enrolments.of('EES-1')).find(({ kind }) => kind === 'finger')?.state;
      assert.equal(await fingers(), state, captures);
      const again = crossing(1, '2026-06-10', 'HAND1');
      await enter(portal, again, capture(again, drawBiometrics(1, 2)));
      assert.equal(await fingers(), 'taken', captures);
    }
});
