import type { Clock } from './clock.ts';
import { lineMended } from './line.ts';
import { urgentMs } from './pacing.ts';
import type { Transport } from './transport.ts';

/** How long to wait before the next request. */
export interface Pause {
  /** What central asked for: kept, whoever nudges. */
  readonly quietMs: number;
  /** On top of that, so that kiosks that were told the same do not come back as one. */
  readonly jitterMs: number;
  /** Until something is stored. */
  readonly idleMs: number;
}

/** What ends a pause before its time. */
export interface Wakers {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly stopped: AbortSignal;
  /** Whether there is something that is not to be held up. */
  readonly urgent: () => boolean;
  /** Whether central is out of reach, so that a mended line is news. */
  readonly offline: () => boolean;
}

/** Waits. Of central's quiet a hit waits a second only; the rest ends with a nudge, or when the line is mended. */
export async function rest({ quietMs, jitterMs, idleMs }: Pause, nudge: Promise<void>, wakers: Wakers): Promise<void> {
  const { clock, transport, stopped, urgent, offline } = wakers;
  if (quietMs > 0) {
    const hit = async (signal: AbortSignal) => {
      do await clock.sleep(Math.min(urgentMs, quietMs), signal);
      while (!urgent());
      await clock.sleep(jitterMs, signal);
    };
    await firstOf(stopped, (signal) => [clock.sleep(quietMs + jitterMs, signal), hit(signal)]);
  }
  const leftMs = idleMs + (quietMs > 0 ? 0 : jitterMs);
  if (leftMs === 0) return;
  await firstOf(stopped, (signal) => [
    clock.sleep(leftMs, signal),
    Promise.race([nudge, ended(signal)]),
    ...(offline() ? [lineMended(transport, clock, signal)] : []),
  ]);
}

/** When the signal fires, or at once when it has. */
function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** When the first of them ends, however it ends; the others are told to, and waited for. */
async function firstOf(stopped: AbortSignal, begin: (signal: AbortSignal) => Promise<void>[]): Promise<void> {
  const over = new AbortController();
  const ends = begin(AbortSignal.any([over.signal, stopped]));
  await Promise.race(ends).catch(() => {});
  over.abort();
  await Promise.allSettled(ends);
}
