import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import { pause } from './wait.ts';

const retryMs = 2_000;
const everyMs = 100;

/**
 * Opens a device, and tries again for two seconds while it is listed and does not open: udev may still be setting the
 * permissions of its node. `known` is what the list says of it. Fails with `device.absent`.
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
      if (!known) throw new Fault('device.absent', 'not there', { cause: error });
      if (clock.nowMs() >= endMs) throw new Fault('device.absent', 'listed but will not open', { cause: error });
      await pause(clock, everyMs);
    }
  }
}
