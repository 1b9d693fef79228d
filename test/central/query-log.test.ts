import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openQueryLog, queryLine } from '../../central/esp/query-log.ts';
import { drawPopulation, settle } from '../sim/central/population.ts';
import { dialect, fail, mend, runs, unguard } from './place.ts';
import { linesOf, nearPortal, queryOf } from './portal.ts';

const today = new Date().toISOString().slice(0, 10);
const [resident] = drawPopulation(3, 1, today);

test('every question is logged before a source is asked, and again with what kinds of answers came', async () => {
  await using portal = await nearPortal();
  const { registers, log } = portal.services;
  await settle(registers, { ...resident!, alerts: ['arrest', 'discreet-check'], lost: false }, today);
  portal.behaviours.set('VIS', { state: 'down' });
  let seen: unknown;
  const search = registers.sltd.search.bind(registers.sltd);
  registers.sltd.search = async (number) => {
    seen = (await log.read()).map(({ event }) => event);
    return search(number);
  };
  await portal.ask(queryOf(resident!, { sources: ['SIS', 'SLTD', 'VIS'] }));
  assert.deepEqual(seen, ['asked']);
  const lines = await log.read();
  const who = {
    queryId: queryOf(resident!).id,
    kioskId: 'gate-1',
    authority: 'border-police',
    purpose: 'border-check-entry',
    staffId: 'guard-7',
    caseId: 'case-1',
    dataTypes: ['document', 'identity'],
    sources: ['VIS', 'SIS', 'SLTD'],
  };
  const results = { SIS: ['HIT', 'SILENT_HIT'], SLTD: ['NO_HIT'], VIS: ['UNAVAILABLE'] };
  assert.deepEqual(
    lines.map((line) => ({ ...line, at: 'then' })),
    [
      { at: 'then', event: 'asked', ...who, results: {} },
      { at: 'then', event: 'answered', ...who, results },
    ],
  );
});

test('nothing of the person who was asked about is in the log', async () => {
  await using portal = await nearPortal();
  await settle(portal.services.registers, { ...resident!, alerts: ['arrest'] }, today);
  await portal.ask(queryOf(resident!));
  const text = JSON.stringify(await portal.database.all('SELECT line FROM query_log'));
  const { number } = resident!.document;
  const { surname, givenNames, birthDate } = resident!.identity;
  for (const part of [number, surname, givenNames, birthDate, `S${number}`]) assert.ok(!text.includes(part), part);
  assert.ok(text.includes('guard-7'));
});

test('a question that cannot be logged is not asked, and an answer that cannot be is not whole', async () => {
  await using portal = await nearPortal();
  let asked = 0;
  const { registers } = portal.services;
  const search = registers.sltd.search.bind(registers.sltd);
  registers.sltd.search = (number) => {
    asked++;
    return search(number);
  };
  await fail(portal.database, 'INSERT', 'query_log');
  const response = await portal.post(JSON.stringify(queryOf(resident!)));
  assert.deepEqual([response.status, await response.text(), asked], [503, '{"refused":"not-logged"}', 0]);
  await mend(portal.database, 'query_log');
  await fail(portal.database, 'INSERT', 'query_log', '%"answered"%');
  const reader = (await portal.post(JSON.stringify(queryOf(resident!)))).body!.getReader();
  const parts: string[] = [];
  await assert.rejects(async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      parts.push(new TextDecoder().decode(part.value));
  });
  assert.equal(asked, 1);
  assert.ok(linesOf(parts.join('')).every(({ kind }) => kind !== 'END'));
});

const now = new Date('2026-11-24T10:00:00.000Z');

/** A log of some length, its triggers out of the way as they would be for who has the file and the key. */
async function someLog(length: number) {
  const portal = await nearPortal();
  const log = await openQueryLog(portal.database, 12);
  for (let i = 0; i < length; i++)
    await log.append(queryLine('asked', new Date(now.getTime() + i), 'gate-1', queryOf(resident!), ['SIS']));
  const head = await log.head();
  await unguard(portal.database, 'query_log');
  return { portal, log, head, exec: (sql: string) => portal.database.exec(sql) };
}

