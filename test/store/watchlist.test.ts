import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { rootOfAlerts } from '../../main/list-root.ts';
import { alert, alerts, madeAt, references, takeUp } from './alerts.ts';
import { type Disk, newDisk } from './disk.ts';

const listFiles = ({ directory }: Disk) => readdirSync(directory).filter((name) => name.includes('.list-'));
const listsOf = (disk: Disk) => listFiles(disk).filter((name) => !/-(wal|journal)$/.test(name));
const inOrder = (names: readonly string[]) => names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

test('a list that was taken up is the one in use, also after a restart, and says what it is', () => {
  using disk = newDisk();
  let store = disk.open();
  assert.deepEqual([store.watchlist.current(), references(store)], [undefined, []]);
  const listed = [
    ...alerts(30),
    alert(99, 'ÅNGSTRÖM'),
    { ...alert(7), reference: '\u{10000}' },
    { ...alert(8), reference: '\uFFFD' },
  ];
  takeUp(store, 7, listed);
  for (const look of ['now', 'after a restart']) {
    const { root, ...head } = store.watchlist.current()!;
    assert.deepEqual(head, { version: 7, madeAt, count: 33 }, look);
    assert.deepEqual(Buffer.from(root), rootOfAlerts(listed), look);
    assert.deepEqual(references(store), inOrder(listed.map(({ reference }) => reference)), look);
    assert.deepEqual(
      [...store.watchlist.alerts()].find(({ reference }) => reference === 'A-99'),
      alert(99, 'ÅNGSTRÖM'),
    );
    store.close();
    store = disk.open();
  }
  store.close();
});

test('changes make the list that a whole one of the same alerts is, whatever they are and in whatever order', () => {
  const change = fc.record({ number: fc.nat(40), surname: fc.constantFrom('', 'ONE', 'OTHER') });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(40), { maxLength: 30 }),
      fc.array(change, { maxLength: 40 }),
      (before, changes) => {
        using disk = newDisk();
        const store = disk.open();
        takeUp(
          store,
          1,
          before.map((number) => alert(number)),
        );
        const listed = new Map(before.map((number) => [number, alert(number)]));
        const draft = store.watchlist.draft('current');
        for (const { number, surname } of changes) {
          if (surname) draft.put(alert(number, surname));
          else draft.remove(alert(number).reference);
          if (surname) listed.set(number, alert(number, surname));
          else listed.delete(number);
        }
        const root = rootOfAlerts(listed.values());
        assert.deepEqual([Buffer.from(draft.root()), draft.count()], [root, listed.size]);
        assert.equal(store.watchlist.current()!.count, before.length, 'nothing has changed before it is committed');
        draft.commit({ version: 2, madeAt });
        assert.deepEqual(Buffer.from(store.watchlist.current()!.root), root);
        const sorted = inOrder([...listed.values()].map(({ reference }) => reference));
        assert.deepEqual(references(store), sorted);
        // What is kept of buckets is what a look at all of them gives.
        assert.deepEqual(Buffer.from(store.watchlist.draft('current').root()), root);
        store.close();
      },
    ),
    { numRuns: 12 },
  );
});

test('the root says which alerts there are, and not in which order they came', () => {
  const listed = alerts(300);
  const root = rootOfAlerts(listed);
  assert.deepEqual(rootOfAlerts(listed.toReversed()), root);
  for (const other of [listed.slice(1), [...listed.slice(1), alert(0, 'OTHER')], [...listed, alert(300)]])
    assert.notDeepEqual(rootOfAlerts(other), root);
});

