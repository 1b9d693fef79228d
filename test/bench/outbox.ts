import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { SealedPacket } from '../../main/contract/packet.ts';
import { newDisk, packet } from '../store/disk.ts';
import { uuidv7 } from '../uplink/records.ts';

const rounds = 5;
const sizes = { '4 KB': 4_000, '300 KB': 300_000 };
const batch = 32;

/** How many times a second; the work counts for `times`. */
function rate(times: number, work: () => void): number {
  const startedMs = performance.now();
  work();
  return (times * 1000) / (performance.now() - startedMs);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * Prints conclusions and deliveries a second, each also as a ratio to plain writes of the same size with fdatasync, taken in
 * turns within the same run: the disk and the neighbours change from minute to minute, the ratio hardly does.
 */
export async function bench(): Promise<void> {
  for (const [name, bytes] of Object.entries(sizes)) {
    const count = bytes > 100_000 ? batch : 4 * batch;
    const rates = { raw: [] as number[], conclude: [] as number[], drain: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      using disk = newDisk();
      const raw = openSync(join(disk.directory, 'raw'), 'w');
      const block = randomBytes(bytes);
      rates.raw.push(
        rate(count, () => {
          for (let i = 0; i < count; i++) {
            writeSync(raw, block);
            fdatasyncSync(raw);
          }
        }),
      );
      closeSync(raw);
      const store = disk.open();
      const packets: SealedPacket[] = Array.from({ length: count }, () => packet(bytes));
      rates.conclude.push(
        rate(count, () => {
          for (const each of packets) store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [each]);
        }),
      );
      rates.drain.push(
        rate(count, () => {
          for (;;) {
            const rows = store.outbox.next({ maxRows: batch, maxBytes: 1024 * 1024 });
            if (rows.length === 0) break;
            store.outbox.acknowledge(rows.map(({ packet }) => packet.id));
            store.outbox.purge();
          }
        }),
      );
      store.close();
    }
    const raw = median(rates.raw);
    const tell = (what: 'conclude' | 'drain') =>
      `${what} ${median(rates[what]).toFixed(0)}/s (${(median(rates[what]) / raw).toFixed(2)} of raw)`;
    console.log(`outbox, ${name}: raw fdatasync ${raw.toFixed(0)}/s, ${tell('conclude')}, ${tell('drain')}`);
  }
}
