import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BiometricsRecord, LimenRecord } from '../../main/contract/record.ts';
import { openServices } from '../../central/services.ts';
import { enrolmentOf } from '../../central/ees/enrolment.ts';
import { listRecords } from '../../central/report.ts';
import { drawBiometrics, probesOf } from '../sim/central/biometrics.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { uuidv7 } from '../uplink/records.ts';
import { arrive, capture, crossing, word } from './arriving.ts';
import { openAt, remove, runs } from './place.ts';
import { linesOf, nearPortal, queryOf } from './portal.ts';

const shuffled = <T>(items: readonly T[]) =>
  fc.array(fc.integer(), { minLength: items.length, maxLength: items.length }).map((keys) =>
    items
      .map((item, i) => [keys[i]!, item] as const)
      .toSorted(([one], [other]) => one - other)
      .map(([, item]) => item),
  );

test('in whatever order crossing, decision and capture come, and however often, the dossier has the first good capture once', async () => {
  const early = crossing(1, '2026-05-10', 'KA1', { outcome: 'refer' });
  const late = crossing(2, '2026-06-10', 'KA1');
  const records: LimenRecord[] = [
    early,
    word(early, 'admit'),
    capture(early, drawBiometrics(1, 1)),
    late,
    capture(late, drawBiometrics(1, 2)),
  ];
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(shuffled([...records, ...records]), async (order) => {
      await using portal = await nearPortal();
      const { arrivals, enrolments, sbms } = portal.services;
      for (const record of order) {
        await arrive(portal.database, record);
        await arrivals.advance();
      }
      await sbms.follow();
      const stored = await sbms.templatesOf('EES', 'EES-1');
      assert.equal(stored.length, 5);
      const [taken] = await enrolments.of('EES-1');
      const rest = await portal.database.get<{ bytes: number }>(
        `SELECT sum(length(record)) AS bytes FROM packet WHERE kind = 'biometrics'`,
      );
      seen.add(JSON.stringify([stored.map(({ template }) => Buffer.from(template).toString('hex')), taken, rest]));
    }),
    { numRuns: runs(25) },
  );
  assert.equal(seen.size, 1);
  assert.match([...seen][0]!, /"taken".*2026-05-10.*"bytes":0/);
});

test('nobody is enrolled who was not admitted; what waits too long is deleted, and its digest stays', async () => {
  await using portal = await nearPortal();
  const { arrivals, sbms } = portal.services;
  const referred = crossing(1, '2026-05-10', 'KA2', { outcome: 'refer' });
  const captured = capture(referred, drawBiometrics(2, 1));
  for (const record of [referred, captured, word(referred, 'second-line')]) await arrive(portal.database, record);
  await arrivals.advance();
  assert.equal((await sbms.templatesOf('EES', 'EES-1')).length, 0);
  const before = await listRecords(portal.database);
  assert.equal(await arrivals.eraseWaiting(new Date()), 0);
  assert.equal(await arrivals.eraseWaiting(new Date(Date.now() + 8 * 86_400_000)), 1);
  assert.deepEqual(await listRecords(portal.database), before);
  assert.match(JSON.stringify(before), /"sha256"/);
  const left = await portal.database.get<{ bytes: number }>('SELECT length(record) AS bytes FROM packet WHERE id = ?', [
    captured.id,
  ]);
  assert.equal(left?.bytes, 0);
});

test('a traveller that EES does not record leaves nothing behind', async () => {
  await using portal = await nearPortal();
  const citizen = crossing(1, '2026-05-10', 'KA3');
  const exempt = { ...citizen, document: { ...citizen.document!, nationality: 'D<<' } };
  await arrive(portal.database, capture(citizen, drawBiometrics(3, 1)));
  await arrive(portal.database, exempt);
  await portal.services.arrivals.advance();
  const bytes = await portal.database.get<{ sum: number }>(
    `SELECT sum(length(record)) AS sum FROM packet WHERE kind = 'biometrics'`,
  );
  assert.equal(bytes?.sum, 0);
  assert.equal((await portal.services.sbms.templatesOf('EES', 'EES-1')).length, 0);
});

test('who was enrolled at a gate is found there with a new passport, and erased from memory and CIR with the dossier', async () => {
  await using portal = await nearPortal();
  const { arrivals, registers, sbms, enrolments } = portal.services;
  const came = crossing(1, '2020-05-10', 'KA4');
  const left = crossing(2, '2020-05-20', 'KA4');
  for (const record of [came, capture(came, drawBiometrics(4, 1)), left]) await arrive(portal.database, record);
  await arrivals.advance();
  assert.equal(await enrolments.images('EES-1'), 1, 'the face, as the example configuration has it');
  const {
    identity: _,
    document: __,
    ...bare
  } = queryOf({
    document: { number: '', issuingState: '' },
    identity: { surname: 'A', givenNames: '', birthDate: '' },
  });
  const query = { ...bare, dataTypes: ['finger', 'face'] as const, ...probesOf(drawBiometrics(4, 2)) };
  const hits = async () =>
    linesOf(await portal.ask(query))
      .filter(({ kind }) => kind === 'HIT')
      .map((line) => 'source' in line && line.source);
  assert.deepEqual(new Set(await hits()), new Set(['CIR', 'EES']));
  assert.ok(sbms.bytes > 0);
  await registers.ees.erase('2030-01-01');
  assert.equal(sbms.bytes, 0);
  assert.deepEqual(await hits(), []);
  assert.deepEqual(await enrolments.of('EES-1'), []);
  assert.equal(await enrolments.images('EES-1'), 0);
  const rows = await portal.database.get<{ count: number }>(
    'SELECT (SELECT count(*) FROM sbms_ees) + (SELECT count(*) FROM cir_identity) + (SELECT count(*) FROM cir_document) AS count',
  );
  assert.equal(rows?.count, 0);
});

