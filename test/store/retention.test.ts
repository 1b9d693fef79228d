import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { migrate } from '../../main/store/migration.ts';
import { retention } from '../../main/store/retention.ts';
import { uuidv7 } from '../uplink/records.ts';
import { newDisk, packet } from './disk.ts';

test('every table of the store has its rule of retention, and no rule is for a table that is not there', () => {
  const database = new Database(':memory:');
  migrate(database);
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
  assert.deepEqual(Object.keys(retention).toSorted(), tables);
  const sealedOnly = Object.entries(retention).filter(([, { holds }]) => holds.includes('biometrics'));
  assert.deepEqual(
    sealedOnly.map(([table]) => table),
    ['sealed'],
    'what is biometric is nowhere but under central’s seal',
  );
});

test('what a rule does not let stay is gone once the store is opened, and what it lets stay is there', () => {
  using disk = newDisk();
  const store = disk.open();
  const [waiting, underWay] = [packet(), uuidv7()];
  store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [waiting]);
  store.begin({ crossingId: underWay, startedAt: '2027-01-01T00:00:00.000Z' });
  store.close();
  const raw = (): Database.Database => {
    const database = new Database(disk.file);
    database.pragma(`cipher='aegis'`);
    database.pragma(`key="raw:${Buffer.from(disk.key).toString('hex')}"`);
    return database;
  };
  const planted = raw();
  planted.exec(`
    INSERT INTO crossing VALUES ('left-over', 's', 'refer');
    UPDATE ledger SET last_sequence = 20000;
    INSERT INTO delivered VALUES (9000, 'long-ago'), (15000, 'of-late');
  `);
  planted.close();
  disk.open().close();
  const after = raw();
  const column = (sql: string) => after.prepare(sql).pluck().all();
  assert.deepEqual(column('SELECT outcome FROM crossing ORDER BY outcome'), [null, 'clear']);
  assert.deepEqual(column('SELECT id FROM delivered'), ['of-late']);
  assert.deepEqual(column('SELECT id FROM outbox'), [waiting.id]);
  assert.ok(!after.serialize().includes('left-over') && !after.serialize().includes('long-ago'));
  after.close();
});
