import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import { pause } from './wait.ts';

const retryMs = 2_000;
const everyMs = 100;

/** Whether the system would not let this process open a node; addons say so in words, the file system by a code. */
export function isForbidden(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM' || /permission denied|not permitted|ERROR_ACCESS/i.test(error.message);
}

/**
 * Opens a device, and tries again for two seconds while it is listed and does not open: udev may still be setting the
 * permissions of its node. `known` is what the list says of it. Fails with `device.absent`, or `device.forbidden` where
 * the kiosk's user may not open it.
 */
export async function openListed<I extends { readonly path: string }, T>(
  clock: Clock,
  path: string,
  list: () => Promise<readonly I[]>,
  open: (known: I | undefined) => Promise<T>,
): Promise<T> {
  const endMs = clock.nowMs() + retryMs;
  for (;;) {
    const known = (await list()).find((device) => device.path === path);
    try {
      return await open(known);
    } catch (error) {
      const forbidden = isForbidden(error);
      if (!known && !forbidden) throw new Fault('device.absent', 'not there', { cause: error });
      if (clock.nowMs() >= endMs)
        throw forbidden
          ? new Fault('device.forbidden', `${path} may not be opened`, { cause: error })
          : new Fault('device.absent', 'listed but will not open', { cause: error });
      await pause(clock, everyMs);
    }
  }
}
