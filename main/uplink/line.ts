import { once } from 'node:events';
import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

const everyMs = 500;

/** A line that is in use is looked at less often. */
const inUseMs = 1000;

/**
 * Resolves when central's port, found shut, is found open again, so that a mended line is used within a second whatever the
 * back-off (R12). A port that is open at first is not looked at again: a central that is reachable and fails is left in peace.
 * Rejects when the signal fires.
 */
export async function lineMended(transport: Transport, clock: Clock, signal: AbortSignal): Promise<void> {
  if (await transport.reaches(signal)) await once(signal, 'abort');
  signal.throwIfAborted();
  await found(transport, clock, signal);
}

/**
 * Resolves when central's port was found shut and is found open again while a request is under way: its answer is on a
 * connection that may not have noticed. Rejects when the signal fires.
 */
export async function lineBack(transport: Transport, clock: Clock, signal: AbortSignal): Promise<void> {
  while (await transport.reaches(signal)) await clock.sleep(inUseMs, signal);
  signal.throwIfAborted();
  await found(transport, clock, signal);
}

/** When the port is open. A look may be lost on a line that swallows it; it is not waited for before the next. */
async function found(transport: Transport, clock: Clock, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const open = Promise.withResolvers<true>();
  const look = async () => void ((await transport.reaches(either)) && open.resolve(true));
  try {
    do void look();
    while (!(await Promise.race([open.promise, clock.sleep(everyMs, either)])));
  } finally {
    over.abort(signal.reason);
  }
}
