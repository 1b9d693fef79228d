import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { openServices } from '../../central/services.ts';
import type { Database } from '../../central/sql.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { arrive, crossing, word } from './arriving.ts';
import { dialect, fail, mend, openAt, remove, runs } from './place.ts';
import { nearPortal } from './portal.ts';

const document = { number: 'T1', issuingState: 'UTO' };

/** What EES has of a document after records have come, one by one or together. */
async function dossierAfter(records: readonly LimenRecord[], together = false) {
  await using portal = await nearPortal();
  const { arrivals, registers } = portal.services;
  for (const record of records) {
    await arrive(portal.database, record);
    if (!together) await arrivals.advance();
  }
  await arrivals.advance();
  const [dossier] = await registers.ees.find({ document });
  const { id: _, ...kept } = dossier ?? { id: 0 };
  const identity = { givenNames: 'ANNA MARIA', birthDate: '1974-08-12' };
  const names: string[] = [];
  for (const surname of ['ERIKSSON', 'BERG'])
    if ((await registers.ees.find({ identity: { ...identity, surname } })).length > 0) names.push(surname);
  const account = dossier && (await registers.ees.account(dossier, '2026-06-30'));
  return { kept, names, account, left: await arrivals.unassigned() };
}

test('an admitted crossing makes a dossier, further ones extend it, with the time of the event and the mark of the fallback', async () => {
  const entry = crossing(1, '2026-05-01', 'T1', { fallback: true });
  const exit = crossing(2, '2026-05-20', 'T1');
  const { kept, account } = await dossierAfter([entry, exit, entry]);
  const common = { at: '2026-05-01T12:00:00.000Z', day: '2026-05-01' };
  assert.deepEqual(kept, {
    document,
    ofFamily: false,
    records: [
      { recordId: entry.id, direction: 'entry', ...common, place: 'gate-1', fallback: true },
      {
        recordId: exit.id,
        direction: 'exit',
        at: exit.occurredAt,
        day: '2026-05-20',
        place: 'gate-2',
        fallback: false,
      },
    ],
  });
  assert.equal(account?.usedDays, 20);
});

test('an entry that comes late is counted where it belongs', async () => {
  const [first, out, second] = [
    crossing(1, '2026-04-01', 'T1', { fallback: true }),
    crossing(2, '2026-04-30', 'T1'),
    crossing(1, '2026-06-01', 'T1'),
  ];
  const before = (await dossierAfter([out, second])).account;
  const after = (await dossierAfter([out, second, first])).account;
  assert.deepEqual([before?.usedDays, before?.incomplete], [31, true]);
  assert.deepEqual([after?.usedDays, after?.incomplete], [60, false]);
});

test('what was referred is an entry when a guard of the same kiosk admits it, whichever of the two comes first', async () => {
  const referred = crossing(1, '2026-05-01', 'T1', { outcome: 'refer' });
  const admitted = word(referred, 'admit');
  for (const order of [
    [referred, admitted],
    [admitted, referred],
    [word(referred, 'second-line'), referred, admitted, admitted],
  ])
    assert.deepEqual(
      (await dossierAfter(order)).account?.insideSince,
      '2026-05-01',
      order.map(({ kind }) => kind).join(),
    );
  for (const order of [
    [referred],
    [referred, word(referred, 'second-line')],
    [referred, { ...admitted, kioskId: 'gate-2' }],
    [admitted],
  ])
    assert.equal((await dossierAfter(order)).account, undefined);
});

test('in whatever order and however often records come, the dossier is the same', async () => {
  const referred = crossing(1, '2026-03-01', 'T1', { outcome: 'refer' });
  const renamed = crossing(2, '2026-03-20', 'T1');
  const records = [
    referred,
    word(referred, 'admit'),
    word(referred, 'second-line'),
    { ...renamed, document: { ...renamed.document!, surname: 'BERG' } },
    crossing(1, '2026-05-01', 'T1', { fallback: true }),
    crossing(2, '2026-05-11', 'T1'),
  ];
  const expected = await dossierAfter(records);
  assert.deepEqual([expected.account?.usedDays, expected.names], [31, ['ERIKSSON']]);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(records, { minLength: records.length }),
      fc.array(fc.constantFrom(...records), { maxLength: 4 }),
      fc.boolean(),
      async (shuffled, again, together) => {
        assert.deepEqual(await dossierAfter([...shuffled, ...again], together), expected);
      },
    ),
    { numRuns: runs(20) },
  );
});

