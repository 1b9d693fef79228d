import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { readTls } from '../../main/uplink/credentials.ts';
import { openListLine } from '../../main/uplink/list-line.ts';
import { openListUpdates } from '../../main/uplink/open-list-updates.ts';
import { Publisher } from '../sim/list/publisher.ts';
import { createPki } from '../sim/pki/pki.ts';
import { newDisk } from '../store/disk.ts';
import { putting, puttingTemplates, upTo } from './list-field.ts';

const signal = AbortSignal.timeout(60_000);

/** A central that serves a list, on a port of its own. */
async function serving() {
  const folder = mkdtempSync(join(tmpdir(), 'limen-'));
  const pki = await createPki(folder, { kiosks: ['gate-1'] });
  const publisher = new Publisher(join(pki.central, 'watchlist'));
  const central = await openCentral(readDirectory(pki.central));
  const trustOf = (directory: string) => ({ tls: () => readTls(directory), revoked: () => false });
  return {
    pki,
    publisher,
    central,
    trust: trustOf(pki.kiosks['gate-1']!),
    async [Symbol.asyncDispose]() {
      await central.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('a kiosk fetches lists from central over its own line, and looks again when it is told to', async () => {
  await using field = await serving();
  using disk = newDisk();
  const store = disk.open();
  await field.publisher.publish(puttingTemplates(...upTo(300)));
  let taken = Promise.withResolvers<void>();
  const lists = await openListUpdates({
    url: field.central.url,
    trust: field.trust,
    root: field.publisher.firstRoot,
    store,
    directory: disk.directory,
    maxAgeMs: 48 * 3_600_000,
    now: Date.now,
    onTaken: () => taken.resolve(),
  });
  await taken.promise;
  assert.equal(store.watchlist.current()?.count, 300);
  taken = Promise.withResolvers();
  await field.publisher.publish(putting(301), false);
  lists.look();
  await taken.promise;
  assert.deepEqual([store.watchlist.current()?.version, store.watchlist.current()?.count], [2, 301]);
  assert.equal(lists.lastFault(), '');
  await lists.stop();
  store.close();
});

test('central gives files from any byte on, and to kiosks alone', async () => {
  await using field = await serving();
  await field.publisher.publish(puttingTemplates(...upTo(300)));
  const line = openListLine(field.central.url, field.trust);
  const [name, target] = Object.entries(field.publisher.folder.targets()!.signed.targets)[0]!;
  const path = `targets/${target.hashes.sha256}.${name}`;
  const read = async (offset: number) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await line.from(path, offset, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const whole = await read(0);
  assert.equal(whole.length, target.length);
  assert.deepEqual(await read(100_000), whole.subarray(100_000));
  await assert.rejects(line.from(path, target.length, signal), { code: 'uplink.offline' });
  await assert.rejects(line.from('targets/../timestamp.key', 0, signal), { code: 'watchlist.refused' });
  for (const absent of ['timestamp.key', '..%2fcentral.key', '9.root.json', `targets%2f${name}`])
    assert.equal(await line.file(absent, 1000, signal), undefined, absent);
  await assert.rejects(line.file('1.targets.json', 100, signal), { code: 'watchlist.refused' });
  assert.ok(await line.file('1.targets.json', 10_000, signal), 'the line is used again');
  await line.close();
});

test('an operator may not read a list', async () => {
  await using field = await serving();
  await field.publisher.publish(putting(1));
  const read = (name: string) => readFileSync(join(field.pki.operator, name));
  const session = connect(field.central.url, {
    ca: read('ca.pem'),
    cert: read('operator.pem'),
    key: read('operator.key'),
  });
  const status = await new Promise((resolve, reject) => {
    const request = session.request({ ':path': '/v1/watchlist/timestamp.json' });
    request.on('response', (headers) => resolve(headers[':status'])).on('error', reject);
  });
  session.destroy();
  assert.equal(status, 403);
});

test('slow retrieval: a line on which hardly anything comes counts as down', async () => {
  await using field = await serving();
  const { cert, key, ca } = readDirectory(field.pki.central);
  const server = createSecureServer({ cert, key, ca, requestCert: true });
  const timers = new Set<NodeJS.Timeout>();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 206, 'content-range': 'bytes 0-999999/1000000' });
    const timer = setInterval(() => stream.write('x'), 5);
    timers.add(timer);
    stream.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = openListLine(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, field.trust, 300);
  const chunks = await line.from('targets/x', 0, signal);
  await assert.rejects(
    async () => {
      for await (const chunk of chunks) assert.ok(chunk);
    },
    { code: 'uplink.offline' },
  );
  await line.close();
  timers.forEach((timer) => clearInterval(timer));
  server.close();
});
