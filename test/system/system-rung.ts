import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serialBus } from '../../main/devices/byte-serial.ts';
import { systemClock } from '../../main/devices/clock.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';
import { nodeUsbBus } from '../../main/devices/usb-node.ts';
import { quietUsb } from '../devices/contract/quiet-usb.ts';
import type { Plugged, Rung } from '../devices/contract/rung.ts';
import { connectControl } from '../sim/control.ts';
import type { ModelKind } from '../sim/devices/model-kinds.ts';
import type { Disguise, HidSocket, Order } from './host.ts';

/** An emulated processor is slow, and nothing on it is compiled; how busy the machine is has no part in it. */
const slowness = 4;
/** Each open endpoint of a hosted device may hold a thread. */
const threads = '512';
/** The kernel's controller carries a report in four milliseconds, however short: a device of high speed sends long ones. */
const ofHighSpeed = { fragmentReportBytes: 1024 };

/** What of a device only its host can do. */
export interface SystemPlugged extends Plugged {
  /** Says the report (base64) so many times, so many in a millisecond, whatever the device is doing. */
  flood(report: { report: string; count: number; perMs: number }): Promise<void>;
}

export interface SystemRung extends Rung {
  plug(kind: ModelKind, options?: object, disguise?: Disguise): Promise<SystemPlugged>;
}

/** The rungs in the guest, with HID devices on USB and on a bus without wires. */
export interface SystemRungs {
  readonly wired: SystemRung;
  readonly wireless: SystemRung;
  readonly close: () => Promise<void>;
}

/** Real buses, and models that one program of their own plugs into the real kernel. */
export async function systemRungs(backend: 'hidraw' | 'libusb'): Promise<SystemRungs> {
  const path = join('/run', `host-${process.pid}.sock`);
  const host: ChildProcess = fork(join(import.meta.dirname, 'host.ts'), [path], {
    env: { ...process.env, UV_THREADPOOL_SIZE: threads },
  });
  await once(host, 'message');
  const control = await connectControl(path);
  const [hid, bytes, usb] = [nodeHidBus({ backend }), serialBus(), nodeUsbBus()];
  let usesUsb = false;
  async function plug(order: Order): Promise<SystemPlugged> {
    const id = await control.call<number>('plug', order);
    return {
      verb: <T>(name: string, args: unknown = {}) => control.call<T>('verb', { id, name, args }),
      unplug: async () => void (await control.call('unplug', { id })),
      flood: async (flood) => void (await control.call('flood', { id, ...flood })),
      replug: async () => void (await control.call('replug', { id })),
    };
  }
  const rung = (over: HidSocket): SystemRung => ({
    name: `${backend} over ${over}`,
    slowness,
    clock: systemClock,
    hid,
    bytes,
    get usb() {
      usesUsb = true;
      return usb;
    },
    plug: (kind, options = {}, disguise = {}) =>
      plug({ kind, over, options: { ...(kind === 'finger-imager' && ofHighSpeed), ...options }, disguise }),
    close,
  });
  const [wired, wireless] = [rung('usb'), rung('uhid')];
  async function close(): Promise<void> {
    if (usesUsb) await quietUsb(wired, usb);
    control.close();
    const ended = once(host, 'exit');
    // Its threads wait in the kernel: it would not end by itself.
    host.kill('SIGKILL');
    await ended;
  }
  return { wired, wireless, close };
}
