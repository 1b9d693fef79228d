import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { migrate, migrations, refuseNewer } from '../../main/store/migration.ts';
import { newDisk } from './disk.ts';

/** A database as a program of that version left it. */
function databaseOf(version: number): Database.Database {
  const database = new Database(':memory:');
  migrate(
    database,
    migrations.filter((step) => step.version <= version),
  );
  return database;
}

const rows = (database: Database.Database, table: string) => database.prepare(`SELECT * FROM ${table}`).all();

test('10: a crossing under way is kept through every later version', () => {
  const database = databaseOf(10);
  database.exec(`INSERT INTO crossing (id, started_at) VALUES ('c', 's')`);
  migrate(database);
  assert.deepEqual(rows(database, 'crossing'), [{ id: 'c', started_at: 's', outcome: null }]);
});

test('20: packets are kept through every later version, and their bytes go with them', () => {
  const database = databaseOf(20);
  database.pragma('foreign_keys = ON');
  database.exec(`
    INSERT INTO crossing (id, started_at) VALUES ('c', 's');
    INSERT INTO outbox (sequence, id, crossing_id, kiosk_id, kind, key_id, bytes, sha256, lane, stored_at_ms)
      VALUES (1, 'p', 'c', 'gate-1', 'crossing', 'k', 1, x'00', 1, 0);
    INSERT INTO sealed VALUES (1, x'2a');
  `);
  migrate(database);
  assert.deepEqual(rows(database, 'sealed'), [{ sequence: 1, bytes: Buffer.from([42]) }]);
  assert.throws(() => database.exec(`DELETE FROM crossing`), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
  database.exec('DELETE FROM outbox');
  assert.deepEqual(rows(database, 'sealed'), []);
});

test('120: a list of before, which nobody signed, is gone; there is one list at a time', () => {
  const database = databaseOf(30);
  database.exec(`INSERT INTO watchlist VALUES (1, 'v', 'i'); INSERT INTO alert VALUES (1, x'2a')`);
  migrate(database);
  const none = { only: 1, least: 1, name: null, key: null, version: null, made_at: null, dies_own_ms: null };
  assert.deepEqual(rows(database, 'list'), [none]);
  assert.throws(() => rows(database, 'alert'), /no such table/);
  assert.throws(() => database.exec(`INSERT INTO list (only, least) VALUES (2, 1)`), {
    code: 'SQLITE_CONSTRAINT_CHECK',
  });
  assert.throws(() => database.exec(`UPDATE list SET name = 'half'`), { code: 'SQLITE_CONSTRAINT_CHECK' });
});

test('60: there is one key document at a time', () => {
  const database = databaseOf(60);
  database.exec(`INSERT INTO key_document VALUES (1, 'a.b.c')`);
  migrate(database);
  assert.deepEqual(rows(database, 'key_document'), [{ only: 1, jws: 'a.b.c' }]);
  assert.throws(() => database.exec(`INSERT INTO key_document VALUES (2, 'd')`), { code: 'SQLITE_CONSTRAINT_CHECK' });
});

test('40: a queue keeps its order, its bytes and what is parked in it, and is counted', () => {
  const database = databaseOf(30);
  database.pragma('foreign_keys = ON');
  database.exec(`
    INSERT INTO crossing (id, started_at) VALUES ('c', 's');
    INSERT INTO outbox (sequence, id, crossing_id, kiosk_id, kind, key_id, bytes, sha256, lane, stored_at_ms, fault) VALUES
      (1, 'p', 'c', 'gate-1', 'crossing', 'k', 7, x'00', 1, 99, NULL),
      (2, 'q', 'c', 'gate-1', 'guard-decision', 'k', 5, x'00', 0, 99, NULL),
      (3, 'r', 'c', 'gate-1', 'crossing', 'k', 3, x'00', 1, 99, 'uplink.refused');
    INSERT INTO sealed VALUES (1, x'2a'), (2, x'2b'), (3, x'2c');
  `);
  migrate(database);
  const order = 'SELECT id FROM outbox WHERE fault IS NULL ORDER BY lane, sequence';
  assert.deepEqual(database.prepare(order).pluck().all(), ['p', 'q']);
  assert.deepEqual(database.prepare('SELECT bytes FROM sealed').pluck().all().length, 3);
  const counted = database.prepare('SELECT lane, ready, bytes FROM lane WHERE ready > 0').all();
  assert.deepEqual(counted, [{ lane: 1, ready: 2, bytes: 12 }]);
  database.exec(`DELETE FROM outbox WHERE id = 'p'`);
  assert.equal(database.prepare('SELECT count(*) FROM sealed').pluck().get(), 2);
});

test('the schema is the one written down', () => {
  const schema = databaseOf(Infinity)
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
    .pluck()
    .all()
    .map((sql) => `${String(sql).replaceAll(/\n {4}/g, '\n')};\n`)
    .join('\n');
  assert.equal(schema, readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
});

test('steps go up, a step that fails leaves the version before it, and a newer database is refused', () => {
  const versions = migrations.map(({ version }) => version);
  assert.deepEqual(
    versions,
    [...new Set(versions)].toSorted((a, b) => a - b),
  );
  const database = databaseOf(Infinity);
  const newest = versions.at(-1)!;
  const broken = { version: newest + 10, up: 'CREATE TABLE half (a); CREATE TABLE half (a);' };
  assert.throws(() => migrate(database, [...migrations, broken]));
  assert.equal(database.pragma('user_version', { simple: true }), newest);
  assert.throws(() => rows(database, 'half'), /no such table/);
  refuseNewer(database);
  database.pragma(`user_version = ${newest + 1}`);
  assert.throws(() => refuseNewer(database), { name: 'Fault', code: 'store.failed' });
});

test('a store of a newer program is refused and left as it was', () => {
  using disk = newDisk();
  disk.open().close();
  const database = new Database(disk.file);
  database.pragma(`cipher='aegis'`);
  database.pragma(`key="raw:${Buffer.from(disk.key).toString('hex')}"`);
  database.pragma('user_version = 9999');
  database.close();
  const newer = readFileSync(disk.file);
  assert.throws(() => disk.open(), { name: 'Fault', code: 'store.failed' });
  assert.ok(readFileSync(disk.file).equals(newer));
});
