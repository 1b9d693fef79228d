import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CentralOptions, openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import type { KeyChange } from '../../main/uplink/key-events.ts';
import { openCentralLine } from '../../main/uplink/central-line.ts';
import { readCredentials } from '../../main/uplink/credentials.ts';
import { http2Transport, type TlsFiles } from '../../main/uplink/transport.ts';
import { type Authority, type Identity, selfSigned, serialOf, type Subject } from '../sim/pki/authority.ts';
import { writeIdentity } from '../sim/pki/pki.ts';
import { type Field, layField, ship } from './field.ts';
import { crossingRecord } from './records.ts';

const kiosk: Subject = { name: 'gate-1', unit: 'kiosk' };
const central: Subject = { name: 'localhost', unit: 'central', hosts: ['localhost', '127.0.0.1'] };

/** Certificates that are not to be believed, each by why. */
const bad: Record<string, (authority: Authority, subject: Subject) => Promise<Identity>> = {
  expired: (authority, subject) => authority.expired(subject),
  'not yet valid': (authority, subject) => authority.notYetValid(subject),
  'of a foreign authority of the same name': (authority, subject) => authority.foreign(subject),
  'self-signed with the same name': (_, subject) => selfSigned(subject),
  'for another role': (authority, subject) => authority.issue({ ...subject, unit: 'operator' }),
};

interface Trial {
  readonly server?: Partial<CentralOptions>;
  readonly client?: Partial<TlsFiles>;
  readonly revoked?: (serialNumber: string) => boolean;
}

/** Lets a kiosk try three times to deliver a record; gives its fault. Nothing may arrive, and nothing be deleted. */
async function refused(field: Field, { server, client, revoked }: Trial) {
  const running = await openCentral({ ...readDirectory(field.pki.central), ...server });
  await field.keep(crossingRecord('gate-1'));
  const before = field.store.outbox.stats();
  let failures = 0;
  const transport = http2Transport(running.url, { ...field.credentials.tls, ...client }, revoked);
  const { uplink, until } = ship(field, { url: running.url, transport, random: () => 0 });
  await until(() => ++failures > 3);
  assert.equal(uplink.status(), 'offline');
  assert.deepEqual(await running.records(), []);
  assert.deepEqual(field.store.outbox.stats().ready, before.ready);
  const fault = uplink.lastFault();
  await uplink.stop();
  await running.close();
  return fault;
}

test('a kiosk whose certificate is bad delivers nothing and deletes nothing', async () => {
  await using field = await layField();
  for (const [why, forge] of Object.entries(bad)) {
    const fault = await refused(field, { client: await forge(field.pki.authority, kiosk) });
    assert.equal(fault, why === 'for another role' ? 'uplink.refused' : 'uplink.offline', why);
  }
});

test('a central whose certificate is bad is not spoken to', async () => {
  await using field = await layField();
  for (const [why, forge] of Object.entries(bad))
    assert.equal(await refused(field, { server: await forge(field.pki.authority, central) }), 'uplink.offline', why);
});

test('a kiosk that the revocation list names is not let in, nor is anyone when the list is out of date', async () => {
  await using field = await layField();
  const { authority } = field.pki;
  const { cert, key } = field.credentials.tls;
  assert.equal(await refused(field, { server: { crl: await authority.crl([{ cert, key }]) } }), 'uplink.offline');
  const late = await authority.crl([], new Date(Date.now() - 3_600_000));
  assert.equal(await refused(field, { server: { crl: late } }), 'uplink.offline');
});

test('a central that the revocation list or the key document names is not spoken to', async () => {
  await using field = await layField();
  const { authority } = field.pki;
  const { cert, key } = readDirectory(field.pki.central);
  assert.equal(await refused(field, { client: { crl: await authority.crl([{ cert, key }]) } }), 'uplink.offline');
  const serial = serialOf({ cert, key });
  assert.equal(await refused(field, { revoked: (serialNumber) => serialNumber === serial }), 'uplink.offline');
});

test('with a revocation list that names others the line stands', async () => {
  await using field = await layField();
  const { authority } = field.pki;
  const crl = await authority.crl([await authority.issue(kiosk)]);
  const running = await openCentral({ ...readDirectory(field.pki.central), crl });
  await field.keep(crossingRecord('gate-1'));
  const { uplink, until } = ship(field, { url: running.url, tls: { ...field.credentials.tls, crl } });
  await until(() => field.store.outbox.stats().delivered === 1);
  await uplink.stop();
  await running.close();
});