test('who EES does not record has no dossier', async () => {
  const citizen = crossing(1, '2026-05-01', 'T1');
  for (const nationality of ['D<<', 'D', 'FRA'])
    assert.equal(
      (await dossierAfter([{ ...citizen, document: { ...citizen.document!, nationality } }])).account,
      undefined,
    );
});

test('what cannot be entered is told with its reason, holds up nothing, and is entered when the rules allow it', async () => {
  await using portal = await nearPortal({ kiosks: {} });
  const { arrivals, registers } = portal.services;
  const entry = crossing(1, '2026-05-01', 'T1');
  const { document: _, ...bare } = crossing(1, '2026-05-01', 'T2');
  const unreadable = crossing(1, '2026-05-01', 'T3');
  for (const record of [unreadable, entry, bare]) await arrive(portal.database, record);
  await portal.database.run('UPDATE packet SET record = ? WHERE id = ?', [randomBytes(20), unreadable.id]);
  assert.deepEqual([await arrivals.advance(), await arrivals.behind()], [3, 0]);
  assert.deepEqual(
    (await arrivals.unassigned()).map(({ reason }) => reason),
    ['record-unreadable', 'gate-unknown', 'document-absent'],
  );
  assert.equal((await registers.ees.find({ document })).length, 0);
  const again = await openServices({ database: portal.database, configuration: exampleConfiguration() });
  assert.equal((await again.registers.ees.find({ document }))[0]?.records.length, 1);
  assert.deepEqual(
    (await again.arrivals.unassigned()).map(({ reason }) => reason),
    ['record-unreadable', 'document-absent'],
  );
});

test('a step that fails leaves the cursor, and the next takes its packets along', async () => {
  await using portal = await nearPortal();
  const { arrivals, onStored, registers, settled } = portal.services;
  await arrive(portal.database, crossing(1, '2026-05-01', 'T1'));
  await fail(portal.database, 'UPDATE', 'ees_cursor');
  onStored();
  await settled();
  assert.deepEqual([await arrivals.behind(), (await registers.ees.find({ document })).length], [1, 0]);
  await mend(portal.database, 'ees_cursor');
  onStored();
  await settled();
  assert.deepEqual([await arrivals.behind(), (await registers.ees.find({ document }))[0]?.records.length], [0, 1]);
});

const countOf = async (database: Database, table: string) =>
  (await database.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))!.count;

/** Central on a disk of its own, taken in by a process that is killed; then looked at before and after it opens again. */
async function killed(
  mode: string,
  count: number,
  look: (before: number, after: number, all: number) => void,
  cycles = 1,
) {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const [file, key] = [join(directory, 'central.db'), randomBytes(32)];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'arrivals-process.ts'), file, key.toString('hex'), mode, String(count)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = once(child, 'exit');
      if (mode === 'endless') {
        await once(child.stdout, 'data');
        await setTimeout(20 + Math.random() * 200);
        child.kill('SIGKILL');
      }
      assert.deepEqual(await ended, [null, 'SIGKILL']);
      const database = await openAt(file, key);
      const before = await countOf(database, 'ees_passage');
      const { arrivals } = await openServices({ database, configuration: exampleConfiguration() });
      look(before, await countOf(database, 'ees_passage'), await countOf(database, 'packet'));
      assert.equal(await arrivals.behind(), 0);
      if (dialect === 'sqlite')
        assert.deepEqual(await database.get('PRAGMA integrity_check'), { integrity_check: 'ok' });
      await database.close();
    }
  } finally {
    await remove(file);
    rmSync(directory, { recursive: true, force: true });
  }
}

test('killed between the inbox and EES, within the effect, or after it: each crossing is entered once', async () => {
  for (const [mode, expected] of [
    ['between', 0],
    ['within', 32],
    ['after', 40],
  ] as const)
    await killed(mode, 40, (before, after, all) => assert.deepEqual([before, after, all], [expected, 40, 40], mode));
});

test('killed at any moment while crossings come in, none is entered twice and none is left out', async () => {
  let [total, behind] = [0, 0];
  const look = (before: number, after: number, all: number) => {
    assert.equal(after, all);
    assert.ok(before <= all && all > total);
    behind += all - before;
    total = all;
  };
  await killed('endless', 0, look, Number(process.env['LIMEN_CRASH_CYCLES'] ?? 5));
  console.log(`${total} crossings, ${behind} were not yet entered when the process was killed`);
});
