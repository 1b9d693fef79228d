import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { systemClock } from '../../main/devices/clock.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';
import { nodeUsbBus } from '../../main/devices/usb-node.ts';
import { eventually, type Plugged, type Rung } from '../devices/contract/rung.ts';
import { connectControl } from '../sim/control.ts';
import type { ModelKind } from '../sim/devices/model-kinds.ts';
import type { Disguise, HidSocket } from './host.ts';

/** An emulated processor is slow, and nothing on it is compiled; how busy the machine is has no part in it. */
const slowness = 3;
/** Each open endpoint of a hosted device may hold a thread. */
const threads = '64';
/** The kernel's controller carries a report in four milliseconds, however short: a device of high speed sends long ones. */
const ofHighSpeed = { fragmentReportBytes: 1024 };
let hosts = 0;

/** What of a device only its host can do. */
export interface SystemPlugged extends Plugged {
  /** Says the report (base64) so many times, so many in a millisecond, whatever the device is doing. */
  flood(report: { report: string; count: number; perMs: number }): Promise<void>;
}

export interface SystemRung extends Rung {
  plug(kind: ModelKind, options?: object, disguise?: Disguise): Promise<SystemPlugged>;
}

/** The rung in the guest: real buses, and models that a program of their own plugs into the real kernel. */
export async function systemRung(backend: 'hidraw' | 'libusb', socket: HidSocket): Promise<SystemRung> {
  const path = join('/run', `host-${process.pid}-${++hosts}.sock`);
  const host: ChildProcess = fork(join(import.meta.dirname, 'host.ts'), [path, socket], {
    env: { ...process.env, UV_THREADPOOL_SIZE: threads },
  });
  await once(host, 'message');
  const control = await connectControl(path);
  const usb = nodeUsbBus();
  let usesUsb = false;
  const rung: SystemRung = {
    name: `${backend} over ${socket}`,
    slowness,
    clock: systemClock,
    hid: nodeHidBus({ backend }),
    bytes: serialBus(),
    get usb() {
      usesUsb = true;
      return usb;
    },
    async plug(kind: ModelKind, options: object = {}, disguise: Disguise = {}): Promise<SystemPlugged> {
      const id = await control.call<number>('plug', {
        kind,
        options: { ...(kind === 'finger-imager' && ofHighSpeed), ...options },
        disguise,
      });
      return {
        verb: <T>(name: string, args: unknown = {}) => control.call<T>('verb', { id, name, args }),
        unplug: async () => void (await control.call('unplug', { id })),
        flood: async (flood) => void (await control.call('flood', { id, ...flood })),
        replug: async () => void (await control.call('replug', { id })),
      };
    },
    async close() {
      // npm usb ends a process in which news of a device come when it is already on its way out.
      if (usesUsb) await eventually(rung, 'no device', async () => (await usb.list()).length === 0 || undefined);
      control.close();
      const ended = once(host, 'exit');
      // Its threads wait in the kernel: it would not end by itself.
      host.kill('SIGKILL');
      await ended;
    },
  };
  return rung;
}
