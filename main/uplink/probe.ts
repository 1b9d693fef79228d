import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

const everyMs = 500;

/**
 * Resolves when central's port, seen shut, is seen open again, so that a mended line is used within a second whatever the
 * back-off (R12). A central that is reachable and fails is left to the back-off. Rejects when the signal fires.
 */
export async function lineMended(transport: Transport, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let shut = false; ;) {
    const open = await transport.reaches(signal);
    signal.throwIfAborted();
    if (open && shut) return;
    shut ||= !open;
    await clock.sleep(everyMs, signal);
  }
}
