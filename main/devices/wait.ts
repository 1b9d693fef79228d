import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';

const cancelled = (): Fault => new Fault('capture.cancelled');

/** Throws `capture.cancelled` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** The promise's outcome, or `capture.cancelled` as soon as the signal fires. No listener outlives the wait. */
export async function cancellable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    throw cancelled();
  }
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(cancelled());
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The promise's outcome, or `device.timeout` after `timeoutMs`. No timer outlives the wait. */
export async function within<T>(clock: Clock, timeoutMs: number, promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(timeoutMs, () => late.reject(new Fault('device.timeout', what)));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}

/** Resolves after `delayMs`, or fails with `capture.cancelled` when the signal fires first. */
export async function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const cancel = clock.after(delayMs, over.resolve);
  try {
    await cancellable(over.promise, signal);
  } finally {
    cancel();
  }
}
