import { Fault, type FaultCode } from '../main/contract/fault.ts';

/** Waits for work of the addon and gives what it rejects with as a fault: one of those expected, or `internal`. */
export async function faultsOf<T>(work: Promise<T>, expected: readonly FaultCode[]): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw Fault.from(error, expected.find((known) => known === code) ?? 'internal');
  }
}

/** Waits for work of a gallery. Faults: `template.malformed`, `template.incomparable`, `capture.cancelled`, `internal`. */
export function fromGallery<T>(work: Promise<T>): Promise<T> {
  return faultsOf(work, ['template.malformed', 'template.incomparable', 'capture.cancelled']);
}

/** Waits for a search of a gallery, which ends with `capture.cancelled` as soon as the signal fires. */
export async function searched<T>(
  { found, cancel }: { readonly found: Promise<T>; readonly cancel: () => void },
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    cancel();
    aborted.reject(new Fault('capture.cancelled'));
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([fromGallery(found), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
