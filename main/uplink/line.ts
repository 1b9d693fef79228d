import { once } from 'node:events';
import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

const everyMs = 500;

/**
 * Resolves when central's port, found shut, is found open again, so that a mended line is used within a second whatever the
 * back-off (R12). A port that is open at first is not looked at again: a central that is reachable and fails is left in peace.
 * Rejects when the signal fires.
 */
export async function lineMended(transport: Transport, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let shut = false; ; shut = true) {
    const open = await transport.reaches(signal);
    signal.throwIfAborted();
    if (open && shut) return;
    if (open) await once(signal, 'abort');
    await clock.sleep(everyMs, signal);
  }
}
