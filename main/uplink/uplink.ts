import { Fault, type FaultCode } from '../contract/fault.ts';
import { maxBatchRows, partBytes } from '../contract/packet.ts';
import type { Outbox, OutboxRow } from '../store/outbox.ts';
import { backoffMs, retryAfterMs } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { carriesHit, openWay } from './giving-way.ts';
import { lineBack } from './line.ts';
import { following, freely } from './pacing.ts';
import { type Pause, rest, type Wakers } from './pause.ts';
import type { ReceiptKeys } from './receipt.ts';
import { type Outcome, type Sender, ship } from './shipment.ts';
import { http2Transport, type TlsFiles, type Transport } from './transport.ts';

/** What the uplink needs. */
export interface UplinkOptions {
  readonly outbox: Outbox;
  readonly url: string;
  readonly tls: TlsFiles;
  readonly receiptKey: ReceiptKeys;
  readonly kioskId: string;
  readonly clock?: Clock;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
  /** The status, the fault or the queue has changed. */
  readonly onChange?: () => void;
  /** Central orders watchlists up to a version erased; said again with every receipt for as long as it stands. */
  readonly onEraseOrder?: (throughVersion: number) => void;
  readonly transport?: Transport;
}

/** The running uplink. */
export interface Uplink {
  /** `online` while central's last answer was a receipt; a record stored while `offline` is a fallback record. */
  status(): 'online' | 'offline';
  /** Why the last attempt failed; empty after one that did not. */
  lastFault(): FaultCode | '';
  /** A record was stored, or the line may be back: tries now, unless central asked for quiet. */
  nudge(): void;
  stop(): Promise<void>;
}

const patienceMs = 30_000;
// A line slower than 256 kbit/s counts as down.
const slowestBytesPerMs = 32;
const heartbeatMs = 30_000;

/** How often it is looked whether a hit waits while a request is under way. */
const hitMs = 100;

/** Why a request was broken off though nothing was wrong with it. */
const gaveWay = Symbol('a hit goes first');

/**
 * Ships the outbox to central until it is stopped: at least once, in order, deleting only what a verified receipt names.
 * It never throws once started; what is wrong shows in `lastFault`. Fault at the start: `config.invalid`.
 */
