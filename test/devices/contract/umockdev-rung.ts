import { serialBus } from '../../../main/devices/byte-serial.ts';
import { systemClock as clock } from '../../../main/devices/clock.ts';
import { nodeHidBus } from '../../../main/devices/hid-node.ts';
import { nodeUsbBus } from '../../../main/devices/usb-node.ts';
import { connectControl } from '../../sim/control.ts';
import { startModelHost } from '../../sim/devices/hosted-models.ts';
import { quietUsb } from './quiet-usb.ts';
import type { Rung } from './rung.ts';

/**
 * The rung of umockdev, inside of its testbed (test/sim/umockdev/bridge.py): the product's own buses, with node-hid's and
 * serialport's prebuilt binaries, on nodes that hosted models speak for. A device that is plugged in `late` has none before the
 * verb `appear`.
 */
export async function umockdevRung(bridgeSocket: string, backend: 'hidraw' | 'libusb' = 'hidraw'): Promise<Rung> {
  const bridge = await connectControl(bridgeSocket);
  const host = await startModelHost();
  const usb = nodeUsbBus();
  let usesUsb = false;
  const rung: Rung = {
    name: `umockdev, ${backend}`,
    slowness: 2,
    clock,
    hid: nodeHidBus({ backend }),
    bytes: serialBus(),
    get usb() {
      usesUsb = true;
      return usb;
    },
    async plug(kind, { late = false, ...options }: { late?: boolean } = {}) {
      const model = await host.create(kind, options, backend === 'libusb' ? 'usb' : 'own');
      const plug = async (late: boolean): Promise<string> =>
        (await bridge.call<{ node: string }>('plug', { model: model.socket, late })).node;
      let node = await plug(late);
      return {
        verb: <T>(name: string, args: object = {}) =>
          name === 'appear' ? bridge.call<T>('appear', { node, ...args }) : model.verb<T>(name, args),
        unplug: () => bridge.call('unplug', { node }),
        replug: async () => void (node = await plug(false)),
      };
    },
    async close() {
      if (usesUsb) await quietUsb(rung, usb);
      bridge.close();
      await host.close();
    },
  };
  return rung;
}
