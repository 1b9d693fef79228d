import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCheckpoint } from '../../main/audit/checkpoint.ts';
import { Fault } from '../../main/contract/fault.ts';
import type { AuditRecord, LimenRecord } from '../../main/contract/record.ts';
import { watchDoings } from '../../main/keeping/doings.ts';
import { eventsOf } from '../../main/keeping/events.ts';
import { openLogKeeper } from '../../main/keeping/log-keeper.ts';
import { newDisk, packet } from '../store/disk.ts';
import { alarmRecord, biometricsRecord, crossingRecord, guardRecord, uuidv7 } from '../uplink/records.ts';

const minuteMs = 60_000;
const startedAt = '2026-11-24T04:10:00.000Z';

/** A keeper on a disk of its own, whose seal only packs. */
function keeping(disk: ReturnType<typeof newDisk>) {
  const clock = { wallMs: Date.UTC(2026, 10, 25), monotonicMs: 0 };
  const store = disk.open({ clock: { now: () => clock.wallMs } });
  const records: AuditRecord[] = [];
  const gate: { fault?: Fault } = {};
  const keeper = openLogKeeper({
    store,
    kioskId: 'gate-1',
    checkpointMs: 5 * minuteMs,
    keepMs: 24 * 60 * minuteMs,
    seal: async (record: LimenRecord) => {
      if (gate.fault) throw gate.fault;
      records.push(record as AuditRecord);
      return packet(50, { id: record.id, kind: 'audit' });
    },
    onShipped: () => {},
    clock: { now: () => clock.wallMs, monotonicMs: () => clock.monotonicMs },
  });
  return {
    store,
    keeper,
    records,
    gate,
    clock,
    pass: (ms: number) => {
      clock.wallMs += ms;
      clock.monotonicMs += ms;
    },
  };
}

test('the log is signed and shipped every few minutes when there is something new, and not otherwise', async () => {
  using disk = newDisk();
  const { store, keeper, records, pass } = keeping(disk);
  await keeper.beat();
  assert.equal(records.length, 0);
  pass(5 * minuteMs);
  await keeper.beat();
  assert.deepEqual(
    records.map(({ first, lines }) => [first, lines.length]),
    [[0, 2]],
  );
  for (let i = 0; i < 10; i++) {
    pass(5 * minuteMs);
    await keeper.beat();
  }
  // Its own packet is acknowledged without a line, or the log would never be at rest.
  store.outbox.acknowledge([records[0]!.id]);
  pass(5 * minuteMs);
  await keeper.beat();
  assert.equal(records.length, 1);
  store.begin({ crossingId: uuidv7(), startedAt });
  pass(5 * minuteMs);
  await keeper.beat();
  assert.deepEqual([records[1]!.first, readCheckpoint(records[1]!.checkpoint).size], [2, 3]);
  store.close();
});

test('a run that cannot be sealed or stored is shipped later, and the runs stay without a gap', async () => {
  using disk = newDisk();
  const { store, keeper, records, gate, pass } = keeping(disk);
  gate.fault = new Fault('seal.failed');
  for (let i = 0; i < 700; i++) store.begin({ crossingId: uuidv7(), startedAt });
  pass(5 * minuteMs);
  assert.equal((await keeper.beat())?.code, 'seal.failed');
  assert.equal(store.audit.state().shipped, 0);
  delete gate.fault;
  // Two beats at once are one.
  await Promise.all([keeper.beat(), keeper.beat()]);
  let next = 0;
  for (const { first, lines, checkpoint } of records) {
    assert.equal(first, next);
    next += lines.length;
    assert.equal(readCheckpoint(checkpoint).size, next);
  }
  assert.deepEqual([next, store.audit.state().shipped], [702, 702]);
  store.close();
});

test('a clock that is set is in the log, by how much; one that only goes on is not', async () => {
  using disk = newDisk();
  const { store, keeper, clock, pass } = keeping(disk);
  pass(3_600_000);
  await keeper.beat();
  clock.wallMs -= 86_400_000;
  await keeper.beat();
  clock.wallMs += 500;
  await keeper.beat();
  const jumps = [...store.audit.rows()].filter((row) => row.includes('clock-jumped'));
  assert.equal(jumps.length, 1);
  assert.match(jumps[0]!, /"byMs":-86400000/);
  store.close();
});

test('lines go when central has had them long enough', async () => {
  using disk = newDisk();
  const { store, keeper, records, pass } = keeping(disk);
  store.begin({ crossingId: uuidv7(), startedAt });
  pass(5 * minuteMs);
  await keeper.beat();
  pass(48 * 60 * minuteMs);
  await keeper.beat();
  assert.equal(store.audit.state().gone, 0);
  store.outbox.acknowledge([records[0]!.id]);
  pass(23 * 60 * minuteMs);
  await keeper.beat();
  assert.equal(store.audit.state().gone, 0);
  pass(2 * 60 * minuteMs);
  await keeper.beat();
  assert.deepEqual([store.audit.state().gone, store.audit.lastEvent()], [3, 'lines-erased']);
  store.close();
});

test('records are told of by ids, outcome and codes, and by nothing of whom they are about', () => {
  const crossing = crossingRecord('gate-1', '', {
    outcome: 'refer',
    reasons: [{ code: 'watchlist-name', alert: 'A-7', score: 0.9 }],
  });
  const { crossingId } = crossing;
  const alarm = { ...alarmRecord('gate-1'), crossingId };
  const biometrics = { ...biometricsRecord('gate-1'), crossingId };
  const [raised, concluded] = eventsOf([alarm, crossing, biometrics]);
  assert.deepEqual(raised, {
    event: 'alarm-raised',
    crossingId,
    reasons: ['watchlist-document'],
    packetIds: [alarm.id],
  });
  assert.deepEqual(concluded, {
    event: 'crossing-concluded',
    crossingId,
    outcome: 'refer',
    reasons: ['watchlist-name'],
    listVersion: '2026-11-24.1',
    fallback: false,
    packetIds: [alarm.id, crossing.id, biometrics.id],
  });
  const guard = guardRecord('gate-1', 'she wore a red coat');
  const decided = { event: 'guard-decided', crossingId: guard.crossingId, staffId: 'guard-7', outcome: 'admit' };
  assert.deepEqual(eventsOf([guard]), [{ ...decided, packetIds: [guard.id] }]);
});

test('a state that lasts is told once, and again when it comes back', () => {
  const told: string[] = [];
  const doings = watchDoings((event) => told.push(JSON.stringify(event)));
  const out = { role: 'fingerScanner', state: 'out', fault: 'device.hostile' } as const;
  for (const cause of ['device', 'device', 'camera', false, false, 'store'] as const) doings.serving(cause);
  for (const state of ['out', 'out', 'ready', 'out'] as const) doings.devices([{ ...out, state }]);
  assert.deepEqual(told, [
    '{"event":"self-service-left","cause":"device"}',
    '{"event":"self-service-entered"}',
    '{"event":"self-service-left","cause":"store"}',
    '{"event":"device-out","role":"fingerScanner","fault":"device.hostile"}',
    '{"event":"device-out","role":"fingerScanner","fault":"device.hostile"}',
  ]);
});
