import type { FaultCode } from '../contract/fault.ts';
import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import type { Finder } from './device-slot.ts';
import type { OpenDevice } from './open-device.ts';
import { blamed, blameless, type Conduct, isOut, replugged } from './quarantine.ts';

/** What tells one device of a bus from another. */
export interface Known {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  /** Claims to be a keyboard or a mouse as well: it is not opened, and `device.hostile`. */
  readonly disguised?: boolean;
}

const keys = ['path', 'vendorId', 'productId', 'serial', 'usagePage', 'usage'] as const;
type Marks = { readonly [K in (typeof keys)[number]]?: string | number | undefined };

/** Whether all that a match gives fits the device. */
export function fits(match: Marks, device: Marks): boolean {
  return keys.every((key) => match[key] === undefined || match[key] === device[key]);
}

/** What a finder needs to be told. */
export interface FinderOptions<D extends OpenDevice> {
  readonly clock: Clock;
  /** Paths that a role has taken, shared by all roles of a kiosk: no two get the same device. */
  readonly taken: Set<string>;
  readonly candidates: () => Promise<readonly Known[]>;
  readonly onChange: (hear: () => void) => () => void;
  readonly open: (path: string) => Promise<D>;
}

/** One place to look for devices in. */
export type Place<D extends OpenDevice> = Pick<FinderOptions<D>, 'candidates' | 'onChange' | 'open'>;

/** Several places to look in, as one. One that cannot be looked in is as good as empty, unless all are. */
export function anyOf<D extends OpenDevice>(places: readonly Place<D>[]): Place<D> {
  const owners = new Map<string, Place<D>>();
  return {
    candidates: async () => {
      const looks = await Promise.allSettled(places.map((place) => place.candidates()));
      owners.clear();
      const failed = looks.filter((look) => look.status === 'rejected');
      if (failed[0] && failed.length === looks.length) throw failed[0].reason;
      return looks.flatMap((look, at) => {
        if (look.status === 'rejected') return [];
        for (const { path } of look.value) owners.set(path, places[at]!);
        return look.value;
      });
    },
    onChange: (hear) => {
      const stops = places.map((place) => place.onChange(hear));
      return () => stops.forEach((stop) => stop());
    },
    open: (path) => owners.get(path)?.open(path) ?? Promise.reject(new Fault('device.absent', 'not there')),
  };
}

/** A device that calls itself something else at each plugging must not fill the memory. */
const conductsKept = 64;

const keyOf = ({ vendorId, productId, serial, path }: Known): string =>
  `${vendorId}:${productId}:${serial === '' ? path : serial}`;

/**
 * Takes the first candidate that opens: the one that filled the role before is tried first, wherever it is now. One that
 * misbehaves is left out for growing times, and another that fits takes its place; when there is no other the fault is
 * `device.quarantined`.
 */
export function finder<D extends OpenDevice>(options: FinderOptions<D>): Finder<D> {
  const { clock, taken, candidates, onChange, open } = options;
  const conducts = new Map<string, Conduct>();
  let before: Known | undefined;
  const conductOf = (device: Known): Conduct => conducts.get(keyOf(device)) ?? blameless;
  const blame = (device: Known, code: FaultCode): void => {
    const key = keyOf(device);
    const conduct = blamed(conductOf(device), code, clock.nowMs());
    conducts.delete(key);
    if (conduct !== blameless) conducts.set(key, conduct);
    const [oldest] = conducts.keys();
    if (conducts.size > conductsKept && oldest !== undefined) conducts.delete(oldest);
  };
  const same = (device: Known): boolean => before !== undefined && keyOf(device) === keyOf(before);
  return {
    onChange,
    pardon: () => conducts.clear(),
    open: async (signal, tellFound) => {
      const listed = await candidates();
      const present = new Set(listed.map(keyOf));
      for (const [key, conduct] of conducts) {
        if (!present.has(key)) conducts.set(key, replugged(conduct, clock.nowMs()));
      }
      const free = listed.filter(({ path }) => !taken.has(path));
      const trusted = free.filter((device) => !isOut(conductOf(device), clock.nowMs()));
      const order = [...trusted.filter(same), ...trusted.filter((device) => !same(device))];
      if (order.length > 0) tellFound();
      let failure: unknown;
      for (const device of order) {
        if (signal.aborted) break;
        taken.add(device.path);
        try {
          if (device.disguised) throw new Fault('device.hostile', 'claims to be a keyboard or a mouse');
          const opened = await open(device.path);
          before = device;
          const release = async (): Promise<void> => {
            const { code } = await opened.lost;
            taken.delete(device.path);
            blame(device, code);
          };
          void release();
          return opened;
        } catch (error) {
          taken.delete(device.path);
          blame(device, Fault.from(error, 'device.absent').code);
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      if (free.length > 0) throw new Fault('device.quarantined', 'every device that fits was taken out');
      return undefined;
    },
  };
}

/** For a role that nothing is to fill: no bus is looked at for it. */
export const nothing = { open: () => Promise.resolve(undefined), onChange: () => () => {} };
