import { Fault } from '../contract/fault.ts';

/**
 * Does work with a device, and does it again each time the device goes away or hangs, until it is back; `away` is told. Gives
 * nothing once the signal has fired; other faults than `device.absent` and `device.timeout` are thrown.
 */
export async function whenPresent<T>(
  work: () => Promise<T>,
  away: () => void,
  signal: AbortSignal,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      const { code } = Fault.from(error);
      if (signal.aborted || code === 'capture.cancelled') return undefined;
      if (code !== 'device.absent' && code !== 'device.timeout') throw error;
      away();
    }
  }
  return undefined;
}
