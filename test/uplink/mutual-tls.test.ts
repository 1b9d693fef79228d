import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { crossingRecord, guardRecord } from './records.ts';
import { layField, ship } from './field.ts';
import { createAuthority, selfSigned } from '../sim/pki/authority.ts';

const kiosk = { name: 'gate-1', unit: 'kiosk' };

test('a record that central has receipted is at central, whole, and gone from the kiosk', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const records = [crossingRecord('gate-1'), guardRecord('gate-1'), crossingRecord('gate-1')];
  for (const record of records) await field.keep(record);
  const { uplink, until } = ship(field, central);
  await until(() => field.store.outbox.stats().delivered === 3);
  assert.equal(uplink.status(), 'online');
  assert.deepEqual(field.store.outbox.stats(), { ready: 0, parked: 0, bytes: 0, oldestSeconds: 0, delivered: 3 });
  assert.deepEqual(new Set(central.records().map(({ id }) => id)), new Set(records.map(({ id }) => id)));
  assert.deepEqual(central.gaps(), []);
  await uplink.stop();
  await central.close();
});

const impostors = {
  'a self-signed certificate of the same name': async () => selfSigned(kiosk),
  'a certificate of a foreign authority': async () => (await createAuthority()).issue(kiosk),
};
