import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { systemClock } from '../../main/devices/clock.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';
import { nodeUsbBus } from '../../main/devices/usb-node.ts';
import type { UsbBus } from '../../main/devices/usb-port.ts';
import type { Plugged, Rung } from '../devices/contract/rung.ts';
import { connectControl } from '../sim/control.ts';
import type { ModelKind } from '../sim/devices/model-kinds.ts';
import type { HidSocket } from './host.ts';

/** An emulated processor, and one that may be shared. */
const slowness = 10;
/** Each open endpoint of a hosted device may hold a thread. */
const threads = '64';

/** The rung in the guest: real buses, and models that a program of their own plugs into the real kernel. */
export async function systemRung(backend: 'hidraw' | 'libusb', socket: HidSocket): Promise<Rung> {
  const path = join('/run', `host-${process.pid}.sock`);
  const host: ChildProcess = fork(join(import.meta.dirname, 'host.ts'), [path, socket], {
    env: { ...process.env, UV_THREADPOOL_SIZE: threads },
  });
  await once(host, 'message');
  const control = await connectControl(path);
  return {
    name: `${backend} over ${socket}`,
    slowness,
    clock: systemClock,
    hid: nodeHidBus({ backend }),
    bytes: serialBus(),
    usb: renumbered(nodeUsbBus()),
    async plug(kind: ModelKind, options: object = {}): Promise<Plugged> {
      const id = await control.call<number>('plug', { kind, options });
      return {
        verb: <T>(name: string, args: unknown = {}) => control.call<T>('verb', { id, name, args }),
        unplug: async () => void (await control.call('unplug', { id })),
        replug: async () => void (await control.call('replug', { id })),
      };
    },
    async close() {
      control.close();
      const ended = once(host, 'exit');
      // Its threads wait in the kernel: it would not end by itself.
      host.kill('SIGKILL');
      await ended;
    },
  };
}

/** What the emulated controller (dummy_hcd) makes of the endpoints of a device: its first of that kind. */
const numbers = new Map([
  [0x81, 0x85],
  [0x82, 0x81],
]);

/** A bus on which devices have their endpoints where drivers of the real ones look for them. */
function renumbered(bus: UsbBus): UsbBus {
  return {
    ...bus,
    async open(path, interfaceNumber) {
      const port = await bus.open(path, interfaceNumber);
      const read = port.read.bind(port);
      port.read = (endpoint, lengthBytes, signal) => read(numbers.get(endpoint) ?? endpoint, lengthBytes, signal);
      return port;
    },
  };
}
