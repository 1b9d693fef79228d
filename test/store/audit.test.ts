import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { type FileHead, type FilePart, readParts } from '../../main/audit/log-file.ts';
import { readKeyText } from '../../main/audit/note.ts';
import { verifyLog } from '../../main/audit/verification.ts';
import type { AuditEvent } from '../../main/contract/audit.ts';
import type { Store } from '../../main/store/store.ts';
import { uuidv7 } from '../uplink/records.ts';
import { newDisk, packet } from './disk.ts';

const startedAt = '2026-11-24T04:10:00.000Z';

const exported = (store: Store) => [...store.audit.rows()].join('');
const look = (file: string, kept?: string) =>
  verifyLog(readParts([Buffer.from(file)]) as AsyncIterable<FileHead | FilePart>, kept === undefined ? {} : { kept });
/** The events of the log, without what every line has. */
const told = (store: Store) =>
  exported(store)
    .split('\n')
    .filter((row) => row.startsWith('{'))
    .map((row) => {
      const { v: _v, n: _n, at: _at, prev: _prev, ...event } = JSON.parse(row) as Record<string, unknown>;
      return event;
    });

/** Opens the database behind the store's back. */
function under({ file, key }: { file: string; key: Uint8Array }): Database.Database {
  const database = new Database(file);
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  return database;
}

test('what the store does is in its log, once, in the order in which it was done', () => {
  using disk = newDisk();
  let store = disk.open({ kioskId: 'gate 1+é', program: '1.2.3' });
  const [crossingId, left] = [uuidv7(), uuidv7()];
  const kept = packet();
  store.begin({ crossingId: left, startedAt });
  store.begin({ crossingId: left, startedAt });
  store.abandon(left);
  store.abandon(left);
  store.begin({ crossingId, startedAt });
  const event: AuditEvent = { event: 'alarm-raised', crossingId, reasons: ['tailgating'], packetIds: [kept.id] };
  for (let i = 0; i < 2; i++) store.conclude({ crossingId, outcome: 'refer' }, [kept], [event]);
  store.outbox.park(kept.id, 'uplink.refused');
  store.outbox.park(kept.id, 'uplink.refused');
  store.outbox.unpark();
  store.outbox.unpark();
  for (let i = 0; i < 2; i++) store.outbox.acknowledge([kept.id]);
  store.close();
  store = disk.open({ kioskId: 'other' });
  const { origin } = store.audit.state();
  assert.match(origin, /^limen\/kiosk\/gate%201%2B%C3%A9\//);
  assert.deepEqual(told(store), [
    { event: 'log-started', origin },
    { event: 'store-opened', program: '1.2.3', clean: true, interrupted: 0 },
    { event: 'crossing-begun', crossingId: left },
    { event: 'crossing-abandoned', crossingId: left },
    { event: 'crossing-begun', crossingId },
    event,
    { event: 'packet-parked', packetId: kept.id, fault: 'uplink.refused' },
    { event: 'packets-unparked', packets: 1 },
    { event: 'packet-acknowledged', packetId: kept.id },
    { event: 'store-closed' },
    { event: 'store-opened', program: '', clean: true, interrupted: 0 },
  ]);
  store.close();
});

test('a deed and its line are one: what is undone was never told of, and what cannot be told is not done', () => {
  using disk = newDisk();
  const store = disk.open({ maxBytes: 1000 });
  const before = told(store);
  const crossingId = uuidv7();
  const event: AuditEvent = { event: 'case-shown', crossingId, reasons: [] };
  assert.throws(() => store.conclude({ crossingId, outcome: 'refer' }, [packet(2000)], [event]), {
    code: 'store.full',
  });
  assert.deepEqual(told(store), before);
  const spoilt = { ...event, reasons: ['red coat'] } as unknown as AuditEvent;
  assert.throws(() => store.conclude({ crossingId, outcome: 'refer' }, [packet()], [spoilt]), {
    code: 'contract.breach',
  });
  assert.deepEqual([told(store), store.outbox.stats().ready], [before, 0]);
  store.close();
});

test('an end that was not in order is told at the next start', () => {
  using disk = newDisk();
  const store = disk.open();
  store.begin({ crossingId: uuidv7(), startedAt });
  store.close();
  // What a killed process leaves: no closing line.
  const database = under(disk);
  database.exec(
    `DROP TRIGGER audit_line_kept; DROP TRIGGER audit_checkpoint_kept; DROP TRIGGER audit_log_forward;
     DELETE FROM audit_checkpoint; DELETE FROM audit_line WHERE line LIKE '%store-closed%'`,
  );
  database.close();
  const again = disk.open();
  assert.equal(again.audit.lastEvent(), 'store-opened');
  again.close();
});

test('whatever is done, closed, shipped and erased, the log that is left is whole and fits every checkpoint ever signed', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('cross' as const), times: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ do: fc.constantFrom('checkpoint', 'ship', 'acknowledge', 'erase', 'reopen', 'later') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      using disk = newDisk();
      let now = Date.UTC(2026, 10, 25);
      const open = () => disk.open({ clock: { now: () => now } });
      let store = open();
      const kept: string[] = [];
      const sent: string[] = [];
      const shipped: string[] = [];
      for (const one of steps) {
        if (one.do === 'cross') for (let i = 0; i < one.times; i++) store.begin({ crossingId: uuidv7(), startedAt });
        else if (one.do === 'checkpoint') kept.push(store.audit.checkpoint());
        else if (one.do === 'later') now += 3_600_000;
        else if (one.do === 'erase') store.audit.erase(now - 1_800_000);
        else if (one.do === 'acknowledge') {
          // Not always the oldest first.
          const [id] = sent.splice(sent.length > 1 ? 1 : 0, 1);
          if (id) store.outbox.acknowledge([id]);
        } else if (one.do === 'ship') {
          const run = store.audit.nextRun();
          if (!run) continue;
          const sealed = packet(100, { kind: 'audit' });
          store.handOver(run, sealed);
          assert.throws(() => store.handOver(run, packet(100, { kind: 'audit' })), { code: 'store.failed' });
          sent.push(sealed.id);
          shipped.push(...run.lines);
        } else {
          store.close();
          store = open();
        }
        const { gone, acknowledged, shipped: through, covered, size } = store.audit.state();
        assert.ok(gone <= acknowledged && acknowledged <= through && through <= covered && covered <= size);
        assert.equal(shipped.length, through);
      }
      const file = exported(store);
      const { gone, size } = store.audit.state();
      for (const checkpoint of [undefined, ...kept]) {
        const verdict = await look(file, checkpoint);
        assert.deepEqual(
          [verdict.finding, verdict.before, verdict.lines, verdict.uncovered],
          [undefined, gone, size - gone, 0],
        );
      }
      // What was shipped is the log from its first line on.
      const numbers = shipped.map((line) => (JSON.parse(line) as { n: number }).n);
      assert.deepEqual(
        numbers,
        shipped.map((_, index) => index + 1),
      );
      store.close();
    }),
    { numRuns: 60 },
  );
});

