import type { Clock } from '../../../main/devices/clock.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledBytes } from './cable.ts';
import { ModbusBoardModel, type ModbusBoardOptions } from './modbus-board-model.ts';
import type { SimDevice } from './sim-device.ts';

/** What of the model JSON can say; a board cannot say its own serial number, its cable can. */
export type ModbusDeviceOptions = Partial<Omit<ModbusBoardOptions, 'clock'>> & { readonly serial?: string };

/** What the verb `state` gives. */
export interface ModbusState {
  readonly door: string;
  readonly green: boolean;
  readonly red: boolean;
  readonly buzzer: boolean;
  readonly openings: number;
}

/** The relay board as a device to plug in, with the verbs of whoever stands in its door. */
export function modbusBoardDevice(
  clock: Clock,
  { serial = 'MB-0001', ...options }: ModbusDeviceOptions = {},
): SimDevice {
  const model = new ModbusBoardModel({ clock, ...options });
  const cable = new Cable(clock);
  const verbs = {
    ...cable.verbs,
    pass: () => model.passage(),
    tailgate: () => model.tailgate(),
    see: (seen: { before?: boolean; inside?: boolean }) => model.see(seen),
    release: ({ pulled = true }: { pulled?: boolean }) => model.release(pulled),
    block: ({ blocked = true }: { blocked?: boolean }) => model.block(blocked),
    /** Answers everything with a Modbus exception; 0 for no more. */
    error: ({ code }: { code: number }) => model.refuse(code),
    sleep: ({ delayMs }: { delayMs: number }) => model.sleep(delayMs),
    state: (): ModbusState => ({
      door: model.door,
      green: model.output('green'),
      red: model.output('red'),
      buzzer: model.output('buzzer'),
      openings: model.openings,
    }),
  } satisfies Verbs;
  return {
    bus: 'bytes',
    model: cabledBytes(model, cable),
    cable,
    verbs,
    identity: { vendorId: 0x1209, productId: 5, serial, product: 'Reference relays' },
    // The cable carries no power to the door: what holds it lets go by itself.
    powerOff: () => {},
  };
}
