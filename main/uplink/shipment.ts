import { createHash, randomBytes } from 'node:crypto';
import { encode } from 'cborg';
import { Fault } from '../contract/fault.ts';
import type { Batch } from '../contract/packet.ts';
import type { OutboxRow } from '../store/outbox.ts';
import { type ReceiptKeys, type Verdict, verifyReceipt } from './receipt.ts';
import type { Transport } from './transport.ts';

/** What came of one request: a verified receipt; the content refused as a whole; or not now. */
export type Outcome =
  { is: 'receipt'; verdict: Verdict } | { is: 'too-much' } | { is: 'later'; fault: Fault; retryAfter?: string };

/** Who sends, and whose receipts count. */
export interface Sender {
  readonly kioskId: string;
  readonly epoch: string;
  readonly receiptKey: ReceiptKeys;
  readonly transport: Transport;
}

// Statuses that blame what was sent, not who sent it or when (RFC 9110).
const contentRefused = new Set([413, 422]);

/** Sends one batch, which may be empty, and judges the answer. Only status 200 with a verified receipt is a success. */
export async function ship(
  rows: readonly OutboxRow[],
  sender: Sender,
  queue: Pick<Batch, 'waiting' | 'turn'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { kioskId, epoch, receiptKey, transport } = sender;
  const nonce = randomBytes(16).toString('base64url');
  const batch: Batch = { format: 'limen-batch', version: 1, kioskId, epoch, nonce, ...queue, packets: [...rows] };
  try {
    const { status, body, retryAfter } = await transport.post('/v1/packets', encode(batch), signal);
    if (status === 200) {
      const digests = new Map(rows.map((row) => [row.packet.id, row.part?.sha256 ?? sha256(row.packet.sealed)]));
      return { is: 'receipt', verdict: await verifyReceipt(body, receiptKey, { kioskId, nonce, digests }) };
    }
    if (contentRefused.has(status)) return { is: 'too-much' };
    const code =
      status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'uplink.refused' : 'uplink.offline';
    return { is: 'later', fault: new Fault(code, `status ${status}`), ...(retryAfter ? { retryAfter } : {}) };
  } catch (error) {
    return { is: 'later', fault: Fault.from(error, 'uplink.offline') };
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