test('a checkpoint is due after so many lines, whatever the time', () => {
  using disk = newDisk();
  const store = disk.open();
  for (let i = 0; i < 600; i++) store.begin({ crossingId: uuidv7(), startedAt });
  assert.deepEqual([store.audit.state().size, store.audit.state().covered], [602, 512]);
  const run = store.audit.nextRun();
  assert.equal(run?.lines.length, 256);
  store.close();
});

test('the database itself refuses to change, shorten, extend or replace the log', () => {
  using disk = newDisk();
  const store = disk.open();
  for (let i = 0; i < 5; i++) store.begin({ crossingId: uuidv7(), startedAt });
  store.close();
  const database = under(disk);
  const dump = () =>
    ['audit_log', 'audit_line', 'audit_checkpoint'].map((t) => database.prepare(`SELECT * FROM ${t}`).all());
  const before = dump();
  for (const sql of [
    `UPDATE audit_line SET line = ''`,
    'DELETE FROM audit_line',
    'DELETE FROM audit_line WHERE n = (SELECT max(n) FROM audit_line)',
    `INSERT INTO audit_line VALUES (99, '{}')`,
    `REPLACE INTO audit_line VALUES (1, '{}')`,
    `UPDATE audit_checkpoint SET note = ''`,
    'DELETE FROM audit_checkpoint',
    'UPDATE audit_log SET size = size - 1',
    `UPDATE audit_log SET origin = 'another'`,
    `UPDATE audit_log SET seed = x'00'`,
    'UPDATE audit_log SET gone = 3',
    'DELETE FROM audit_log',
    `REPLACE INTO audit_log SELECT * FROM audit_log`,
  ])
    assert.throws(() => database.exec(sql), /the log|checkpoint|one log|CHECK/, sql);
  assert.deepEqual(dump(), before);
  database.close();
});

test('of lines whose time is over no byte is left, and the log goes on from where they were', async () => {
  using disk = newDisk();
  let now = Date.UTC(2026, 10, 25);
  const store = disk.open({ clock: { now: () => now } });
  const crossingId = uuidv7();
  store.begin({ crossingId, startedAt });
  store.abandon(crossingId);
  const pages = () => {
    const database = under(disk);
    const bytes = database.serialize();
    database.close();
    return bytes;
  };
  const kept = store.audit.checkpoint();
  const sealed = packet(100, { kind: 'audit' });
  store.handOver(store.audit.nextRun()!, sealed);
  assert.equal(store.audit.erase(Infinity), 0, 'what central has not is never erased');
  store.outbox.acknowledge([sealed.id]);
  assert.equal(store.audit.erase(now), 0, 'its time is not over');
  store.close();
  assert.ok(pages().includes(crossingId), 'the control');
  now += 1;
  const again = disk.open({ clock: { now: () => now } });
  assert.equal(again.audit.erase(now), 4);
  again.outbox.purge();
  const verdict = await look(exported(again), kept);
  assert.deepEqual([verdict.finding, verdict.before, verdict.keptTooOld], [undefined, 4, false]);
  again.close();
  assert.ok(!pages().includes(crossingId));
});

test('the key with which the log is signed stays the same and is nowhere in what is exported', () => {
  using disk = newDisk();
  const store = disk.open();
  const { key } = store.audit.state();
  assert.equal(readKeyText(key).name, store.audit.state().origin);
  const file = exported(store);
  store.close();
  const database = under(disk);
  const seed = database.prepare('SELECT seed FROM audit_log').pluck().get() as Buffer;
  database.close();
  assert.equal(seed.length, 32);
  for (const form of ['hex', 'base64'] as const) assert.ok(!file.includes(seed.toString(form)));
  const again = disk.open();
  assert.equal(again.audit.state().key, key);
  again.close();
});
