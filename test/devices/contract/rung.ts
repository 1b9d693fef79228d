import type { ByteBus } from '../../../main/devices/byte-port.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import type { HidBus } from '../../../main/devices/hid-port.ts';
import type { UsbBus } from '../../../main/devices/usb-port.ts';
import { pause } from '../../../main/devices/wait.ts';
import type { ModelKind } from '../../sim/devices/model-kinds.ts';

/** One modelled device that is plugged into a rung. */
export interface Plugged {
  /** Does by hand what the model's table of verbs has: JSON in, JSON out. */
  verb<T = unknown>(name: string, args?: unknown): Promise<T>;
  unplug(): Promise<void>;
  /** Plugs it in again, wherever it then appears. */
  replug(): Promise<void>;
}

/** One place where the product's drivers meet modelled devices: in process, behind a faked node, in an emulated machine. */
export interface Rung {
  readonly name: string;
  /** Multiplies patience: 1 in process, 10 in an emulated machine. */
  readonly slowness: number;
  /** The time that drivers and tests go by. */
  readonly clock: Clock;
  readonly hid: HidBus;
  readonly bytes?: ByteBus;
  readonly usb?: UsbBus;
  /** Plugs in a device; the options are those of its model, as JSON. */
  plug(kind: ModelKind, options?: object): Promise<Plugged>;
  close(): Promise<void>;
}

/** A driver's time-outs as a rung needs them. */
export function patient<T extends Readonly<Record<string, number>>>(rung: Rung, times: T): Record<keyof T, number> {
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms * rung.slowness])) as Record<
    keyof T,
    number
  >;
}

/** Looks until there is something to see; fails after ten seconds times the rung's slowness. */
export async function eventually<T>(rung: Rung, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = rung.clock.nowMs() + 10_000 * rung.slowness;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (rung.clock.nowMs() > endMs) throw new Error(`${what}: not in time on the rung ${rung.name}`);
    await pause(rung.clock, 20 * rung.slowness);
  }
}
