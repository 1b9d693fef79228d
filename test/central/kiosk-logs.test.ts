import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encode } from 'cborg';
import fc from 'fast-check';
import { KioskLogs } from '../../central/audit/kiosk-logs.ts';
import { keyText } from '../../main/audit/note.ts';
import { readParts } from '../../main/audit/log-file.ts';
import { verifyLog } from '../../main/audit/verification.ts';
import type { AuditRecord } from '../../main/contract/record.ts';
import { makeLog, type MadeLog } from '../audit/logs.ts';
import { uuidv7 } from '../uplink/records.ts';
import { openAt, remove, runs } from './place.ts';

const log = makeLog(24);

/** A central's logs on a database of its own, filled as its inbox would. */
async function held() {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const database = await openAt(join(directory, 'central.db'), randomBytes(32));
  const clock = { now: new Date('2026-11-25T10:00:00.000Z') };
  const logs = await KioskLogs.open(database, () => clock.now, 12);
  return {
    database,
    logs,
    clock,
    /** Lines `from` to `to` of a log, as a kiosk ships them. */
    async ship(from: number, to: number, made: MadeLog = log, more: Partial<AuditRecord> = {}, kioskId = 'gate-1') {
      const record: AuditRecord = {
        format: 'limen-record',
        version: 1,
        id: uuidv7(),
        kioskId,
        occurredAt: '2026-11-25T10:00:00.000Z',
        kind: 'audit',
        key: keyText(made.signer),
        first: from - 1,
        lines: made.lines.slice(from - 1, to).map(String),
        checkpoint: made.checkpoint(to),
        ...more,
      };
      await database.run(
        `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
         VALUES (?, ?, 'audit', NULL, ?, ?, ?)`,
        [record.id, kioskId, record.occurredAt, clock.now.toISOString(), encode(record)],
      );
      await logs.advance();
    },
    /** What was found, and how long the log is. */
    async state() {
      const [first] = await logs.logs();
      return {
        size: first?.size,
        waiting: first?.waiting,
        alarms: (await logs.alarms()).map(({ what, line }) => [what, line]),
      };
    },
    async verdict(at = 0) {
      const one = (await logs.logs())[at]!;
      const rows: Buffer[] = [];
      for await (const part of logs.rows(one)) rows.push(Buffer.from(part));
      return verifyLog(readParts(rows), { key: log.signer, kept: one.checkpoint! });
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await remove(join(directory, 'central.db'));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

test('runs in any order, and again, come to the one log, and it is whole', async () => {
  const firsts = [1, 5, 9, 13, 17, 21];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...firsts, ...firsts], { minLength: 12, maxLength: 12 }), async (order) => {
      await using central = await held();
      for (const from of order) await central.ship(from, from + 3);
      assert.deepEqual(await central.state(), { size: 24, waiting: 0, alarms: [] });
      const { finding, lines, uncovered } = await central.verdict();
      assert.deepEqual([finding, lines, uncovered], [undefined, 24, 0]);
    }),
    { numRuns: runs(15) },
  );
});

test('a run that is missing keeps the later ones waiting, where an operator sees it', async () => {
  await using central = await held();
  await central.ship(1, 4);
  await central.ship(9, 12);
  assert.deepEqual(await central.state(), { size: 4, waiting: 1, alarms: [] });
  await central.ship(5, 8);
  assert.deepEqual(await central.state(), { size: 12, waiting: 0, alarms: [] });
});

test('a log that was altered, cut, forked or made anew raises an alarm, and the log that is held stays as it was', async () => {
  const other = makeLog(24);
  // The log as one would go on who has its key and puts it back to line 6.
  const forked = makeLog(6);
  const alter = (from: number, to: number, at: number) => {
    const lines = log.lines.slice(from - 1, to).map(String);
    return { lines: lines.with(at, lines[at]!.replace('crossing-begun', 'crossing-begum')) };
  };
  type Central = Awaited<ReturnType<typeof held>>;
  const deeds: [string, (central: Central) => Promise<void>, unknown[]][] = [
    ['altered', (central) => central.ship(9, 12, log, alter(9, 12, 1)), ['chain-broken', 11]],
    ['altered last', (central) => central.ship(9, 12, log, alter(9, 12, 3)), ['root-differs', 12]],
    [
      'cut',
      (central) => central.ship(9, 12, log, { lines: log.lines.slice(8, 11).map(String) }),
      ['checkpoint-misplaced', 11],
    ],
    [
      'signed by another',
      (central) => central.ship(9, 12, log, { checkpoint: other.checkpoint(12) }),
      ['signature-false', 12],
    ],
    ['no checkpoint', (central) => central.ship(9, 12, log, { checkpoint: 'x' }), ['signature-false', 12]],
    ['no line', (central) => central.ship(9, 12, log, { lines: ['x'] }), ['line-malformed', 9]],
    ['out of turn', (central) => central.ship(10, 12, log, { first: 8 }), ['line-out-of-turn', 9]],
    ['another key', (central) => central.ship(9, 12, log, { key: keyText(other.signer) }), ['key-differs', 9]],
    ['no key', (central) => central.ship(9, 12, log, { key: 'x' }), ['record-malformed', 0]],
    ['put back', (central) => central.ship(5, 6, { ...forked, signer: log.signer }), ['forked', 5]],
  ];
  for (const [deed, act, alarm] of deeds) {
    await using central = await held();
    await central.ship(1, 8);
    await act(central);
    assert.deepEqual(await central.state(), { size: 8, waiting: 0, alarms: [alarm] }, deed);
    assert.equal((await central.verdict()).finding, undefined, deed);
  }
  await using central = await held();
  await central.ship(1, 8);
  const anew = makeLog(4, 'limen/kiosk/gate-1/anew');
  await central.ship(1, 4, anew);
  assert.deepEqual(
    (await central.logs.alarms()).map(({ what }) => what),
    ['started-anew'],
  );
  // A second kiosk is not the first one anew.
  await central.ship(1, 4, makeLog(4, 'limen/kiosk/gate-2'), {}, 'gate-2');
  assert.equal((await central.logs.alarms()).length, 1);
});

test('lines go when their time is over, by the time at which they came, and not those of a kiosk that is held', async () => {
  await using central = await held();
  await central.ship(1, 8);
  central.clock.now = new Date('2027-06-01T00:00:00.000Z');
  await central.ship(9, 12);
  const origin = log.signer.name;
  const packets = () => central.database.all('SELECT id FROM packet');
  assert.equal(await central.logs.erase(new Date('2027-11-24T00:00:00.000Z')), 0);
  await central.logs.hold('gate-1');
  assert.equal(await central.logs.erase(new Date('2027-11-27T00:00:00.000Z')), 0);
  await central.logs.release('gate-1');
  assert.equal(await central.logs.erase(new Date('2027-11-27T00:00:00.000Z')), 8);
  assert.equal((await packets()).length, 1);
  assert.equal((await central.logs.read('gate-1', origin)).length, 4);
  const { finding, erased, lines } = await central.verdict();
  assert.deepEqual([finding, erased, lines], [undefined, 8, 12]);
  // It goes on.
  await central.ship(13, 16);
  assert.deepEqual(await central.state(), { size: 16, waiting: 0, alarms: [] });
});

test('central’s own database refuses to change or shorten a log', async () => {
  await using central = await held();
  await central.ship(1, 4);
  for (const sql of [`UPDATE audit_line SET line = 'x'`, `UPDATE audit_line SET n = 9`, 'DELETE FROM audit_line'])
    await assert.rejects(central.database.run(sql), { name: 'Fault' }, sql);
  assert.equal((await central.verdict()).finding, undefined);
});