test('a line that is altered, taken out, put in or moved is found where it is', async () => {
  const length = 12;
  const deeds: ((at: number) => [string, number])[] = [
    (at) => [`UPDATE query_log SET line = replace(line, 'guard-7', 'guard-8') WHERE position = ${at}`, at],
    (at) => [`UPDATE query_log SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE position = ${at}`, at],
    (at) => [`UPDATE query_log SET line = NULL WHERE position = ${at}`, at],
    (at) => [`UPDATE query_log SET line = NULL, at = '2020-01-01' WHERE position = ${at}`, at],
    (at) => [`UPDATE query_log SET line = replace(line, 'guard-7', 'x'), digest = 'x' WHERE position = ${at}`, at],
    (at) => [`DELETE FROM query_log WHERE position = ${at}`, at],
    (at) => [
      `UPDATE query_log SET line = (SELECT line FROM query_log WHERE position = ${length}) WHERE position = ${at}`,
      at,
    ],
    (at) => [
      `DELETE FROM query_log WHERE position = ${at};
       UPDATE query_log SET position = position - 1 WHERE position > ${at}`,
      at,
    ],
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...deeds), fc.integer({ min: 1, max: length - 1 }), async (deed, position) => {
      const { portal, log, head, exec } = await someLog(length);
      await using _ = portal;
      assert.equal(await log.firstAltered(now, head), undefined);
      const [sql, at] = deed(position);
      await exec(sql);
      assert.equal(await log.firstAltered(now, head), at);
    }),
    { numRuns: runs(50) },
  );
});

test('a log that was cut at its end or made anew is found by a head kept elsewhere, and only by that', async () => {
  const { portal, log, head, exec } = await someLog(5);
  await using _ = portal;
  await exec('DELETE FROM query_log WHERE position > 3');
  assert.equal(await log.firstAltered(now), undefined);
  assert.equal(await log.firstAltered(now, head), 4);
  await exec('DELETE FROM query_log');
  for (let i = 0; i < 6; i++)
    await log.append(queryLine('asked', new Date(now.getTime() + i + 1), 'gate-1', queryOf(resident!), ['SIS']));
  assert.equal(await log.firstAltered(now), undefined);
  assert.equal(await log.firstAltered(now, head), 5);
});

test('the database itself refuses to change, shorten or replace a line', async () => {
  await using portal = await nearPortal();
  await portal.ask(queryOf(resident!));
  for (const sql of [
    `UPDATE query_log SET line = ''`,
    `UPDATE query_log SET line = NULL, at = '2020'`,
    `UPDATE query_log SET line = NULL, hash = ''`,
    'DELETE FROM query_log',
    `INSERT INTO query_log VALUES (1, '', '', '', '') ON CONFLICT (position) DO UPDATE SET line = ''`,
    ...(dialect === 'sqlite' ? [`REPLACE INTO query_log VALUES (1, '', '', '', '')`] : ['TRUNCATE query_log']),
  ])
    await assert.rejects(portal.database.exec(sql), /the log is/, sql);
  assert.equal(await portal.services.log.firstAltered(new Date()), undefined);
});

test('lines are emptied when their time is over, but for a case that is held, and the chain still shows what was altered', async () => {
  await using portal = await nearPortal();
  const log = await openQueryLog(portal.database, 12);
  for (const [day, caseId] of [
    ['2025-01-10', 'case-1'],
    ['2025-01-11', 'case-2'],
    ['2026-11-01', 'case-1'],
  ] as const)
    await log.append(
      queryLine('asked', new Date(`${day}T08:00:00.000Z`), 'gate-1', queryOf(resident!, { caseId }), ['SIS']),
    );
  const head = await log.head();
  const left = async () => (await log.read()).map(({ at, caseId }) => [at.slice(0, 10), caseId]);
  await log.hold('case-2');
  assert.equal(await log.erase(now), 1);
  assert.deepEqual(await left(), [
    ['2025-01-11', 'case-2'],
    ['2026-11-01', 'case-1'],
  ]);
  await log.release('case-2');
  assert.equal(await log.erase(now), 1);
  assert.deepEqual(await left(), [['2026-11-01', 'case-1']]);
  assert.equal(await log.firstAltered(now, head), undefined);
  await portal.database.exec('UPDATE query_log SET line = NULL WHERE position = 3');
  assert.equal(await log.firstAltered(now, head), 3);
});
