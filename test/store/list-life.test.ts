import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { deathOf, lawfulLife, lifeOf } from '../../main/store/list-life.ts';
import type { Store } from '../../main/store/store.ts';
import { alerts, madeAt, takeUp } from './alerts.ts';
import { type Disk, newDisk } from './disk.ts';

const hourMs = 3_600_000;
const made = Date.parse(madeAt);

/** A machine: how long it has run, what its clock says, and what central's would say. */
function machine(disk: Disk) {
  const at = { bootId: 'first', uptimeMs: 1000, wallMs: made, centralMs: made + hourMs };
  return {
    at,
    open: (afterPowerLoss: 'confirm' | 'clock' = 'confirm') =>
      disk.open({
        uptime: { bootId: at.bootId, ms: () => at.uptimeMs },
        clock: { now: () => at.wallMs },
        watchlist: { ...lawfulLife, afterPowerLoss },
      }),
    hear: (store: Store) => store.outbox.settle({ centralMs: at.centralMs }),
    /** Time goes by while the machine runs. */
    wait(ms: number) {
      at.uptimeMs += ms;
      at.wallMs += ms;
      at.centralMs += ms;
    },
    /** The machine is off for so long. */
    off(ms: number) {
      Object.assign(at, { bootId: crypto.randomUUID(), uptimeMs: 1000 });
      at.wallMs += ms;
      at.centralMs += ms;
    },
  };
}

/** The key of the list as the store has it: what an attacker who has the store's key would find. */
function listKey({ file, key }: Disk): Buffer | null {
  const database = new Database(file, { readonly: true });
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  const found = database.prepare('SELECT key FROM list').pluck().get() as Buffer | null;
  database.close();
  return found;
}

/** The store's pages, free ones too, as they are under its encryption. */
function pages({ file, key }: Disk): Buffer {
  const database = new Database(file);
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  const bytes = database.serialize();
  database.close();
  return bytes;
}

const listFiles = ({ directory }: Disk) => readdirSync(directory).filter((name) => name.includes('.list-'));

/** Nothing is left of a list: no key anywhere in the store, no file. */
function gone(disk: Disk, key: Buffer): void {
  assert.equal(listKey(disk), null);
  assert.ok(!pages(disk).includes(key));
  assert.deepEqual(listFiles(disk), []);
}

/** A kiosk that took up a list an hour after its making; its key, too. */
function withList(disk: Disk) {
  const kiosk = machine(disk);
  let store = kiosk.open();
  kiosk.hear(store);
  takeUp(store, 1, alerts(20));
  assert.equal(store.watchlist.state(), 'in-use');
  store.close();
  const key = listKey(disk)!;
  assert.ok(key.some((byte) => byte !== 0) && pages(disk).includes(key), 'the control: the key is there to be found');
  store = kiosk.open();
  return { kiosk, store, key };
}

test('48 hours after its making a list is dead and its key destroyed, whatever the clock was set to', () => {
  for (const clock of [0, -30 * 24 * hourMs, 30 * 24 * hourMs]) {
    using disk = newDisk();
    const { kiosk, store, key } = withList(disk);
    kiosk.at.wallMs += clock;
    kiosk.wait(47 * hourMs - 1);
    assert.equal(store.watchlist.state(), 'in-use', `${clock}`);
    kiosk.wait(1);
    assert.equal(store.watchlist.state(), 'none');
    assert.deepEqual([store.watchlist.current(), [...store.watchlist.alerts()]], [undefined, []]);
    assert.ok([...store.audit.rows()].join('\n').includes('"event":"watchlist-expired","listVersion":"1"'));
    store.close();
    gone(disk, key);
  }
});

test('a start of the program alone loses no time, and one with a dead list leaves no key', () => {
  using disk = newDisk();
  const { kiosk, store, key } = withList(disk);
  store.close();
  kiosk.wait(40 * hourMs);
  let again = kiosk.open();
  assert.equal(again.watchlist.state(), 'in-use');
  again.close();
  assert.deepEqual(listKey(disk), key);
  kiosk.wait(7 * hourMs);
  again = kiosk.open();
  assert.equal(again.watchlist.current(), undefined);
  again.close();
  gone(disk, key);
});

