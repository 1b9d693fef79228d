import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AuditEvent } from '../../main/contract/audit.ts';
import { readMrz } from '../../main/document/mrz.ts';
import type { Store } from '../../main/store/store.ts';
import { lawfulLife } from '../../main/store/list-life.ts';
import { type LocalList, openLocalList } from '../../main/watchlist/local-list.ts';
import { alert, alerts, madeAt, takeUp } from '../store/alerts.ts';
import { writeMrz } from '../sim/document/mrz.ts';
import { type Disk, newDisk } from '../store/disk.ts';

const hourMs = 3_600_000;
const signal = new AbortController().signal;

/** A kiosk's list on a machine whose time is told here. */
function laid(disk: Disk) {
  const at = { uptimeMs: 1000, bootId: 'one' };
  const store = disk.open({ uptime: { bootId: at.bootId, ms: () => at.uptimeMs }, watchlist: lawfulLife });
  store.outbox.settle({ centralMs: Date.parse(madeAt) });
  const told: AuditEvent[] = [];
  const list = open(store, told);
  return {
    at,
    store,
    list,
    told,
    names: () => told.map((event) => `${event.event} ${'place' in event ? event.place : ''}`),
  };
}

const open = (store: Store, told: AuditEvent[] = []) =>
  openLocalList({
    kept: store.watchlist,
    faceModel: 'dlib-face-recognition-resnet',
    thresholds: {},
    note: (event) => told.push(event),
  });

const fields = {
  code: 'P',
  issuingState: 'D',
  nationality: 'D',
  number: 'X1',
  surname: 'QUITE',
  givenNames: 'OTHER',
  sex: 'F',
} as const;
const reading = readMrz(
  writeMrz('TD3', { ...fields, birthDate: '1964-08-12', expiryDate: '2031-01-01' }),
  '2026-11-25',
);
assert.ok(reading.kind === 'read');
const { document } = reading;

const found = async (list: LocalList) => {
  const { hits, shortcomings, searched } = await list.search({ document }, signal);
  return { hits: hits.map(({ alert }) => alert), shortcomings, searched: searched.length };
};
const shut = (why: string) => ({ hits: [], shortcomings: [why], searched: 0 });

test('at its hour the list is searched no more and gone from memory, though nobody searches', async () => {
  using disk = newDisk();
  const { at, store, list, names } = laid(disk);
  assert.deepEqual(await found(list), shut('no-list'));
  takeUp(store, 3, alerts(5));
  assert.deepEqual(await found(list), shut('list-loading'));
  await list.look();
  assert.deepEqual([list.version, list.standing()], ['3', 'in-use']);
  assert.deepEqual((await found(list)).hits, ['A-1']);
  const [copy] = list.copies();
  assert.deepEqual(copy, {
    place: 'memory',
    where: 'core',
    version: 3,
    alerts: 5,
    madeAt,
    expiresAt: new Date(Date.parse(madeAt) + 48 * hourMs).toISOString(),
  });
  at.uptimeMs += 48 * hourMs;
  await list.look();
  assert.deepEqual([list.copies(), store.watchlist.copies(), list.version], [[], [], 'none']);
  assert.deepEqual(names(), ['watchlist-copied memory', 'watchlist-copy-gone memory']);
  assert.deepEqual(await found(list), shut('no-list'));
  store.close();
});

test('a search in the second before the next look finds no dead list either', async () => {
  using disk = newDisk();
  const { at, store, list } = laid(disk);
  takeUp(store, 3, alerts(5));
  await list.look();
  at.uptimeMs += 48 * hourMs;
  assert.deepEqual(await found(list), shut('no-list'));
  assert.deepEqual(list.copies(), []);
  store.close();
});

test('another list takes the place of the one before when it is ready, and one that is erased is forgotten', async () => {
  using disk = newDisk();
  const { store, list } = laid(disk);
  await list.replace({ version: 1, madeAt, alerts: alerts(3) });
  takeUp(store, 2, [{ ...alert(1), reference: 'B' }]);
  // Until it is taken in, the one before is searched.
  assert.deepEqual((await found(list)).hits, ['A-1']);
  await list.look();
  assert.deepEqual([list.version, (await found(list)).hits], ['2', ['B']]);
  store.watchlist.eraseThrough(2);
  assert.deepEqual(await found(list), shut('no-list'));
  assert.deepEqual(list.copies(), []);
  store.close();
});

test('after the machine was off nothing is searched, nor taken into memory, before central has spoken', async () => {
  using disk = newDisk();
  const { at, store } = laid(disk);
  takeUp(store, 3, alerts(5));
  store.close();
  const again = disk.open({ uptime: { bootId: 'two', ms: () => at.uptimeMs } });
  const list = open(again);
  await list.look();
  assert.deepEqual([await found(list), list.copies()], [shut('list-unconfirmed'), []]);
  again.outbox.settle({ centralMs: Date.parse(madeAt) + hourMs });
  await list.look();
  assert.deepEqual((await found(list)).hits, ['A-1']);
  list.close();
  assert.deepEqual(list.copies(), []);
  again.close();
});

test('a list that turns out unreadable is erased, and the gate goes on without one', async () => {
  using disk = newDisk();
  const { store } = laid(disk);
  takeUp(store, 3, alerts(3000));
  const { where } = store.watchlist.copies()[0]!;
  store.close();
  const file = join(disk.directory, where);
  const bytes = readFileSync(file);
  bytes.fill(7, bytes.length / 2, bytes.length / 2 + 8192);
  writeFileSync(file, bytes);
  const again = disk.open();
  again.outbox.settle({ centralMs: Date.parse(madeAt) });
  const list = open(again);
  assert.equal((await list.look())?.code, 'store.corrupt');
  assert.deepEqual([await found(list), again.watchlist.copies()], [shut('no-list'), []]);
  assert.equal(await list.look(), undefined);
  again.close();
});
