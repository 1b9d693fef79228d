import type { Clock } from '../../../main/devices/clock.ts';
import { deviceOf, type ModelKind } from '../../sim/devices/model-kinds.ts';
import { SimByteBus } from '../../sim/devices/sim-byte-bus.ts';
import type { SimDevice } from '../../sim/devices/sim-device.ts';
import { SimHidBus } from '../../sim/devices/sim-hid-bus.ts';
import { SimUsbBus } from '../../sim/devices/sim-usb-bus.ts';
import { VirtualClock } from '../../sim/devices/virtual-clock.ts';
import type { Plugged, Rung } from './rung.ts';

const throughJson = (value: unknown): never => JSON.parse(JSON.stringify(value ?? null)) as never;

/** The rung in this process: simulated buses, and time that passes when nothing else is left to do, or another time. */
export function unitRung(other?: Clock): Rung {
  const virtual = new VirtualClock();
  const clock = other ?? virtual;
  const stop = other ? () => {} : virtual.flow();
  const hid = new SimHidBus(clock);
  const bytes = new SimByteBus(clock);
  const usb = new SimUsbBus(clock);
  const plugIn = (device: SimDevice): (() => void) => {
    const plugged = (bus: { unplug(path: string): void }, path: string) => () => bus.unplug(path);
    if (device.bus === 'hid') return plugged(hid, hid.plug(device.model, { ...device.identity }));
    if (device.bus === 'bytes') return plugged(bytes, bytes.plug(device.model, device.identity));
    return plugged(usb, usb.plug(device.model, { ...device.identity, interfaces: device.interfaces }));
  };
  return {
    name: 'unit',
    slowness: 1,
    clock,
    hid,
    bytes,
    usb,
    async plug(kind: ModelKind, options: object = {}): Promise<Plugged> {
      const device = deviceOf(kind, clock, options);
      let pull = plugIn(device);
      const unplug = (): void => {
        pull();
        device.powerOff();
      };
      device.cable.unplug = unplug;
      return {
        async verb<T>(name: string, args: unknown = {}): Promise<T> {
          const act = device.verbs[name];
          if (!act) throw new Error(`no such verb: ${name}`);
          return throughJson(await act(throughJson(args)));
        },
        unplug: async () => unplug(),
        replug: async () => void (pull = plugIn(device)),
      };
    },
    close: async () => stop(),
  };
}
