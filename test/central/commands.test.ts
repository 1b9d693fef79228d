import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { openServices } from '../../central/services.ts';
import { layField } from '../uplink/field.ts';
import type { Resident } from '../sim/central/population.ts';
import { queryOf } from './portal.ts';

const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

test('travellers can be drawn into a central that is there, and are found', async () => {
  await using field = await layField();
  const dir = field.pki.central;
  const drawn = run('test/sim/central/main.ts', '--dir', dir, '--count', '7');
  assert.equal(drawn.status, 0, drawn.stderr);
  const population = linesOf(drawn.stdout) as Resident[];
  assert.equal(population.length, 7);
  const { file, storeKey, esp } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey);
  const { registers } = await openServices({ database, configuration: esp! });
  for (const { document, stays } of population)
    assert.equal((await registers.ees.find({ document })).length, Number(stays.length > 0));
  await database.close();
});

test('the log of queries is printed and checked by a command, which says where it was altered', async () => {
  await using field = await layField();
  const dir = field.pki.central;
  const { file, storeKey } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey);
  const { log } = await openServices({ database });
  const [document, identity] = [
    { number: 'X1', issuingState: 'UTO' },
    { surname: 'BERG', givenNames: '', birthDate: '1990' },
  ];
  for (let i = 0; i < 130; i++)
    await log.append('asked', new Date(), 'gate-1', queryOf({ document, identity }), ['SIS']);
  const { length, hash } = await log.head();
  const whole = run('central/queries.ts', '--dir', dir);
  assert.deepEqual(
    [whole.status, whole.stderr, linesOf(whole.stdout).length],
    [0, `whole: --length ${length} --hash ${hash}\n`, 130],
  );
  await log.append('left', new Date(), 'gate-1', queryOf({ document, identity }), ['SIS']);
  assert.equal(run('central/queries.ts', '--dir', dir, '--length', String(length), '--hash', hash).status, 0);
  await database.exec(
    `DROP TRIGGER query_log_unchanged; UPDATE query_log SET line = replace(line, 'SIS', 'VIS') WHERE position = 99`,
  );
  await database.close();
  const altered = run('central/queries.ts', '--dir', dir, '--length', String(length), '--hash', hash);
  assert.deepEqual([altered.status, altered.stderr], [1, 'altered: line 99\n']);
  assert.equal(run('central/queries.ts').status, 2);
});
