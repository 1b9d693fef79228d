import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { recoverStoreKey } from '../../central/recovery.ts';
import { readOrCreateKey } from '../../main/store/key.ts';
import { openKeptStore, openWithTpm } from '../../main/store/open-kept-store.ts';
import { commandCodes, decryptsCommand, encryptsAnswer, listenOnBus } from '../sim/tpm/bus.ts';
import { openSimTpm, type SimTpm, startTpm, tpmPrograms } from '../sim/tpm/tpm.ts';
import { filesWith, newDisk, packet, fill } from './disk.ts';

const absent = tpmPrograms.filter((program) => spawnSync('which', [program]).status !== 0);
const skip = absent.length > 0 && `not installed: ${absent.join(', ')}`;
// A machine that tests everything has them.
assert.ok(!skip || !process.env['CI'], String(skip));
const pcrs = [4, 7, 8, 9, 12];
const counterIndex = 0x01814c4d;
const hourMs = 3_600_000;

const office = generateKeyPairSync('x25519');
const officeKey = new Uint8Array(Buffer.from(office.publicKey.export({ format: 'jwk' }).x!, 'base64url'));

/** A machine with a TPM that has started as it should, and a disk. */
async function machine() {
  const disk = newDisk();
  const tpm = await startTpm(join(disk.directory, 'tpm'));
  const measure = (chip: SimTpm) => {
    for (const pcr of [4, 7, 8]) chip.extend(pcr);
  };
  measure(tpm);
  let nowMs = Date.now();
  const key = join(disk.directory, 'limen.key');
  return {
    tpm,
    directory: disk.directory,
    key,
    database: join(disk.directory, 'limen.db'),
    async restart() {
      await tpm.restart();
      measure(tpm);
    },
    pass: (ms: number) => void (nowMs += ms),
    open: (device = tpm.device) =>
      openWithTpm(
        { directory: disk.directory, now: () => nowMs },
        openSimTpm({ device, pcrs, counterIndex }),
        officeKey,
      ),
    /** What the office makes of the file that lies beside the store. */
    fromOffice: () => recoverStoreKey(readFileSync(`${key}.recovery`), office.privateKey.export({ format: 'jwk' })),
    async [Symbol.asyncDispose]() {
      await tpm.stop();
      disk[Symbol.dispose]();
    },
  };
}

test(
  "a new kiosk's key is in the TPM alone, and opens the store after every start that is as it should be",
  { skip },
  async () => {
    await using kiosk = await machine();
    const { store, keyIn } = await kiosk.open();
    fill(store, [packet()]);
    store.close();
    assert.equal(keyIn, 'tpm');
    assert.ok(!existsSync(kiosk.key));
    assert.deepEqual(filesWith(kiosk.directory, await kiosk.fromOffice()), []);
    for (const file of [`${kiosk.key}.tpm`, `${kiosk.key}.recovery`]) assert.equal(statSync(file).mode & 0o777, 0o600);
    await kiosk.restart();
    const again = await kiosk.open();
    assert.equal(again.store.outbox.stats().ready, 1);
    again.store.close();
  },
);

test(
  'a machine that was started otherwise does not get the key, and the store is left as it was',
  { skip },
  async () => {
    await using kiosk = await machine();
    (await kiosk.open()).store.close();
    const before = readFileSync(kiosk.database);
    kiosk.tpm.extend(7, '22'.repeat(32));
    await assert.rejects(kiosk.open(), { code: 'tpm.changed', message: /registers 7 / });
    assert.deepEqual(readFileSync(kiosk.database), before);
    await kiosk.restart();
    (await kiosk.open()).store.close();
  },
);

test('the disk without its TPM, or with another one, does not open', { skip }, async () => {
  await using kiosk = await machine();
  (await kiosk.open()).store.close();
  await using other = await machine();
  await assert.rejects(kiosk.open(other.tpm.device), { code: 'tpm.refused' });
  await kiosk.tpm.stop();
  await assert.rejects(kiosk.open(), { code: 'tpm.absent' });
  assert.ok(existsSync(kiosk.database));
});

test('a key file of before the TPM is sealed and erased once it has opened the store', { skip }, async () => {
  await using kiosk = await machine();
  const plain = await openKeptStore({ directory: kiosk.directory, now: Date.now });
  assert.equal(plain.keyIn, 'file');
  fill(plain.store, [packet()]);
  plain.store.close();
  const key = readOrCreateKey(kiosk.key);
  const { store } = await kiosk.open();
  assert.equal(store.outbox.stats().ready, 1);
  store.close();
  assert.deepEqual(filesWith(kiosk.directory, key), []);
  await assert.rejects(openKeptStore({ directory: kiosk.directory, now: Date.now }), { code: 'config.invalid' });
});

test('a key file that does not open the store does not take the place of the sealed one', { skip }, async () => {
  await using kiosk = await machine();
  (await kiosk.open()).store.close();
  const sealed = readFileSync(`${kiosk.key}.tpm`);
  writeFileSync(kiosk.key, Buffer.alloc(32, 7), { mode: 0o600 });
  await assert.rejects(kiosk.open(), { code: 'store.corrupt' });
  assert.deepEqual(readFileSync(`${kiosk.key}.tpm`), sealed);
});

