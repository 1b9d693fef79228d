import type { Finder } from './device-slot.ts';
import type { OpenDevice } from './open-device.ts';

/** What tells one device of a bus from another. */
export interface Known {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
}

const keys = ['path', 'vendorId', 'productId', 'serial', 'usagePage', 'usage'] as const;
type Marks = { readonly [K in (typeof keys)[number]]?: string | number | undefined };

/** Whether all that a match gives fits the device. */
export function fits(match: Marks, device: Marks): boolean {
  return keys.every((key) => match[key] === undefined || match[key] === device[key]);
}

/** What a finder needs to be told. */
export interface FinderOptions<D extends OpenDevice> {
  /** Paths that a role has taken, shared by all roles of a kiosk: no two get the same device. */
  readonly taken: Set<string>;
  readonly candidates: () => Promise<readonly Known[]>;
  readonly onChange: (hear: () => void) => () => void;
  readonly open: (path: string) => Promise<D>;
}

/** Takes the first candidate that opens: the one that filled the role before is tried first, wherever it is now. */
export function finder<D extends OpenDevice>({ taken, candidates, onChange, open }: FinderOptions<D>): Finder<D> {
  let before: Known | undefined;
  const same = (device: Known): boolean =>
    device.vendorId === before?.vendorId && device.productId === before.productId && device.serial === before.serial;
  return {
    onChange,
    open: async (signal, tellFound) => {
      const free = (await candidates()).filter(({ path }) => !taken.has(path));
      const order = [...free.filter(same), ...free.filter((device) => !same(device))];
      if (order.length > 0) tellFound();
      let failure: unknown;
      for (const device of order) {
        if (signal.aborted) break;
        taken.add(device.path);
        try {
          const opened = await open(device.path);
          before = device;
          void opened.lost.then(() => taken.delete(device.path));
          return opened;
        } catch (error) {
          taken.delete(device.path);
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return undefined;
    },
  };
}

/** For a role that nothing is to fill: no bus is looked at for it. */
export const nothing = { open: () => Promise.resolve(undefined), onChange: () => () => {} };
