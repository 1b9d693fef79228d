import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryLine } from '../../central/esp/query-log.ts';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { openServices } from '../../central/services.ts';
import { readKeyDocument, readVerifyingKey } from '../../main/uplink/key-document.ts';
import { wrapForRecovery } from '../../main/store/recovery.ts';
import { layField } from '../uplink/field.ts';
import type { Resident } from '../sim/central/population.ts';
import { unguard } from './place.ts';
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
  const { file, storeKey, database: server, esp } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey, server);
  const { registers } = await openServices({ database, configuration: esp! });
  for (const { document, stays } of population)
    assert.equal((await registers.ees.find({ document })).length, Number(stays.length > 0));
  await database.close();
});

test('the log of queries is printed and checked by a command, which says where it was altered', async () => {
  await using field = await layField();
  const dir = field.pki.central;
  const { file, storeKey, database: server } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey, server);
  const { log } = await openServices({ database });
  const [document, identity] = [
    { number: 'X1', issuingState: 'UTO' },
    { surname: 'BERG', givenNames: '', birthDate: '1990' },
  ];
  for (let i = 0; i < 130; i++)
    await log.append(queryLine('asked', new Date(), 'gate-1', queryOf({ document, identity }), ['SIS']));
  const { length, hash } = await log.head();
  const whole = run('central/queries.ts', '--dir', dir);
  assert.deepEqual(
    [whole.status, whole.stderr, linesOf(whole.stdout).length],
    [0, `whole: --length ${length} --hash ${hash}\n`, 130],
  );
  await log.append(queryLine('left', new Date(), 'gate-1', queryOf({ document, identity }), ['SIS']));
  assert.equal(run('central/queries.ts', '--dir', dir, '--length', String(length), '--hash', hash).status, 0);
  await unguard(database, 'query_log');
  await database.exec(`UPDATE query_log SET line = replace(line, 'SIS', 'VIS') WHERE position = 99`);
  await database.close();
  const altered = run('central/queries.ts', '--dir', dir, '--length', String(length), '--hash', hash);
  assert.deepEqual([altered.status, altered.stderr], [1, 'altered: line 99\n']);
  assert.equal(run('central/queries.ts').status, 2);
});

test('the key authority signs a document that kiosks believe, and none that they would not', async () => {
  await using field = await layField();
  const { keyAuthority, opening, receipt } = field.pki;
  const [authority, document] = [join(field.directory, 'authority.key'), join(field.directory, 'keys.json')];
  writeFileSync(authority, keyAuthority.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const keys = {
    format: 'limen-keys',
    version: 1,
    number: 2,
    issuedAt: '2026-11-25T00:00:00.000Z',
    expiresAt: '2027-01-01T00:00:00.000Z',
    sealing: [opening.published],
    receipts: [receipt.published],
    revokedCertificates: [],
  };
  writeFileSync(document, JSON.stringify(keys));
  const args = ['central/sign-keys.ts', '--authority', authority, '--document', document];
  const signed = run(...args);
  assert.equal(signed.status, 0, signed.stderr);
  assert.deepEqual(await readKeyDocument(signed.stdout, readVerifyingKey(keyAuthority.publicKey)), keys);
  writeFileSync(document, JSON.stringify({ ...keys, sealing: [receipt.published] }));
  const refused = run(...args);
  assert.deepEqual([refused.status === 0, refused.stdout], [false, '']);
});

test("the office brings a kiosk's key back into a file of its owner's only, and writes over none", async () => {
  await using field = await layField();
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const key = randomBytes(32);
  const at = (name: string) => join(field.directory, name);
  writeFileSync(at('office.jwk'), JSON.stringify(privateKey.export({ format: 'jwk' })));
  const officeKey = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  writeFileSync(at('limen.key.recovery'), await wrapForRecovery(key, officeKey));
  const ends = ['--office', at('office.jwk'), '--wrapped', at('limen.key.recovery'), '--out', at('limen.key')];
  const brought = run('central/recover-key.ts', ...ends);
  assert.equal(brought.status, 0, brought.stderr);
  assert.deepEqual(readFileSync(at('limen.key')), key);
  assert.equal(statSync(at('limen.key')).mode & 0o777, 0o600);
  assert.notEqual(run('central/recover-key.ts', ...ends).status, 0);
});
