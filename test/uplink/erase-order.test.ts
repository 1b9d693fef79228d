import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { orderFor, readListOrders } from '../../central/list-orders.ts';
import { openLogKeeper } from '../../main/keeping/log-keeper.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { alerts, references, takeUp } from '../store/alerts.ts';
import { layField, ship } from './field.ts';

test('what central orders erased is erased with the next receipt, stays away, and central finds it in the log of the kiosk', async () => {
  await using field = await layField();
  const { store } = field;
  const now = new Date().toISOString();
  takeUp(store, 5, alerts(3), now);
  const central = await openCentral(readDirectory(field.pki.central));
  const orders: number[] = [];
  const start = () =>
    ship(field, {
      url: central.url,
      onEraseOrder(through) {
        orders.push(through);
        store.watchlist.eraseThrough(through);
      },
    });
  const first = start();
  await first.until((uplink) => uplink.status() === 'online');
  await first.uplink.stop();
  assert.deepEqual([orders, references(store).length], [[], 3], 'without an order nothing is erased');

  const written = { format: 'limen-list-orders', version: 1, kiosks: { 'gate-1': 5, 'gate-2': 9 } };
  writeFileSync(join(field.pki.central, 'erase-lists.json'), JSON.stringify(written));
  await central.reload(readDirectory(field.pki.central));
  const second = start();
  await second.until((uplink) => uplink.status() === 'online');
  assert.deepEqual([orders, store.watchlist.current(), store.watchlist.copies()], [[5], undefined, []]);
  assert.throws(() => takeUp(store, 5, alerts(3), now), { code: 'watchlist.old' });
  takeUp(store, 6, alerts(2), now);

  const keeper = openLogKeeper({
    store,
    kioskId: 'gate-1',
    checkpointMs: 0,
    keepMs: Infinity,
    seal: (record) => sealRecord(record, field.credentials.centralKey),
    onShipped: () => second.uplink.nudge(),
    clock: { now: Date.now, monotonicMs: () => performance.now() },
  });
  assert.equal(await keeper.beat(), undefined);
  await second.until(() => store.outbox.stats().ready === 0);
  await second.uplink.stop();
  assert.ok(orders.length > 1 && orders.every((through) => through === 5), 'the order stands');
  assert.equal(store.watchlist.current()?.version, 6, 'and does not reach the next list');
  const { kioskLogs } = central.services;
  await kioskLogs.advance();
  const [log] = await kioskLogs.logs();
  const lines = await kioskLogs.read('gate-1', log!.origin, 0);
  const erased = lines.filter((line) => line.includes('watchlist-erased'));
  assert.equal(erased.length, 1);
  assert.ok(erased[0]!.includes('"cause":"ordered","event":"watchlist-erased","listVersion":"5"'), erased[0]);
  await central.close();
});

test('an order is for the kiosk it names, or for all; the higher one counts, and what is none is refused', () => {
  const orders = readListOrders('{"format":"limen-list-orders","version":1,"everywhere":4,"kiosks":{"a":7,"b":2}}');
  assert.deepEqual(
    ['a', 'b', 'c', 'toString'].map((kiosk) => orderFor(kiosk, orders)),
    [7, 4, 4, 4],
  );
  assert.equal(orderFor('a', undefined), undefined);
  const none = readListOrders('{"format":"limen-list-orders","version":1,"kiosks":{"a":7}}');
  assert.equal(orderFor('b', none), undefined);
  for (const text of ['', '{}', '{"format":"limen-list-orders","version":1,"everywhere":0}'])
    assert.throws(() => readListOrders(text), { code: 'config.invalid' });
});