export function startUplink(options: UplinkOptions): Uplink {
  const { outbox, clock = systemClock, random = Math.random, onChange = () => {} } = options;
  const sender: Sender = {
    kioskId: options.kioskId,
    epoch: outbox.epoch,
    receiptKey: options.receiptKey,
    transport: options.transport ?? http2Transport(options.url, options.tls),
  };
  const stopped = new AbortController();
  let status: 'online' | 'offline' = 'offline';
  let lastFault: FaultCode | '' = '';
  let failures = 0;
  let maxRows = maxBatchRows;
  let pace = freely;
  const way = openWay();
  let nudged = Promise.withResolvers<void>();

  const wakers: Wakers = {
    clock,
    transport: sender.transport,
    stopped: stopped.signal,
    urgent: () => outbox.urgent(),
    offline: () => status === 'offline',
  };

  const report = (fault: FaultCode | '', next: 'online' | 'offline') => {
    [lastFault, status] = [fault, next];
    onChange();
  };

  /** Works on one batch; tells how long to pause. */
  async function turn(): Promise<Pause> {
    try {
      const { maxBytes, turn } = way.within(pace);
      const rows = way.first(outbox.next({ maxRows: Math.min(maxRows, pace.maxRows), maxBytes, partBytes }));
      const bytes = rows.reduce((sum, { packet }) => sum + packet.sealed.length, 0);
      const queue = { waiting: Math.max(0, outbox.stats().ready - rows.length), ...(turn && { turn }) };
      const deadlineMs = patienceMs + bytes / slowestBytesPerMs;
      const outcome = await within(deadlineMs, rows, (signal) => ship(rows, sender, queue, signal));
      if (outcome === gaveWay) way.gaveWay();
      else way.ended(rows);
      if (outcome === gaveWay) return { quietMs: 0, jitterMs: 0, idleMs: 0 };
      if (stopped.signal.aborted) return { quietMs: 0, jitterMs: 0, idleMs: 0 };
      const quietMs = settle(rows, outcome);
      if (failures > 0) return { quietMs, jitterMs: backoffMs(failures, random), idleMs: 0 };
      return { quietMs, jitterMs: 0, idleMs: outbox.stats().ready > 0 ? 0 : heartbeatMs };
    } catch (error) {
      failures++;
      report(Fault.from(error).code, status);
      return { quietMs: 0, jitterMs: backoffMs(failures, random), idleMs: 0 };
    }
  }

  /** Does to the outbox what the outcome allows; gives the time central asked for quiet. */
  function settle(rows: readonly OutboxRow[], outcome: Outcome): number {
    if (outcome.is === 'later') {
      failures++;
      report(outcome.fault.code, 'offline');
      return retryAfterMs(outcome.retryAfter, clock.now());
    }
    if (outcome.is === 'too-much') {
      // Halve until the one that is to blame stands alone.
      const [only] = rows;
      if (rows.length > 1) maxRows = Math.ceil(rows.length / 2);
      else if (only === undefined) failures++;
      else outbox.park(only.packet.id, 'uplink.refused');
      report('uplink.refused', status);
      return 0;
    }
    const { stored, refused, partial, eraseListThrough } = outcome.verdict;
    if (eraseListThrough !== undefined) options.onEraseOrder?.(eraseListThrough);
    outbox.settle(outcome.verdict);
    pace = following(outcome.verdict.pace);
    // After an empty receipt, too: an earlier purge may have found the disk full.
    outbox.purge();
    // A receipt that speaks of nothing that was sent would be asked for again at once.
    const further = ({ id, bytes }: { id: string; bytes: number }) =>
      rows.some(({ packet, part }) => packet.id === id && bytes > (part?.offset ?? 0));
    const idle = rows.length > 0 && stored.length + refused.length + partial.filter(further).length === 0;
    failures = idle ? failures + 1 : 0;
    maxRows = maxBatchRows;
    report(refused.length > 0 ? 'uplink.refused' : idle ? 'uplink.receipt' : '', 'online');
    return pace.waitMs;
  }

  /** Does the work until it is done, its time is over, or it stands in the way of a hit. */
  async function within(
    deadlineMs: number,
    rows: readonly OutboxRow[],
    work: (signal: AbortSignal) => Promise<Outcome>,
  ): Promise<Outcome | typeof gaveWay> {
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, stopped.signal]);
    const ends = (wait: Promise<void>, why: unknown) =>
      wait.then(
        () => over.abort(why),
        () => {},
      );
    const waits = [
      ends(clock.sleep(deadlineMs, either), new Fault('uplink.offline', 'no answer in time')),
      ends(inTheWay(rows, either), gaveWay),
    ];
    try {
      const outcome = await work(either);
      return outcome.is === 'later' && over.signal.reason === gaveWay ? gaveWay : outcome;
    } finally {
      over.abort();
      await Promise.all(waits);
    }
  }

  /** When a hit waits that the request does not carry; or the line, which was down under one that does, is back. */
  async function inTheWay(rows: readonly OutboxRow[], signal: AbortSignal): Promise<void> {
    do await clock.sleep(hitMs, signal);
    while (!outbox.urgent());
    if (carriesHit(rows)) return lineBack(sender.transport, clock, signal);
    if (!way.yields(rows)) await new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true }));
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      nudged = Promise.withResolvers();
      await rest(await turn(), nudged.promise, wakers);
    }
  }

  // A connection that breaks is news: what is stored from now on is stored because central cannot be reached.
  sender.transport.onLost?.(() => nudged.resolve());
  const running = run();
  return {
    status: () => status,
    lastFault: () => lastFault,
    nudge: () => nudged.resolve(),
    async stop() {
      stopped.abort(new Fault('wire.closed', 'the uplink was stopped'));
      await running;
      await sender.transport.close();
    },
  };
}