test('after an update that was meant the office brings the key back, and it is sealed anew', { skip }, async () => {
  await using kiosk = await machine();
  const first = await kiosk.open();
  fill(first.store, [packet()]);
  first.store.close();
  kiosk.tpm.extend(9, '33'.repeat(32));
  await assert.rejects(kiosk.open(), { code: 'tpm.changed' });
  writeFileSync(kiosk.key, await kiosk.fromOffice(), { mode: 0o600 });
  (await kiosk.open()).store.close();
  assert.ok(!existsSync(kiosk.key));
  const { store } = await kiosk.open();
  assert.equal(store.outbox.stats().ready, 1);
  const sealings = [...store.audit.rows()]
    .join('')
    .split('\n')
    .filter((row) => row.includes('"store-key-sealed"'));
  assert.equal(sealings.length, 2, 'that it was made, and that it was sealed anew, are in the log');
  store.close();
  const stranger = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  await assert.rejects(recoverStoreKey(readFileSync(`${kiosk.key}.recovery`), stranger));
});

test(
  'nothing is sealed on a machine that measures nothing, nor without an office to bring it back',
  { skip },
  async () => {
    await using kiosk = await machine();
    await kiosk.tpm.restart();
    await assert.rejects(kiosk.open(), { code: 'tpm.unmeasured' });
    const { device } = kiosk.tpm;
    const tpm = { device, pcrs, counterIndex };
    await assert.rejects(openKeptStore({ directory: kiosk.directory, now: Date.now, tpm }), { code: 'config.invalid' });
    assert.ok(!existsSync(`${kiosk.key}.tpm`));
  },
);

test('a sealed key that was cut or altered is a fault, and never another key', { skip }, async () => {
  await using kiosk = await machine();
  (await kiosk.open()).store.close();
  const sealed = readFileSync(`${kiosk.key}.tpm`);
  for (const bytes of [
    Buffer.alloc(0),
    sealed.subarray(0, 200),
    Buffer.from(sealed.toString().replace(/"sealed":".{30}/, '"sealed":"AAAA')),
  ]) {
    writeFileSync(`${kiosk.key}.tpm`, bytes);
    await assert.rejects(kiosk.open(), (error: { code: string }) =>
      ['store.corrupt', 'tpm.refused'].includes(error.code),
    );
  }
  writeFileSync(`${kiosk.key}.tpm`, sealed);
  (await kiosk.open()).store.close();
});

test(
  'no secret is in a file or crosses to the TPM in clear: the commands that carry one have encrypted parameters',
  { skip },
  async () => {
    await using kiosk = await machine();
    await using bus = await listenOnBus(kiosk.tpm.device);
    const secret = Buffer.from('PLANTED-SECRET-OF-32-BYTES-01234');
    const tpm = openSimTpm({ device: bus.device, pcrs, counterIndex });
    const sealed = await tpm.seal(secret);
    assert.deepEqual(Buffer.from(await tpm.unseal(sealed)), secret);
    const { create, unseal } = commandCodes;
    assert.deepEqual(new Set(bus.commands.map(({ code }) => code)), new Set([create, unseal]));
    for (const { code, attributes } of bus.commands) {
      const wanted = code === create ? decryptsCommand : encryptsAnswer;
      assert.ok(attributes.some((bits) => (bits & wanted) !== 0));
    }
    assert.ok(!bus.bytes().includes(secret));
    assert.ok(!Buffer.from(sealed, 'base64').includes(secret));
    assert.deepEqual(filesWith(kiosk.directory, secret), []);
  },
);

test('an old copy of the store is found out, unless the office vouches for it', { skip }, async () => {
  await using kiosk = await machine();
  const first = await kiosk.open();
  first.store.close();
  const old = readFileSync(kiosk.database);
  const second = await kiosk.open();
  kiosk.pass(hourMs);
  await second.guard!.advance();
  second.store.close();
  const present = readFileSync(kiosk.database);
  writeFileSync(kiosk.database, old);
  await assert.rejects(kiosk.open(), { code: 'store.rolled-back' });
  writeFileSync(kiosk.database, present);
  (await kiosk.open()).store.close();
  writeFileSync(kiosk.database, old);
  writeFileSync(kiosk.key, await kiosk.fromOffice(), { mode: 0o600 });
  (await kiosk.open()).store.close();
  (await kiosk.open()).store.close();
});

test('the counter outlives restarts and being deleted: it never gives a number twice', { skip }, async () => {
  await using kiosk = await machine();
  const tpm = openSimTpm({ device: kiosk.tpm.device, pcrs, counterIndex });
  const first = await tpm.count();
  await tpm.increment();
  await kiosk.restart();
  assert.equal(await tpm.count(), first + 1);
  spawnSync('tpm2_nvundefine', ['-T', kiosk.tpm.device, '-C', 'o', `0x${counterIndex.toString(16)}`]);
  assert.ok((await tpm.count()) > first + 1);
});
