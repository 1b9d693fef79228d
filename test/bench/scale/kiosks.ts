import type { Outbox, Settlement } from '../../../main/store/outbox.ts';
import type { OutboxRow } from '../../../main/store/outbox-reader.ts';
import type { KeyDocumentTable } from '../../../main/store/key-document.ts';
import { readCredentials } from '../../../main/uplink/credentials.ts';
import { openKeyRing } from '../../../main/uplink/key-ring.ts';
import { sealRecord } from '../../../main/uplink/seal.ts';
import { http2Transport, type Transport } from '../../../main/uplink/transport.ts';
import { startUplink, type Uplink } from '../../../main/uplink/uplink.ts';
import { crossingRecord } from '../../uplink/records.ts';
import type { Sample } from './samples.ts';

// node kiosks.ts URL RECORDS DIR...: so many kiosks with so many sealed records each and the product's own uplink. Says `ready`
// when all is sealed and they have begun to call, and a line of JSON when the last of them has emptied its queue.
const [url = '', records = '0', ...folders] = process.argv.slice(2);

/** A queue in memory: what is measured is central. */
function queueOf(rows: readonly OutboxRow[], emptied: () => void): Outbox {
  let left = [...rows];
  return {
    epoch: crypto.randomUUID(),
    next: ({ maxRows }: { maxRows: number }) => left.slice(0, maxRows),
    settle({ stored = [] }: Settlement) {
      const known = new Set(stored);
      const before = left.length;
      left = left.filter(({ packet }) => !known.has(packet.id));
      if (left.length === 0 && before > 0) emptied();
    },
    stats: () => ({ ready: left.length }),
    urgent: () => false,
    purge: () => {},
    park() {
      throw new Error('a packet was refused');
    },
  } as unknown as Outbox;
}

const samples: Sample[] = [];
const emptiedAt: number[] = [];
const ids: string[] = [];

/** Notes when each request was sent, how long its answer took, and what it was. */
function watched(transport: Transport): Transport {
  return {
    ...transport,
    async post(path, body, signal) {
      const sentAt = Date.now();
      // An empty batch is far smaller than any sealed record.
      const withRecords = body.length > 500;
      try {
        const answer = await transport.post(path, body, signal);
        samples.push({ sentAt, tookMs: Date.now() - sentAt, status: answer.status, withRecords });
        return answer;
      } catch (error) {
        samples.push({ sentAt, tookMs: Date.now() - sentAt, status: 0, withRecords });
        throw error;
      }
    },
  };
}

const uplinks: Uplink[] = [];
await new Promise<void>((resolve, reject) => {
  const open = async () => {
    const kiosks = [];
    for (const folder of folders) {
      const { kioskId, tls, keyAuthority, keyDocument } = readCredentials(folder);
      const kept = { load: () => undefined, replace: () => {} } as unknown as KeyDocumentTable;
      const maxAgeMs = 35 * 86_400_000;
      const ring = await openKeyRing({
        authority: keyAuthority,
        provisioned: keyDocument,
        kept,
        now: Date.now,
        maxAgeMs,
      });
      const rows: OutboxRow[] = [];
      for (let sequence = 1; sequence <= Number(records); sequence++) {
        const record = crossingRecord(kioskId);
        ids.push(record.id);
        rows.push({ sequence, packet: await sealRecord(record, ring.sealingKey()) });
      }
      kiosks.push({ kioskId, tls, receiptKey: ring.receiptKey, rows });
    }
    for (const { rows, ...kiosk } of kiosks) {
      const outbox = queueOf(rows, () => {
        emptiedAt.push(Date.now());
        if (emptiedAt.length === folders.length) resolve();
      });
      uplinks.push(startUplink({ ...kiosk, outbox, url, transport: watched(http2Transport(url, kiosk.tls)) }));
    }
    console.log('ready');
  };
  open().catch(reject);
});
console.log(JSON.stringify({ samples, emptiedAt, ids }));
await Promise.all(uplinks.map((uplink) => uplink.stop()));
