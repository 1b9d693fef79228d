import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import type { SealedPacket } from '../../main/contract/packet.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { newDisk, packet } from '../store/disk.ts';
import { layField, ship } from '../uplink/field.ts';
import { alarmRecord, biometricsRecord, crossingRecord, statisticsRecord, uuidv7 } from '../uplink/records.ts';

const rounds = 5;
const sizes = { '4 KB': 4_000, '300 KB': 300_000 };
const batch = 32;
/** `--full` queues as many as a day of a large site leaves behind. */
const full = process.argv.includes('--full');
const queued = full ? 100_000 : 5_000;

/** How long a queue is watched while it empties. */
const drainMs = 60_000;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const p99 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

/** Milliseconds of each call. */
function times(count: number, work: (i: number) => void): number[] {
  return Array.from({ length: count }, (_, i) => {
    const startedMs = performance.now();
    work(i);
    return performance.now() - startedMs;
  });
}

const rateOf = (ms: readonly number[]) => (ms.length * 1000) / ms.reduce((sum, each) => sum + each, 0);

/** Stores, durably, beside plain writes of the same size with fdatasync in turns: the ratio hardly changes with the neighbours. */
function benchStoring(): void {
  for (const [name, bytes] of Object.entries(sizes)) {
    const count = bytes > 100_000 ? batch : 4 * batch;
    const raw: number[] = [];
    const stored: number[] = [];
    const drained: number[] = [];
    for (let round = 0; round < rounds; round++) {
      using disk = newDisk();
      const file = openSync(join(disk.directory, 'raw'), 'w');
      const block = randomBytes(bytes);
      raw.push(
        ...times(count, () => {
          writeSync(file, block);
          fdatasyncSync(file);
        }),
      );
      closeSync(file);
      const store = disk.open({ reserveBytes: 1024 * 1024 });
      const packets: SealedPacket[] = Array.from({ length: count }, () => packet(bytes));
      stored.push(...times(count, (i) => store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [packets[i]!])));
      const startedMs = performance.now();
      for (;;) {
        const rows = store.outbox.next({ maxRows: batch, maxBytes: 1024 * 1024 });
        if (rows.length === 0) break;
        store.outbox.acknowledge(rows.map(({ packet }) => packet.id));
        store.outbox.purge();
      }
      drained.push((count * 1000) / (performance.now() - startedMs));
      store.close();
    }
    const [base, rate] = [rateOf(raw), rateOf(stored)];
    console.log(
      `uplink, ${name}: raw fdatasync ${base.toFixed(0)}/s, p99 ${p99(raw).toFixed(1)} ms; ` +
        `stored ${rate.toFixed(0)}/s (${(rate / base).toFixed(2)} of raw), p99 ${p99(stored).toFixed(1)} ms ` +
        `(${(p99(stored) / p99(raw)).toFixed(2)}); drained ${median(drained).toFixed(0)}/s (${(median(drained) / base).toFixed(2)})`,
    );
  }
}

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The line comes back with a queue behind it and a hit on top: when the hit is at central, and how the queue empties. */
async function benchRecovery(): Promise<void> {
  await using field = await layField();
  const { centralKey } = field.credentials;
  const sealed = (record: LimenRecord) => sealRecord(record, centralKey);
  for (let i = 0; i < queued; i += 100) {
    const packets = await Promise.all(Array.from({ length: 100 }, () => sealed(statisticsRecord('gate-1'))));
    field.store.enqueue(packets);
  }
  const hit = await sealed(alarmRecord('gate-1'));
  field.store.conclude({ crossingId: uuidv7(), outcome: 'refer' }, [hit]);
  const before = field.store.outbox.stats().ready;
  const port = await freePort();
  const { uplink, until } = ship(field, { url: `https://127.0.0.1:${port}` });
  await until((uplink) => uplink.lastFault() === 'uplink.offline');
  await setTimeout(5000);
  const central = await openCentral({ ...readDirectory(field.pki.central), port });
  const startedMs = performance.now();
  await until(() => field.store.outbox.stats().delivered > 0);
  const hitMs = performance.now() - startedMs;
  const [first] = await central.records();
  await until(() => field.store.outbox.stats().ready === 0 || performance.now() - startedMs > drainMs);
  const emptyMs = performance.now() - startedMs;
  const { ready } = field.store.outbox.stats();
  console.log(
    `uplink, ${before} queued and the line back after 5 s: the hit is at central after ${hitMs.toFixed(0)} ms ` +
      `(${first?.kind} first), ${ready} left after ${(emptyMs / 1000).toFixed(1)} s (${(((before - ready) * 1000) / emptyMs).toFixed(0)}/s)`,
  );
  await uplink.stop();
  await central.close();
}

/** Bytes that one crossing puts on the line, beside those it is about. */
async function benchBytes(): Promise<void> {
  await using field = await layField();
  const { centralKey } = field.credentials;
  const biometrics = biometricsRecord('gate-1', '', { bytes: 300_000 });
  const plain = biometrics.portrait!.length + biometrics.finger!.image.length + biometrics.finger!.template.length;
  const [record, captured] = [
    await sealRecord(crossingRecord('gate-1'), centralKey),
    await sealRecord(biometrics, centralKey),
  ];
  console.log(
    `uplink, bytes of a crossing: record ${record.sealed.length} sealed; captured ${captured.sealed.length} sealed ` +
      `(${(captured.sealed.length / plain).toFixed(3)} of the images and the template)`,
  );
}

/** Prints what the queue costs and how fast it empties. How much the portal's fan-out costs is told by `bench esp`. */
export async function bench(): Promise<void> {
  benchStoring();
  await benchRecovery();
  await benchBytes();
}
