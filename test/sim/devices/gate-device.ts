import type { Clock } from '../../../main/devices/clock.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledBytes } from './cable.ts';
import { GateModel, type GateModelOptions } from './gate-model.ts';
import { type SimByteDevice, until } from './sim-device.ts';

/** What of the model JSON can say. */
export type GateDeviceOptions = Partial<Omit<GateModelOptions, 'clock'>>;

/** What the verb `state` gives. */
export interface GateState {
  readonly door: string;
  readonly entry: string;
  readonly light: string;
  readonly buzzer: string;
  readonly openings: number;
  readonly failSafes: number;
  readonly breaches: number;
}

/** The gate board as a device to plug in, with the verbs of whoever stands in its door. */
export function gateDevice(clock: Clock, options: GateDeviceOptions = {}) {
  const model = new GateModel({ clock, ...options });
  const cable = new Cable(clock);
  const verbs = {
    ...cable.verbs,
    /** Someone goes through as soon as the door is open. */
    async pass() {
      await until(clock, () => model.door === 'OPEN', 'an open gate');
      model.passage();
    },
    tailgate: () => model.tailgate(),
    see: (seen: { before?: boolean; inside?: boolean; people?: number }) => model.see(seen),
    release: ({ pulled = true }: { pulled?: boolean }) => model.release(pulled),
    block: ({ blocked = true }: { blocked?: boolean }) => model.block(blocked),
    error: ({ code }: { code: string }) => model.error(code),
    sleep: ({ delayMs }: { delayMs: number }) => model.sleep(delayMs),
    state: (): GateState => ({
      door: model.door,
      entry: model.entry,
      light: model.light,
      buzzer: model.buzzer,
      openings: model.openings,
      failSafes: model.failSafes,
      breaches: model.breaches,
    }),
  } satisfies Verbs;
  return {
    bus: 'bytes',
    model: cabledBytes(model, cable),
    cable,
    verbs,
    identity: {
      vendorId: 0x1209,
      productId: 2,
      serial: options.serial ?? 'GB-0001',
      product: options.model ?? 'Reference gate',
    },
    // The cable carries no power to the door: the board goes on, and closes by itself.
    powerOff: () => {},
  } satisfies SimByteDevice;
}