test('which fingers a dossier takes: four of the right hand, else of the left; none of children, of visa holders, of who cannot', () => {
  const gate = crossing(1, '2026-05-10', 'KA5');
  const right = drawBiometrics(5, 1);
  const left = drawBiometrics(5, 1, ['left-index', 'left-middle']);
  const all = () => true;
  const of = (
    record: BiometricsRecord,
    birthDate: string,
    visa = false,
    good: (kind: 'finger' | 'face', quality: number) => boolean = all,
  ) => {
    const { fingers, fingerState, face } = enrolmentOf(record, { birthDate, day: '2026-05-10', visa }, good);
    return [fingers.map(({ position }) => position.split('-')[0]).join(), fingerState, face !== undefined];
  };
  const adult = '1980-01-01';
  assert.deepEqual(of(capture(gate, right), adult), ['right,right,right,right', 'taken', true]);
  assert.deepEqual(of(capture(gate, left), adult), ['left,left', 'taken', true]);
  assert.deepEqual(of(capture(gate, [...right.slice(0, 2), ...left]), adult), ['right,right', 'taken', true]);
  assert.deepEqual(of(capture(gate, drawBiometrics(5, 1, ['right-thumb', 'unknown'])), adult), ['', 'wanted', true]);
  // On the twelfth birthday, and the day before it.
  assert.deepEqual(of(capture(gate, right), '2014-05-10'), ['right,right,right,right', 'taken', true]);
  assert.deepEqual(of(capture(gate, right), '2014-05-11'), ['', 'too-young', true]);
  assert.deepEqual(of(capture(gate, right), adult, true), ['', 'in-vis', true]);
  assert.deepEqual(of(capture(gate, [], { fingersUnable: 'impossible' }), adult), ['', 'not-applicable', false]);
  assert.deepEqual(of(capture(gate, [], { fingersUnable: 'temporary' }), adult), ['', 'temporarily-unable', false]);
  assert.deepEqual(of(capture(gate, right, { fingersUnable: 'temporary' }), adult)[1], 'taken');
  assert.deepEqual(
    of(capture(gate, right), adult, false, (kind) => kind === 'face'),
    ['', 'wanted', true],
  );
});

test('a temporary inability is forgotten when fingers are taken, whichever is told first (R27)', async () => {
  const first = crossing(1, '2026-05-10', 'KA6');
  const second = crossing(2, '2026-05-20', 'KA6');
  const records = [
    first,
    capture(first, [], { fingersUnable: 'temporary' }),
    second,
    capture(second, drawBiometrics(6, 1)),
  ];
  for (const order of [records, records.toReversed()]) {
    await using portal = await nearPortal();
    for (const record of order) await arrive(portal.database, record);
    await portal.services.arrivals.advance();
    const states = (await portal.services.enrolments.of('EES-1')).map(({ kind, state }) => `${kind} ${state}`);
    assert.deepEqual(states, ['finger taken', 'face taken']);
  }
});

test('a capture of another kiosk’s or another crossing is nobody’s', async () => {
  await using portal = await nearPortal();
  const own = crossing(1, '2026-05-10', 'KA7');
  const foreign = { ...capture(own, drawBiometrics(7, 1)), kioskId: 'gate-2' };
  const stray = { ...capture(own, drawBiometrics(7, 1)), crossingRecordId: uuidv7() };
  for (const record of [own, foreign, stray]) await arrive(portal.database, record);
  await portal.services.arrivals.advance();
  assert.equal((await portal.services.sbms.templatesOf('EES', 'EES-1')).length, 0);
});

test('killed within the effect, each capture is enrolled once and none is left in the inbox', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const [file, key] = [join(directory, 'central.db'), randomBytes(32)];
  try {
    const program = join(import.meta.dirname, 'arrivals-process.ts');
    const child = spawn(process.execPath, [program, file, key.toString('hex'), 'within', '20', 'captured'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
    const database = await openAt(file, key);
    const count = async (what: string) =>
      (await database.get<{ count: number }>(`SELECT count(*) AS count FROM ${what}`))!.count;
    const before = await count('ees_enrolment');
    assert.ok(before > 0 && before < 40, 'killed in the middle');
    const services = await openServices({ database, configuration: exampleConfiguration() });
    assert.deepEqual(
      [await count('ees_enrolment'), await count('sbms_ees'), await count(`sbms_log WHERE line LIKE '%stored%'`)],
      [40, 40, 40],
    );
    assert.equal(await count(`packet WHERE kind = 'biometrics' AND length(record) > 0`), 0);
    await services.close();
    await database.close();
    await remove(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
