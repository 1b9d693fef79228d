import { createHash, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Fault } from '../../main/contract/fault.ts';
import type { Transport } from '../../main/uplink/transport.ts';
import { fill, newDisk, packet } from '../store/disk.ts';
import { layField, ship } from '../uplink/field.ts';
import { Line, nearCentral, VirtualClock } from '../uplink/line.ts';
import { guardRecord } from '../uplink/records.ts';
import { herd } from './herd.ts';
import { findingOf, type Finding, type Row } from './row.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Flips a byte anywhere in the file of a queue: it is refused whole, or the packet is parked, and the rest can be sent as it was. */
function rot(flips: number): Finding {
  using disk = newDisk();
  const packets = Array.from({ length: 20 }, () => packet(3000));
  const before = disk.open();
  fill(before, packets);
  before.close();
  const digests = new Map(packets.map(({ id, sealed }) => [id, sha256(sealed)]));
  const whole = readFileSync(disk.file);
  const found = { flips, refusedWhole: 0, parked: 0, intact: 0, altered: 0, vanished: 0 };
  for (let i = 0; i < flips; i++) {
    const bytes = Buffer.from(whole);
    bytes[randomInt(bytes.length)]! ^= 1 << randomInt(8);
    writeFileSync(disk.file, bytes);
    try {
      const store = disk.open();
      try {
        const rows = store.outbox.next({ maxRows: 1000, maxBytes: Infinity });
        const { parked } = store.outbox.stats();
        found.altered += rows.filter(({ packet }) => digests.get(packet.id) !== sha256(packet.sealed)).length;
        found.vanished += packets.length - rows.length - parked;
        if (parked > 0) found.parked++;
        else found.intact++;
      } finally {
        store.close();
      }
    } catch (error) {
      if (Fault.from(error).code !== 'store.corrupt') throw error;
      found.refusedWhole++;
    }
  }
  return findingOf(found, ['altered', 'vanished']);
}

/** The same to a queue whose pages and packets nothing vouches for. */
function rotUnseen(flips: number): Finding {
  using disk = newDisk();
  const file = join(disk.directory, 'plain.db');
  const plain = new Database(file);
  plain.exec('CREATE TABLE queue (id INTEGER PRIMARY KEY, bytes BLOB)');
  const packets = Array.from({ length: 20 }, () => packet(3000).sealed);
  for (const bytes of packets) plain.prepare('INSERT INTO queue (bytes) VALUES (?)').run(bytes);
  plain.close();
  const whole = readFileSync(file);
  let altered = 0;
  for (let i = 0; i < flips; i++) {
    const bytes = Buffer.from(whole);
    bytes[randomInt(8192, bytes.length)]! ^= 1 << randomInt(8);
    writeFileSync(file, bytes);
    try {
      const database = new Database(file);
      const rows = database.prepare('SELECT bytes FROM queue ORDER BY id').pluck().all() as Buffer[];
      altered += rows.filter((row, at) => !row.equals(packets[at]!)).length;
      database.close();
    } catch {
      // Seen by chance.
    }
  }
  return findingOf({ flips, altered }, ['altered']);
}

/** Packets that central blames, alone or with all that travels beside them, among good ones. */
async function poison(good: number, parks: boolean): Promise<Finding> {
  await using field = await layField();
  const clock = new VirtualClock();
  const central = await nearCentral(field, clock);
  const line = new Line(() => central);
  // One that is refused with its whole batch, and two that are refused by name.
  const marker = packet(300).id;
  let posts = 0;
  const transport: Transport = {
    post: async (path, body, signal) => {
      posts++;
      await setImmediate();
      return Buffer.from(body).includes(marker) ? { status: 422, body: '' } : line.post(path, body, signal);
    },
    reaches: () => line.reaches(),
    close: () => line.close(),
  };
  fill(field.store, [packet(300, { kind: 'guard-decision', id: marker })]);
  fill(field.store, [packet(300, { keyId: 'forgotten' }), packet(300, { keyId: field.credentials.centralKey.id })]);
  for (let i = 0; i < good; i++) await field.keep(guardRecord('gate-1'));
  const { outbox } = field.store;
  if (!parks) outbox.park = () => {};
  const { uplink } = ship(field, { url: '', clock, transport, random: () => 0.5 });
  await clock.runUntil(
    () => outbox.stats().ready === 0 || posts > 100 + good,
    () => line.busy > 0,
  );
  const { delivered, parked } = outbox.stats();
  await uplink.stop();
  await central.close();
  return findingOf({ good, delivered, parked, stuck: good - delivered, notParked: 3 - parked }, ['stuck', 'notParked']);
}

/** Rows of what befalls the queue as a whole. */
export const queues: readonly Row[] = [
  {
    number: 6,
    fault: 'bit rot',
    promise: 'a fault or a parked packet, never another packet; the rest can be sent',
    injection: 'any bit of the file flipped',
    control: 'a queue without authenticated pages and digests',
    prove: async (length) => rot(length === 'short' ? 60 : 2000),
    disprove: async () => rotUnseen(60),
  },
  {
    number: 11,
    fault: 'poison packets',
    promise: 'they are parked, the lane goes on',
    injection: 'one that makes central refuse its whole batch (422), two that are refused by name',
    control: 'an outbox that does not park',
    prove: (length) => poison(length === 'short' ? 40 : 2000, true),
    disprove: () => poison(40, false),
  },
  herd,
];
