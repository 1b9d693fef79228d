import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../main/contract/fault.ts';
import type { Database } from '../../central/sql.ts';
import { dialect, openAt, remove } from './place.ts';

let directory: string;
let file: string;
let database: Database;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'limen-'));
  file = join(directory, 'a.db');
  database = await openAt(file, randomBytes(32));
  await database.exec('CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT');
});
afterEach(async () => {
  await database.close();
  await remove(file);
  rmSync(directory, { recursive: true, force: true });
});

const add = (word: string) => database.run('INSERT INTO thing (word) VALUES (?)', [word]);
const words = async () =>
  (await database.all<{ word: string }>('SELECT word FROM thing ORDER BY id')).map(({ word }) => word);

test('nothing of another request comes between the statements of a transaction', async () => {
  const pair = (word: string) =>
    database.transaction(async () => {
      await add(`${word}1`);
      await setImmediate();
      await add(`${word}2`);
    });
  const seen: Promise<string[]>[] = [];
  const work = [pair('a'), add('x'), pair('b'), add('y')];
  for (let i = 0; i < 3; i++) {
    seen.push(words());
    await setImmediate();
  }
  await Promise.all(work);
  const all = ['a1', 'a2', 'x', 'b1', 'b2', 'y'];
  // A server lets them come in any order; what it shows of a transaction is all of it or nothing.
  if (dialect === 'sqlite') assert.deepEqual(await words(), all);
  else assert.deepEqual(new Set(await words()), new Set(all));
  for (const some of await Promise.all(seen)) assert.ok(!some.includes('a1') || some.includes('a2'));
});

test('a transaction that fails leaves nothing, and those behind it go on', async () => {
  const failed = database.transaction(async () => {
    await add('a');
    await add('a');
  });
  const next = database.transaction(() => add('b'));
  await assert.rejects(failed, (error) => error instanceof Fault && error.code === 'store.failed');
  await next;
  assert.deepEqual(await words(), ['b']);
});

test('a transaction inside another is a part of it: it sees what is there, and goes with the whole', async () => {
  await database.transaction(async () => {
    await add('a');
    await database.transaction(async () => assert.deepEqual(await words(), ['a']));
  });
  const thrown = new Error('no');
  const outer = database.transaction(async () => {
    await add('b');
    await database
      .transaction(async () => {
        await add('c');
        throw thrown;
      })
      .catch(() => {});
    await add('d');
  });
  // Half of the part would be left otherwise.
  await assert.rejects(outer, thrown);
  assert.deepEqual(await words(), ['a']);
});

test('a statement that was not waited for does not run outside its transaction', async () => {
  let late: Promise<unknown> | undefined;
  await database.transaction(async () => {
    late = setImmediate().then(() => assert.rejects(add('late'), /outlived/));
  });
  await late;
  assert.deepEqual(await words(), []);
});
