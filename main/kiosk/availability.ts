import type { Devices } from '../devices/registry.ts';
import type { Cause } from '../keeping/doings.ts';

/** What a crossing cannot do without. */
export interface NeededOptions {
  readonly devices: Pick<Devices, 'sight' | 'view'>;
  readonly cameras: readonly { readonly ready: boolean }[];
  /** Whether a crossing could be stored. */
  readonly admits: () => boolean;
  /** Whether there is a key to seal it to. */
  readonly keys: () => boolean;
  /** Whether a technician tries a device. */
  readonly trial: () => boolean;
}

/** Why nobody can be served now, the worst first; false where nothing is in the way. */
export function causeOfAbsence({ devices, cameras, admits, keys, trial }: NeededOptions): Cause | false {
  const present = devices.view().every(({ state }) => state === 'ready' || state === 'busy');
  return (
    (!present && 'device') ||
    (!cameras.every(({ ready }) => ready) && 'camera') ||
    (devices.sight()?.mode === 'released' && 'gate-released') ||
    (!admits() && 'store') ||
    (!keys() && 'keys') ||
    (trial() && 'trial')
  );
}
