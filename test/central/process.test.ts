import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { serialOf } from '../sim/pki/authority.ts';
import { newPair } from '../sim/pki/key-authority.ts';
import { filesWith } from '../store/disk.ts';
import { type Field, layField, ship } from '../uplink/field.ts';
import { biometricsRecord } from '../uplink/records.ts';

/** Central as its own process, stopped with `dispose`. */
async function startCentral({ pki }: Field) {
  const child = spawn(process.execPath, ['central/main.ts', '--dir', pki.central], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    /** Has it read its keys and certificates anew. */
    async reload() {
      const told = once(lines, 'line');
      child.kill('SIGHUP');
      assert.deepEqual(await told, ['{"reloaded":true}']);
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
    },
  };
}

async function get(url: string, path: string, folder: string, role: string): Promise<{ status: number; body: string }> {
  const read = (name: string) => readFileSync(join(folder, name));
  const session = connect(url, { ca: read('ca.pem'), cert: read(`${role}.pem`), key: read(`${role}.key`) });
  try {
    const request = session.request({ ':path': path });
    const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
    return { status: Number(headers[':status']), body: await text(request) };
  } finally {
    session.destroy();
  }
}

test('central as a process: takes records, shows them to operators only, prints them, keeps them encrypted', async () => {
  await using field = await layField();
  const record = biometricsRecord('gate-1', 'PLANTED-MARKER');
  {
    await using central = await startCentral(field);
    await field.keep(record);
    const { uplink, until } = ship(field, central);
    await until(() => field.store.outbox.stats().delivered === 1);
    await uplink.stop();
    const seen = await get(central.url, '/v1/records', field.pki.operator, 'operator');
    assert.deepEqual(
      (JSON.parse(seen.body) as { id: string }[]).map(({ id }) => id),
      [record.id],
    );
    assert.deepEqual(await get(central.url, '/v1/gaps', field.pki.operator, 'operator'), { status: 200, body: '[]' });
    const kiosk = field.pki.kiosks['gate-1']!;
    for (const path of ['/v1/records', '/v1/gaps', '/v1/packets/', '/', '/v1/other'])
      assert.deepEqual([(await get(central.url, path, kiosk, 'kiosk')).status >= 400, path], [true, path]);
    const { stdout } = await promisify(execFile)(process.execPath, ['central/records.ts', '--dir', field.pki.central]);
    const { portrait } = JSON.parse(stdout) as { portrait: unknown };
    assert.deepEqual(Object.keys(portrait as object), ['bytes', 'sha256']);
  }
  assert.deepEqual(filesWith(field.directory, Buffer.from('PLANTED-MARKER')), []);
});

test('central as a process reads its keys anew when it is told to, and lets in nobody whose certificate they revoke', async () => {
  await using field = await layField();
  await using central = await startCentral(field);
  const { pki, credentials } = field;
  const folder = pki.kiosks['gate-1']!;
  assert.equal(
    (await get(central.url, '/v1/keys', folder, 'kiosk')).body,
    readFileSync(join(folder, 'keys.jws'), 'utf8'),
  );
  const next = await newPair('x25519');
  const jws = await pki.keyAuthority.sign({
    number: 2,
    sealing: [pki.opening.published, next.published],
    receipts: [pki.receipt.published],
    revokedCertificates: [serialOf(credentials.tls)],
  });
  writeFileSync(join(pki.central, 'keys.jws'), jws);
  writeFileSync(join(pki.central, 'opening-2.jwk'), JSON.stringify(next.jwk), { mode: 0o600 });
  await central.reload();
  assert.deepEqual(await get(central.url, '/v1/keys', pki.kiosks['gate-2']!, 'kiosk'), { status: 200, body: jws });
  assert.equal((await get(central.url, '/v1/keys', folder, 'kiosk')).status, 403);
  assert.equal((await get(central.url, '/v1/keys', pki.operator, 'operator')).status, 403);
});

test('no older TLS and no HTTP/1.1 is spoken', async () => {
  await using field = await layField();
  await using central = await startCentral(field);
  const { ca, cert, key } = field.credentials.tls;
  const port = Number(new URL(central.url).port);
  const old = connectTls({ port, host: '127.0.0.1', ca, cert, key, maxVersion: 'TLSv1.2' });
  await assert.rejects(once(old, 'secureConnect'), /alert|protocol|version/i);
  const one = connectTls({ port, host: '127.0.0.1', ca, cert, key, ALPNProtocols: ['http/1.1'] });
  await assert.rejects(
    once(one, 'secureConnect').then(() => once(one, 'end', { signal: AbortSignal.timeout(5000) })),
    /alert|protocol/i,
  );
  one.destroy();
});

test("keys made for development are their owner's only, and no party has another's", async () => {
  await using field = await layField();
  const { central, operator, kiosks } = field.pki;
  const open = readdirSync(join(field.directory, 'pki'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter(({ parentPath, name }) => (statSync(join(parentPath, name)).mode & 0o077) !== 0);
  assert.deepEqual(open, []);
  assert.deepEqual(readdirSync(kiosks['gate-1']!).toSorted(), [
    'ca.pem',
    'keys.jws',
    'keys.pem',
    'kiosk.key',
    'kiosk.pem',
  ]);
  assert.deepEqual(readdirSync(operator).toSorted(), ['ca.pem', 'operator.key', 'operator.pem']);
  const secret = (JSON.parse(readFileSync(join(central, 'opening.jwk'), 'utf8')) as { d: string }).d;
  assert.deepEqual(filesWith(field.directory, Buffer.from(secret)), [join(central, 'opening.jwk')]);
});