test('a kiosk whose certificate is revoked while it is connected is answered no more, without a restart of central', async () => {
  await using field = await layField();
  const options = readDirectory(field.pki.central);
  const running = await openCentral(options);
  const { uplink, until } = ship(field, { url: running.url, random: () => 0 });
  await until(() => uplink.status() === 'online');
  const { keyAuthority, opening, receipt } = field.pki;
  const jws = await keyAuthority.sign({
    number: 2,
    sealing: [opening.published],
    receipts: [receipt.published],
    revokedCertificates: [serialOf(field.credentials.tls)],
  });
  await running.reload({ ...options, published: { jws, authority: keyAuthority.publicKey } });
  await field.keep(crossingRecord('gate-1'));
  uplink.nudge();
  await until(() => uplink.lastFault() === 'uplink.refused');
  assert.deepEqual([await running.records(), field.store.outbox.stats().ready], [[], 1]);
  await uplink.stop();
  await running.close();
});

test('a central that is given keys that do not go together goes on with those it has', async () => {
  await using field = await layField();
  const options = readDirectory(field.pki.central);
  const running = await openCentral(options);
  const { key } = await field.pki.authority.issue(central);
  await assert.rejects(running.reload({ ...options, key }));
  const authority = options.published!.authority;
  await assert.rejects(running.reload({ ...options, published: { jws: 'x', authority } }), { code: 'config.invalid' });
  await field.keep(crossingRecord('gate-1'));
  const { uplink, until } = ship(field, { url: running.url });
  await until(() => field.store.outbox.stats().delivered === 1);
  await uplink.stop();
  await running.close();
});

test('a kiosk takes up a renewed certificate without a restart, and never half of one or that of another', async () => {
  await using field = await layField();
  const folder = field.pki.kiosks['gate-1']!;
  const { authority } = field.pki;
  const running = await openCentral(readDirectory(field.pki.central));
  const credentials = readCredentials(folder);
  const kept = field.store.keyDocument;
  const told: KeyChange[] = [];
  const options = {
    url: running.url,
    directory: folder,
    credentials,
    kept,
    maxAgeMs: 1e9,
    now: Date.now,
    renewalMs: 5,
    onKeys: (changes: readonly KeyChange[]) => void told.push(...changes),
  };
  const opened = await openCentralLine(options);
  const { uplink, until } = ship(field, { url: running.url, transport: opened.line });
  await until(() => uplink.status() === 'online');

  const holds = async (condition: () => boolean) => {
    while (!condition()) await sleep(2);
  };
  const { certificateUntilMs } = opened.standing();
  const soon = new Date(Math.trunc(Date.now() / 1000) * 1000 + 3_600_000);
  const renewed = await authority.issue({ ...kiosk, notAfter: soon });
  writeFileSync(join(folder, 'kiosk.pem'), renewed.cert);
  await holds(() => opened.standing().certificateUnusable);
  assert.equal(opened.standing().certificateUntilMs, certificateUntilMs);
  writeIdentity(folder, 'kiosk', await authority.issue({ ...kiosk, name: 'gate-2' }));
  await sleep(20);
  assert.deepEqual(
    [opened.standing().certificateUnusable, opened.standing().certificateUntilMs],
    [true, certificateUntilMs],
  );
  writeIdentity(folder, 'kiosk', renewed);
  await holds(() => !opened.standing().certificateUnusable);
  assert.equal(opened.standing().certificateUntilMs, soon.getTime());
  assert.equal(readFileSync(join(folder, 'kiosk.pem'), 'utf8'), renewed.cert);
  assert.deepEqual(told, [{ use: 'certificate', keyId: new X509Certificate(renewed.cert).serialNumber }]);

  // The old one is worth nothing any more: what is delivered now is delivered on the new one.
  await running.reload({ ...readDirectory(field.pki.central), crl: await authority.crl([credentials.tls]) });
  await field.keep(crossingRecord('gate-1'));
  uplink.nudge();
  await until(() => field.store.outbox.stats().delivered === 1);
  await opened.stop();
  await uplink.stop();
  await running.close();
});

test('a refusal by TLS 1.3 may look like an answer that ends: the stream ends with no response and no error', async () => {
  await using field = await layField();
  const running = await openCentral(readDirectory(field.pki.central));
  const session = connect(running.url, { ca: field.credentials.tls.ca });
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': '/v1/packets' });
  const heard: string[] = [];
  for (const event of ['response', 'end', 'error']) stream.on(event, () => heard.push(event));
  stream.resume().end('packets');
  await once(stream, 'close').catch(() => {});
  assert.ok(!heard.includes('response'), heard.join());
  session.destroy();
  // And whoever hears it on the product's own transport does not take it for a success.
  const { ca } = field.credentials.tls;
  await assert.rejects(
    http2Transport(running.url, { ca } as TlsFiles).post('/v1/packets', new Uint8Array(9), AbortSignal.timeout(5000)),
    { name: 'Fault', code: 'uplink.offline' },
  );
  await running.close();
});