test('the root of one alert, worked out by hand as list-root.ts tells it', () => {
  const sha256 = (...parts: Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');
  const of = (level: number, ...parts: Uint8Array[]) => sha256(Buffer.of(level), ...parts);
  // RFC 8949: a map of eight, each name of a field before its value, the shorter ones first; 0x80 is an empty array.
  const field = (name: string, value: Buffer) =>
    Buffer.concat([Buffer.of(0x60 + name.length), Buffer.from(name), value]);
  const nothing = Buffer.of(0x80);
  const bytes = [
    Buffer.of(0xa8),
    field('faces', nothing),
    field('action', Buffer.from('\x66arrest')),
    field('silent', Buffer.of(0xf4)),
    field('fingers', nothing),
    field('category', Buffer.from('\x66arrest')),
    field('documents', nothing),
    field('reference', Buffer.from('\x61A')),
    field('identities', nothing),
  ];
  const buckets = Buffer.alloc(65_536 * 32);
  of(1, of(0, ...bytes)).copy(buckets, sha256(Buffer.from('A')).readUInt16BE() * 32);
  const order = { category: 'arrest' as const, action: 'arrest' as const, silent: false };
  const listed = { reference: 'A', ...order, documents: [], identities: [], fingers: [], faces: [] };
  assert.deepEqual(rootOfAlerts([listed]), of(2, buckets));
});

test('a draft that is given up, or is open at the end, leaves the list there was and no file', () => {
  using disk = newDisk();
  let store = disk.open();
  takeUp(store, 1, alerts(3));
  const whole = store.watchlist.draft('nothing');
  const changes = store.watchlist.draft('current');
  for (const draft of [whole, changes]) {
    draft.put(alert(9));
    draft.abandon();
    draft.abandon();
    assert.throws(() => draft.commit({ version: 2, madeAt }), { code: 'watchlist.unavailable' });
  }
  store.watchlist.draft('nothing').put(alert(8));
  assert.equal(listsOf(disk).length, 2, 'of a draft there is one');
  store.close();
  store = disk.open();
  assert.deepEqual(references(store), ['A-0', 'A-1', 'A-2']);
  assert.equal(listsOf(disk).length, 1);
  assert.equal(store.watchlist.current()?.version, 1);
  store.close();
});

test('no list is older than one that was there before, nor one that changes another than it was made of', () => {
  using disk = newDisk();
  const store = disk.open();
  takeUp(store, 5, alerts(2));
  assert.throws(() => takeUp(store, 4, alerts(3)), { code: 'watchlist.old' });
  const changes = store.watchlist.draft('current');
  changes.put(alert(7));
  takeUp(store, 6, alerts(1));
  assert.throws(() => changes.commit({ version: 7, madeAt }), { code: 'watchlist.old' });
  store.watchlist.erase('expired');
  assert.throws(() => takeUp(store, 5, alerts(3)), { code: 'watchlist.old' });
  assert.throws(() => store.watchlist.draft('current'), { code: 'watchlist.unavailable' });
  takeUp(store, 6, alerts(1));
  assert.equal(store.watchlist.eraseThrough(5), false);
  assert.equal(references(store).length, 1, 'an order about older lists');
  assert.equal(store.watchlist.eraseThrough(8), true);
  assert.deepEqual([store.watchlist.current(), store.watchlist.eraseThrough(8)], [undefined, false]);
  assert.throws(() => takeUp(store, 8, alerts(3)), { code: 'watchlist.old' });
  takeUp(store, 9, alerts(3));
  assert.equal(store.watchlist.least(), 9);
  store.close();
});

test('a list that cannot be read is erased, the kiosk starts, and the log says so', () => {
  using disk = newDisk();
  const spoil: ((file: string) => void)[] = [(file) => truncateSync(file, 4096), (file) => rmSync(file)];
  for (const [index, each] of spoil.entries()) {
    let store = disk.open();
    takeUp(store, index + 1, alerts(50));
    store.close();
    each(join(disk.directory, listFiles(disk)[0]!));
    store = disk.open();
    assert.deepEqual([store.watchlist.current(), references(store), listFiles(disk)], [undefined, [], []]);
    const lines = [...store.audit.rows()].join('\n');
    assert.ok(lines.includes(`"cause":"corrupt","event":"watchlist-erased","listVersion":"${index + 1}"`), lines);
    store.close();
  }
});

test('who reads a list while another takes its place is told', () => {
  using disk = newDisk();
  const store = disk.open();
  takeUp(store, 1, alerts(2000));
  const reading = store.watchlist.alerts();
  reading.next();
  takeUp(store, 2, alerts(1));
  assert.throws(() => [...reading], { code: 'watchlist.unavailable' });
  const draft = store.watchlist.draft('nothing');
  assert.throws(() => draft.put({ ...alert(1), reference: '' }), { code: 'watchlist.malformed' });
  store.close();
});
