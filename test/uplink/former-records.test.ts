import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import Database from 'better-sqlite3';
import { encode } from 'cborg';
import { packetContext, packetInfo, type SealedPacket } from '../../main/contract/packet.ts';
import type { CrossingRecord } from '../../main/contract/record.ts';
import { parkedPackets } from '../../main/diagnostics/parked.ts';
import { migrate, migrations } from '../../main/store/migration.ts';
import { openStore } from '../../main/store/store.ts';
import type { CentralKey } from '../../main/uplink/seal.ts';
import { newDisk, sha256 } from '../store/disk.ts';
import { layField, ship } from './field.ts';
import { Line, nearCentral, VirtualClock } from './line.ts';
import { crossingRecord } from './records.ts';

/** A crossing as version 0.1 wrote it: what was captured was in it. */
const former = () => ({ ...crossingRecord('gate-1'), portrait: new Uint8Array(randomBytes(4000)) });

/** Seals what the present program would not. */
async function seal(record: CrossingRecord, { id: keyId, publicKey }: CentralKey): Promise<SealedPacket> {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  const context = await suite.createSenderContext({ recipientPublicKey, info: packetInfo });
  const header = { id: record.id, kioskId: record.kioskId, kind: record.kind, keyId };
  const ciphertext = await context.seal(encode(record), packetContext(header));
  return {
    ...header,
    sealed: new Uint8Array(Buffer.concat([new Uint8Array(context.enc), new Uint8Array(ciphertext)])),
  };
}

test('what a former program left in the queue is kept through the migration: central takes it, or it is parked and shown', async () => {
  await using field = await layField();
  using disk = newDisk();
  const records = [former(), crossingRecord('gate-1'), former()];
  const packets = await Promise.all(records.map((record) => seal(record, field.ring.sealingKey())));
  const old = new Database(disk.file);
  old.pragma(`cipher='aegis'`);
  old.pragma(`key="raw:${Buffer.from(disk.key).toString('hex')}"`);
  old.pragma('auto_vacuum = INCREMENTAL');
  migrate(
    old,
    migrations.filter(({ version }) => version <= 30),
  );
  for (const [index, { id, keyId, sealed }] of packets.entries()) {
    old.prepare(`INSERT INTO crossing VALUES (?, 's', 'clear')`).run(id);
    old
      .prepare(`INSERT INTO outbox VALUES (?, ?, ?, 'gate-1', 'crossing', ?, ?, ?, 1, 0, NULL)`)
      .run(index + 1, id, id, keyId, sealed.length, Buffer.from(sha256(sealed), 'hex'));
    old.prepare('INSERT INTO sealed VALUES (?, ?)').run(index + 1, sealed);
  }
  old.prepare(`INSERT INTO ledger VALUES (1, ?, 3, ?, 0)`).run(
    crypto.randomUUID(),
    packets.reduce((sum, { sealed }) => sum + sealed.length, 0),
  );
  old.close();

  const store = openStore({ file: disk.file, key: disk.key, reserveBytes: 64 * 1024 });
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  const { uplink } = ship(field, { url: '', outbox: store.outbox, clock, transport: line });
  await clock.runUntil(
    () => store.outbox.stats().ready === 0,
    () => line.busy > 0,
  );
  await uplink.stop();
  const [first, , third] = packets;
  const shown = parkedPackets(store.outbox);
  assert.deepEqual(
    shown.map(({ id, lane, refusal, bytes }) => ({ id, lane, refusal, bytes })),
    [first!, third!].map(({ id, sealed }) => ({
      id,
      lane: 'records',
      refusal: 'record-malformed',
      bytes: sealed.length,
    })),
  );
  assert.equal(store.outbox.stats().delivered, 1);
  // Not a byte of it has changed: a central that can read it may have it yet.
  assert.equal(store.outbox.unpark(), 2);
  assert.deepEqual(
    store.outbox.next({ maxRows: 9, maxBytes: Infinity }).map(({ packet }) => sha256(packet.sealed)),
    [first!, third!].map(({ sealed }) => sha256(sealed)),
  );
  store.close();
  await central.close();
});
