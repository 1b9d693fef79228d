import assert from 'node:assert/strict';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import type { FaultCode } from '../../main/contract/fault.ts';
import { readCredentials } from '../../main/uplink/credentials.ts';
import type { TlsFiles } from '../../main/uplink/transport.ts';
import type { UplinkOptions } from '../../main/uplink/uplink.ts';
import { createAuthority, selfSigned } from '../sim/pki/authority.ts';
import { type Field, layField, ship } from './field.ts';
import { crossingRecord, guardRecord } from './records.ts';

test('a record that central has receipted is at central, whole, and gone from the kiosk', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const records = [crossingRecord('gate-1'), guardRecord('gate-1'), crossingRecord('gate-1')];
  for (const record of records) await field.keep(record);
  const { uplink, until } = ship(field, central);
  await until(() => field.store.outbox.stats().delivered === 3);
  assert.equal(uplink.status(), 'online');
  assert.deepEqual(field.store.outbox.stats(), { ready: 0, parked: 0, bytes: 0, oldestSeconds: 0, delivered: 3 });
  assert.deepEqual(new Set((await central.records()).map(({ id }) => id)), new Set(records.map(({ id }) => id)));
  assert.deepEqual(await central.gaps(), []);
  await uplink.stop();
  await central.close();
});

const kiosk = { name: 'gate-1', unit: 'kiosk' };
const yesterday = { notBefore: new Date(Date.now() - 172_800_000), notAfter: new Date(Date.now() - 86_400_000) };

/** Makes an uplink fail twice against a real central, and looks at what is left. */
async function refused(forge: (field: Field) => Promise<Partial<UplinkOptions>>): Promise<FaultCode | ''> {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const record = crossingRecord('gate-1');
  await field.keep(record);
  let failures = 0;
  const { uplink, until } = ship(field, { url: central.url, random: () => 0, ...(await forge(field)) });
  await until(() => ++failures > 2);
  assert.equal(uplink.status(), 'offline');
  assert.deepEqual(await central.records(), []);
  const { ready, delivered } = field.store.outbox.stats();
  assert.deepEqual({ ready, delivered }, { ready: 1, delivered: 0 });
  const fault = uplink.lastFault();
  await uplink.stop();
  await central.close();
  return fault;
}

test('without a certificate nothing is delivered and nothing deleted', async () => {
  const fault = await refused(async ({ credentials: { tls } }) => ({ tls: { ca: tls.ca } as TlsFiles }));
  assert.equal(fault, 'uplink.offline');
});

test('a self-signed certificate of the same name delivers nothing and deletes nothing', async () => {
  const fault = await refused(async ({ credentials: { tls } }) => ({ tls: { ...tls, ...(await selfSigned(kiosk)) } }));
  assert.equal(fault, 'uplink.offline');
});

test('an expired certificate delivers nothing and deletes nothing', async () => {
  const fault = await refused(async ({ credentials: { tls }, pki: { authority } }) => ({
    tls: { ...tls, ...(await authority.issue({ ...kiosk, ...yesterday })) },
  }));
  assert.equal(fault, 'uplink.offline');
});

test('a certificate of a foreign authority delivers nothing and deletes nothing', async () => {
  const fault = await refused(async ({ credentials: { tls } }) => ({
    tls: { ...tls, ...(await (await createAuthority()).issue(kiosk)) },
  }));
  assert.equal(fault, 'uplink.offline');
});

test('a central that a foreign authority vouches for is not spoken to', async () => {
  const fault = await refused(async ({ credentials: { tls } }) => ({
    tls: { ...tls, ca: (await createAuthority()).ca },
  }));
  assert.equal(fault, 'uplink.offline');
});

test('the certificate of another kiosk, or of an operator, delivers nothing in the name of this one', async () => {
  for (const subject of [
    { ...kiosk, name: 'gate-2' },
    { ...kiosk, unit: 'operator' },
  ]) {
    const fault = await refused(async ({ credentials: { tls }, pki: { authority } }) => ({
      tls: { ...tls, ...(await authority.issue(subject)) },
    }));
    assert.equal(fault, 'uplink.refused');
  }
});

test('a kiosk cannot hand in the records of another: they are parked, not deleted', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  await field.keep(crossingRecord('gate-1'));
  const { kioskId, tls } = readCredentials(field.pki.kiosks['gate-2']!);
  const { uplink, until } = ship(field, { url: central.url, kioskId, tls });
  await until(() => field.store.outbox.stats().parked === 1);
  assert.deepEqual([await central.records(), field.store.outbox.stats().delivered], [[], 0]);
  assert.equal(uplink.lastFault(), 'uplink.refused');
  await uplink.stop();
  await central.close();
});

test('a record stored while central is away leaves when it is back, and the status says so', async () => {
  await using field = await layField();
  const options = readDirectory(field.pki.central);
  const first = await openCentral(options);
  const { uplink, until } = ship(field, { url: first.url });
  await until((uplink) => uplink.status() === 'online');
  await first.close();
  await field.keep(crossingRecord('gate-1', '', { fallback: true }));
  uplink.nudge();
  await until((uplink) => uplink.status() === 'offline');
  const second = await openCentral({ ...options, port: first.port });
  uplink.nudge();
  await until((uplink) => uplink.status() === 'online');
  await until(() => field.store.outbox.stats().delivered === 1);
  const [record] = await second.records();
  assert.equal(record?.kind === 'crossing' && record.fallback, true);
  await uplink.stop();
  await second.close();
});

/** A server with central's certificate that answers as it likes. */
async function falseCentral(field: Field, answer: (stream: ServerHttp2Stream) => void) {
  const { ca, cert, key } = readDirectory(field.pki.central);
  const server = createSecureServer({ ca, cert, key, requestCert: true });
  server.on('sessionError', () => {});
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.on('end', () => answer(stream)).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test('an answer that ends without being one deletes nothing', async () => {
  const answers: Record<string, (stream: ServerHttp2Stream) => void> = {
    'the stream is closed without a word': (stream) => stream.close(),
    'the session is torn down': (stream) => stream.session?.destroy(),
    'status 200 and no body': (stream) => stream.respond({ ':status': 200 }, { endStream: true }),
    'status 200 and a body cut off': (stream) => {
      stream.respond({ ':status': 200, 'content-length': '5000' });
      stream.write('eyJhbGciOiJFZERTQSJ9', () => stream.destroy());
    },
    'status 200 and a body without end': (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(1024 * 1024));
    },
    'status 204': (stream) => stream.respond({ ':status': 204 }, { endStream: true }),
    'status 302': (stream) => stream.respond({ ':status': 302, location: '/' }, { endStream: true }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    await using field = await layField();
    const { url, server } = await falseCentral(field, answer);
    await field.keep(crossingRecord('gate-1'));
    let failures = 0;
    const { uplink, until } = ship(field, { url, random: () => 0 });
    await until(() => ++failures > 2);
    const { ready, delivered } = field.store.outbox.stats();
    assert.deepEqual(
      { ready, delivered, status: uplink.status() },
      { ready: 1, delivered: 0, status: 'offline' },
      name,
    );
    await uplink.stop();
    server.close();
  }
});
