import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { QueryLog } from '../../central/esp/query-log.ts';
import { drawPopulation, settle } from '../sim/central/population.ts';
import { linesOf, nearPortal, queryOf } from './portal.ts';

const today = new Date().toISOString().slice(0, 10);
const [resident] = drawPopulation(3, 1, today);

test('every question is logged before a source is asked, and again with what kinds of answers came', async () => {
  using portal = nearPortal();
  const { registers, log } = portal.services;
  settle(registers, { ...resident!, alerts: ['arrest', 'discreet-check'], lost: false }, today);
  portal.behaviours.set('VIS', { state: 'down' });
  let seen: unknown;
  const search = registers.sltd.search.bind(registers.sltd);
  registers.sltd.search = (number) => {
    seen = log.read().map(({ event }) => event);
    return search(number);
  };
  await portal.ask(queryOf(resident!, { sources: ['SIS', 'SLTD', 'VIS'] }));
  assert.deepEqual(seen, ['asked']);
  const lines = log.read();
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
  using portal = nearPortal();
  settle(portal.services.registers, { ...resident!, alerts: ['arrest'] }, today);
  await portal.ask(queryOf(resident!));
  const text = portal.database.prepare('SELECT line FROM query_log').pluck().all().join();
  const { number } = resident!.document;
  const { surname, givenNames, birthDate } = resident!.identity;
  for (const part of [number, surname, givenNames, birthDate, `S${number}`]) assert.ok(!text.includes(part), part);
  assert.ok(text.includes('guard-7'));
});

test('a question that cannot be logged is not asked, and an answer that cannot be is not whole', async () => {
  using portal = nearPortal();
  let asked = 0;
  const { registers } = portal.services;
  const search = registers.sltd.search.bind(registers.sltd);
  registers.sltd.search = (number) => {
    asked++;
    return search(number);
  };
  portal.database.exec(
    `CREATE TEMP TRIGGER full BEFORE INSERT ON main.query_log BEGIN SELECT RAISE(ABORT, 'no room'); END`,
  );
  const response = await portal.post(JSON.stringify(queryOf(resident!)));
  assert.deepEqual([response.status, await response.text(), asked], [503, '{"refused":"not-logged"}', 0]);
  portal.database.exec(`DROP TRIGGER full; CREATE TEMP TRIGGER full BEFORE INSERT ON main.query_log
    WHEN NEW.line LIKE '%"answered"%' BEGIN SELECT RAISE(ABORT, 'no room'); END`);
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
function someLog(length: number) {
  const portal = nearPortal();
  const log = new QueryLog(portal.database, 12);
  for (let i = 0; i < length; i++)
    log.append('asked', new Date(now.getTime() + i), 'gate-1', queryOf(resident!), ['SIS']);
  const head = log.head();
  portal.database.exec('DROP TRIGGER query_log_unchanged; DROP TRIGGER query_log_kept');
  return { portal, log, head, exec: (sql: string) => portal.database.exec(sql) };
}

test('a line that is altered, taken out, put in or moved is found where it is', () => {
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
  fc.assert(
    fc.property(fc.constantFrom(...deeds), fc.integer({ min: 1, max: length - 1 }), (deed, position) => {
      const { portal, log, head, exec } = someLog(length);
      using _ = portal;
      assert.equal(log.firstAltered(now, head), undefined);
      const [sql, at] = deed(position);
      exec(sql);
      assert.equal(log.firstAltered(now, head), at);
    }),
    { numRuns: 50 },
  );
});

test('a log that was cut at its end or made anew is found by a head kept elsewhere, and only by that', () => {
  const { portal, log, head, exec } = someLog(5);
  using _ = portal;
  exec('DELETE FROM query_log WHERE position > 3');
  assert.equal(log.firstAltered(now), undefined);
  assert.equal(log.firstAltered(now, head), 4);
  exec('DELETE FROM query_log');
  for (let i = 0; i < 6; i++)
    log.append('asked', new Date(now.getTime() + i + 1), 'gate-1', queryOf(resident!), ['SIS']);
  assert.equal(log.firstAltered(now), undefined);
  assert.equal(log.firstAltered(now, head), 5);
});

test('the database itself refuses to change, shorten or replace a line', async () => {
  using portal = nearPortal();
  await portal.ask(queryOf(resident!));
  for (const sql of [
    `UPDATE query_log SET line = ''`,
    `UPDATE query_log SET line = NULL, at = '2020'`,
    `UPDATE query_log SET line = NULL, hash = ''`,
    'DELETE FROM query_log',
    `REPLACE INTO query_log VALUES (1, '', '', '', '')`,
  ])
    assert.throws(() => portal.database.exec(sql), /log of queries/, sql);
  assert.equal(portal.services.log.firstAltered(new Date()), undefined);
});

test('lines are emptied when their time is over, but for a case that is held, and the chain still shows what was altered', () => {
  using portal = nearPortal();
  const log = new QueryLog(portal.database, 12);
  for (const [day, caseId] of [
    ['2025-01-10', 'case-1'],
    ['2025-01-11', 'case-2'],
    ['2026-11-01', 'case-1'],
  ] as const)
    log.append('asked', new Date(`${day}T08:00:00.000Z`), 'gate-1', queryOf(resident!, { caseId }), ['SIS']);
  const head = log.head();
  const left = () => log.read().map(({ at, caseId }) => [at.slice(0, 10), caseId]);
  log.hold('case-2');
  assert.equal(log.erase(now), 1);
  assert.deepEqual(left(), [
    ['2025-01-11', 'case-2'],
    ['2026-11-01', 'case-1'],
  ]);
  log.release('case-2');
  assert.equal(log.erase(now), 1);
  assert.deepEqual(left(), [['2026-11-01', 'case-1']]);
  assert.equal(log.firstAltered(now, head), undefined);
  portal.database.exec('UPDATE query_log SET line = NULL WHERE position = 3');
  assert.equal(log.firstAltered(now, head), 3);
});
