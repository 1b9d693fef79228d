import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { systemClock } from '../../main/devices/clock.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';
import { nodeUsbBus } from '../../main/devices/usb-node.ts';
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
    usb: nodeUsbBus(),
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
