import assert from 'node:assert/strict';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Central, openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import type { KeyDocument } from '../../main/contract/keys.ts';
import { type CentralLine, openCentralLine } from '../../main/uplink/central-line.ts';
import { readCredentials } from '../../main/uplink/credentials.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { newPair } from '../sim/pki/key-authority.ts';
import { type Field, layField, ship } from './field.ts';
import { crossingRecord } from './records.ts';

/** The line of a field's kiosk to a central. */
async function lineTo(field: Field, url: string): Promise<CentralLine> {
  const directory = field.pki.kiosks['gate-1']!;
  const credentials = readCredentials(directory);
  const maxAgeMs = 10 * 86_400_000;
  return openCentralLine({ url, directory, credentials, kept: field.store.keyDocument, maxAgeMs, now: Date.now });
}

/** Seals a crossing as the kiosk would now, and stores it. */
async function keep(field: Field, { ring }: CentralLine): Promise<string> {
  const record = crossingRecord('gate-1');
  const packet = await sealRecord(record, ring.sealingKey());
  field.store.conclude({ crossingId: record.crossingId, outcome: 'clear' }, [packet]);
  return packet.keyId;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

/** Gives a running central other keys, signed by the field's key authority. */
async function publish(field: Field, central: Central, keys: Partial<KeyDocument>, more: object = {}): Promise<void> {
  const { keyAuthority, opening, receipt, central: folder } = field.pki;
  const all = { sealing: [opening.published], receipts: [receipt.published], ...keys };
  const published = { jws: await keyAuthority.sign(all), authority: keyAuthority.publicKey };
  await central.reload({ ...readDirectory(folder), ...more, published });
}

test('keys change while packets are queued: each is opened with the key it was sealed to, and none is lost', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const kiosk = await lineTo(field, central.url);
  const { opening } = field.pki;
  const next = await newPair('x25519', { notBefore: new Date(Date.now() - 1000).toISOString() });
  assert.equal(await keep(field, kiosk), opening.published.id);
  const openingKeys = [opening.jwk, next.jwk];
  await publish(field, central, { number: 2, sealing: [opening.published, next.published] }, { openingKeys });
  kiosk.askForKeys();
  await until(() => kiosk.ring.view().number === 2);
  assert.equal(await keep(field, kiosk), next.published.id);
  const { uplink, until: shipped } = ship(field, { url: central.url, transport: kiosk.line });
  await shipped(() => field.store.outbox.stats().delivered === 2);
  assert.equal(field.store.outbox.stats().parked, 0);
  assert.equal((await central.records()).length, 2);
  await kiosk.stop();
  await uplink.stop();
  await central.close();
});

test('a receipt by a key that is news is not believed until the authority has named it, and deletes nothing before', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const kiosk = await lineTo(field, central.url);
  await until(() => kiosk.ring.view().heardAtMs > 0);
  const { receipt } = field.pki;
  const next = await newPair('ed25519');
  await publish(field, central, {}, { receiptKey: next.pem });
  await keep(field, kiosk);
  const { uplink, until: shipped } = ship(field, {
    url: central.url,
    transport: kiosk.line,
    receiptKey: kiosk.ring.receiptKey,
    random: () => 0,
  });
  await shipped(() => uplink.lastFault() === 'uplink.receipt');
  assert.deepEqual([(await central.records()).length, field.store.outbox.stats().ready], [1, 1]);
  const receipts = [{ ...receipt.published, status: 'revoked' as const }, next.published];
  await publish(field, central, { number: 2, receipts }, { receiptKey: next.pem });
  kiosk.askForKeys();
  await shipped(() => field.store.outbox.stats().delivered === 1);
  assert.equal((await central.records()).length, 1);
  assert.equal(kiosk.ring.receiptKey(receipt.published.id), undefined);
  await kiosk.stop();
  await uplink.stop();
  await central.close();
});

test('what was sealed to a key before it was revoked still ships and central marks it; nothing more is sealed to it', async () => {
  await using field = await layField();
  const central = await openCentral(readDirectory(field.pki.central));
  const kiosk = await lineTo(field, central.url);
  const { opening } = field.pki;
  await keep(field, kiosk);
  const next = await newPair('x25519');
  const sealing = [{ ...opening.published, status: 'revoked' as const }, next.published];
  await publish(field, central, { number: 2, sealing }, { openingKeys: [opening.jwk, next.jwk] });
  kiosk.askForKeys();
  await until(() => kiosk.ring.view().number === 2);
  assert.equal(await keep(field, kiosk), next.published.id);
  const { uplink, until: shipped } = ship(field, { url: central.url, transport: kiosk.line });
  await shipped(() => field.store.outbox.stats().delivered === 2);
  assert.deepEqual(
    (await central.records()).map(({ revokedKeyId }) => revokedKeyId),
    [opening.published.id, undefined],
  );
  await kiosk.stop();
  await uplink.stop();
  await central.close();
});

/** A server with central's certificate that answers a question for keys as it likes. */
async function falseKeys(field: Field, answer: (stream: ServerHttp2Stream) => void) {
  const { ca, cert, key } = readDirectory(field.pki.central);
  const server = createSecureServer({ ca, cert, key, requestCert: true });
  server.on('sessionError', () => {});
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    answer(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test('a central that gives old, foreign, broken or endless keys changes nothing, and the technician is told', async () => {
  await using field = await layField();
  const { opening, receipt } = field.pki;
  const good = { sealing: [opening.published], receipts: [receipt.published] };
  {
    // The kiosk already knows a second document.
    await field.ring.offer(await field.pki.keyAuthority.sign({ ...good, number: 2 }));
  }
  const text = (body: string) => (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200 });
    stream.end(body);
  };
  const older = await field.pki.keyAuthority.sign(good);
  const answers: Record<string, (stream: ServerHttp2Stream) => void> = {
    'an older document': text(older),
    'no document': text('keys'),
    nothing: text(''),
    'a document without end': (stream) => {
      stream.respond({ ':status': 200 });
      const more = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(16_384, 65)));
        stream.once('drain', more);
      };
      more();
    },
  };
  for (const [name, answer] of Object.entries(answers)) {
    const { url, server } = await falseKeys(field, answer);
    const kiosk = await lineTo(field, url);
    await until(() => kiosk.standing().fault !== '');
    assert.equal(kiosk.standing().fault, 'keys.refused', name);
    assert.deepEqual([kiosk.ring.view().number, kiosk.ring.sealingKey().id], [2, opening.published.id], name);
    await kiosk.stop();
    await kiosk.line.close();
    server.close();
  }
});

test('a central that has no keys to give, or cannot be reached, is no fault of the keys', async () => {
  await using field = await layField();
  const { published: _, ...options } = readDirectory(field.pki.central);
  const central = await openCentral(options);
  const kiosk = await lineTo(field, central.url);
  await kiosk.line.get('/v1/keys', AbortSignal.timeout(5000));
  await central.close();
  await assert.rejects(kiosk.line.get('/v1/keys', AbortSignal.timeout(5000)), { code: 'uplink.offline' });
  assert.equal(kiosk.standing().fault, '');
  await kiosk.stop();
  await kiosk.line.close();
});
