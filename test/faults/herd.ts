import { createHash, generateKeyPairSync } from 'node:crypto';
import { decode } from 'cborg';
import { CompactSign } from 'jose';
import { Pacer } from '../../central/pacer.ts';
import type { Batch, Receipt } from '../../main/contract/packet.ts';
import { Fault } from '../../main/contract/fault.ts';
import type { Outbox, OutboxRow, Settlement } from '../../main/store/outbox.ts';
import type { Answer, Transport } from '../../main/uplink/transport.ts';
import { startUplink } from '../../main/uplink/uplink.ts';
import { stream } from '../sim/finger/random.ts';
import { countCryptography, Time } from '../simulation/time.ts';
import { packet } from '../store/disk.ts';
import { findingOf, type Finding, type Row } from './row.ts';

const outageMs = 2 * 60_000;
const windowMs = 100;
const workMs = 4;
const atOnce = 8;

/** A queue in memory, of packets that all kiosks share: what is tested here is when they come, not what they hold. */
function queueOf(packets: readonly OutboxRow[]): Outbox {
  let left = [...packets];
  return {
    epoch: crypto.randomUUID(),
    next: ({ maxRows }: { maxRows: number }) => left.slice(0, maxRows),
    settle: ({ stored = [] }: Settlement) => void (left = left.filter(({ packet }) => !stored.includes(packet.id))),
    stats: () => ({ ready: left.length }),
    urgent: () => false,
    purge: () => {},
    park: () => {},
  } as unknown as Outbox;
}

/**
 * Kiosks with a queue each, in virtual time, and the line to central down for two minutes: how many requests come in the
 * worst tenth of a second after it is back, and how long until the last queue is empty. Central works on eight at once, four
 * milliseconds each, asks the rest to come back in a second, and paces as it does.
 */
async function comeBack(kiosks: number, jitter: boolean): Promise<Finding> {
  const time = new Time();
  const random = stream(12);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const receiptKey = () => publicKey;
  const pacer = new Pacer(() => time.nowMs, random);
  const rows = Array.from({ length: 40 }, (_, i) => ({ sequence: i + 1, packet: packet(100) }));
  const digests = new Map(
    rows.map(({ packet }) => [packet.id, createHash('sha256').update(packet.sealed).digest('hex')]),
  );
  const arrivals = new Map<number, number>();
  let [busy, requests, refused, down, worst] = [0, 0, 0, true, 0];

  const answer = async (body: Uint8Array): Promise<Answer> => {
    requests++;
    const window = Math.floor(time.nowMs / windowMs);
    arrivals.set(window, (arrivals.get(window) ?? 0) + 1);
    if (busy >= atOnce) {
      refused++;
      return { status: 503, retryAfter: '1', body: '' };
    }
    busy++;
    await new Promise<void>((resolve) => time.after(workMs, resolve));
    busy--;
    const { kioskId, nonce, packets, waiting, turn } = decode(body) as Batch;
    const stored = packets
      .map(({ packet }) => (packet as { id: string }).id)
      .map((id) => ({ id, sha256: digests.get(id)! }));
    const pace = pacer.pace(kioskId, waiting ?? 0, turn);
    const receipt: Receipt = {
      format: 'limen-receipt',
      version: 1,
      kioskId,
      nonce,
      issuedAt: new Date(time.nowMs).toISOString(),
      stored,
      refused: [],
      partial: [],
      ...(pace && { pace }),
    };
    const text = new TextEncoder().encode(JSON.stringify(receipt));
    return {
      status: 200,
      body: await new CompactSign(text)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'limen-receipt', kid: 'central' })
        .sign(privateKey),
    };
  };

  const outboxes = Array.from({ length: kiosks }, () => queueOf(rows));
  const uplinks = outboxes.map((outbox, i) => {
    const own = stream(12, i);
    // Power comes back to all of them in the same few minutes, or, for the control, in the same moment.
    const startMs = jitter ? own() * 60_000 : 0;
    const transport: Transport = {
      post: (_, body) => (down ? Promise.reject(new Fault('uplink.offline')) : answer(new Uint8Array(body))),
      reaches: () => Promise.resolve(!down),
      close: () => Promise.resolve(),
    };
    const begin = () =>
      startUplink({
        outbox,
        url: '',
        tls: { ca: '', cert: '', key: '' },
        receiptKey,
        kioskId: `gate-${i}`,
        clock: { now: () => time.nowMs, sleep: (ms, signal) => time.sleep(ms, signal) },
        random: jitter ? own : () => 1,
        transport,
      });
    return { startMs, begin };
  });
  for (const { startMs, begin } of uplinks) time.after(startMs, begin);
  time.after(outageMs, () => (down = false));
  const left = () => outboxes.reduce((sum, outbox) => sum + outbox.stats().ready, 0);
  for (let steps = 0; left() > 0 && time.nowMs < outageMs + 3 * 3_600_000; steps++) await time.step();
  for (const count of arrivals.values()) worst = Math.max(worst, count);
  const emptyAfterSeconds = Math.round((time.nowMs - outageMs) / 1000);
  const cap = Math.ceil(kiosks * capShare);
  return findingOf(
    {
      kiosks,
      requests,
      refused,
      worstTenth: worst,
      cap,
      emptyAfterSeconds,
      left: left(),
      overCap: Number(worst > cap),
    },
    ['overCap', 'left'],
  );
}

/** Kiosks look for the line twice a second: spread evenly, a fifth of them comes in a tenth of a second, with two requests each. Half as much again is the bound. */
const capShare = 0.6;
let counted = false;

/** Row 12. */
export const herd: Row = {
  number: 12,
  fault: 'thundering herd',
  promise: "kiosks that come back together stay below central's cap, and all queues empty",
  injection: '1,000 kiosks with queues, the line back after two minutes (virtual time, seeded)',
  control: 'kiosks without jitter',
  prove: (length) => counting(() => comeBack(length === 'short' ? 100 : 1000, true)),
  disprove: () => counting(() => comeBack(100, false)),
};

function counting<T>(work: () => T): T {
  if (!counted) countCryptography();
  counted = true;
  return work();
}