test('after the machine was off the list is shut until central has said what time it is', () => {
  for (const [offMs, then] of [
    [hourMs, 'in-use'],
    [47 * hourMs, 'none'],
  ] as const) {
    using disk = newDisk();
    const { kiosk, store } = withList(disk);
    store.close();
    kiosk.off(offMs);
    // The clock says that no time has gone by.
    kiosk.at.wallMs = made;
    const again = kiosk.open();
    assert.equal(again.watchlist.state(), 'unconfirmed');
    kiosk.hear(again);
    assert.equal(again.watchlist.state(), then);
    again.close();
  }
});

test('where the clock is believed after the machine was off, it opens the list and can end it, but not beyond its life', () => {
  using disk = newDisk();
  const { kiosk, store } = withList(disk);
  store.close();
  kiosk.off(hourMs);
  let again = kiosk.open('clock');
  assert.equal(again.watchlist.state(), 'in-use');
  kiosk.at.wallMs = 0;
  assert.equal(again.watchlist.state(), 'in-use', 'a clock that is set back is older than what is known');
  // While it runs its own time goes on.
  kiosk.at.uptimeMs += 47 * hourMs;
  assert.equal(again.watchlist.state(), 'none');
  kiosk.at.wallMs = kiosk.at.centralMs;
  takeUp(again, 2, alerts(1), new Date(kiosk.at.wallMs).toISOString());
  again.close();
  kiosk.off(48 * hourMs);
  again = kiosk.open('clock');
  assert.equal(again.watchlist.state(), 'none');
  again.close();
});

test('a disk that is put back as it was, with the machine off in between, opens no list before central has spoken', () => {
  using disk = newDisk();
  const { kiosk, store, key } = withList(disk);
  store.close();
  const image = new Map(readdirSync(disk.directory).map((name) => [name, readFileSync(join(disk.directory, name))]));
  kiosk.off(100 * hourMs);
  kiosk.at.wallMs = made;
  using other = newDisk();
  for (const [name, bytes] of image) writeFileSync(join(other.directory, name), bytes);
  const copy = newDisk(other.directory, disk.key);
  const back = machine(copy);
  Object.assign(back.at, kiosk.at);
  const opened = back.open();
  assert.equal(opened.watchlist.state(), 'unconfirmed');
  opened.outbox.settle({ centralMs: kiosk.at.centralMs });
  assert.equal(opened.watchlist.state(), 'none');
  opened.close();
  gone(copy, key);
});

test('central set back gives no list more than two days, and one made in the future is shut', () => {
  using disk = newDisk();
  const { kiosk, store } = withList(disk);
  kiosk.wait(24 * hourMs);
  store.outbox.settle({ centralMs: made - 1000 * hourMs });
  assert.equal(store.watchlist.state(), 'early');
  kiosk.wait(23 * hourMs);
  assert.equal(store.watchlist.state(), 'none');
  store.close();
});

test('a list that is dead already is not taken up', () => {
  using disk = newDisk();
  const kiosk = machine(disk);
  const store = kiosk.open();
  kiosk.wait(47 * hourMs);
  kiosk.hear(store);
  assert.throws(() => takeUp(store, 1, alerts(1)), { code: 'watchlist.old' });
  assert.deepEqual(listFiles(disk), []);
  store.close();
});

test('no time that is known to be later brings a list back, and none lives longer than its life', () => {
  const ms = fc.integer({ min: 0, max: 200 * hourMs });
  const known = fc.record({
    ownMs: ms,
    wallMs: ms.map((wall) => made + wall),
    central: fc.option(fc.record({ ms: ms.map((at) => made + at), sure: fc.boolean() }), { nil: undefined }),
  });
  const settings = fc.record({
    maximumAgeMs: fc.constantFrom(48 * hourMs, hourMs),
    afterPowerLoss: fc.constantFrom('confirm' as const, 'clock' as const),
  });
  fc.assert(
    fc.property(known, ms, settings, (time, laterMs, settings) => {
      const list = { madeAt, diesOwnMs: deathOf(madeAt, time, settings) };
      assert.ok(list.diesOwnMs <= time.ownMs + settings.maximumAgeMs);
      const later = { ...time, ownMs: time.ownMs + laterMs };
      const life = lifeOf(list, later, settings);
      if (lifeOf(list, time, settings) === 'dead') assert.equal(life, 'dead');
      if (laterMs >= settings.maximumAgeMs) assert.equal(life, 'dead');
      if (life === 'in-use' && settings.afterPowerLoss === 'confirm') assert.equal(later.central?.sure, true);
    }),
  );
});
