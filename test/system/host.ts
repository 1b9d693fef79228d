/**
 * Hosts modelled devices on this machine's kernel, in a process of its own: system calls of the drivers under test may
 * wait for answers of the devices. Takes verbs on a Unix socket; is ended by being killed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../main/devices/clock.ts';
import { serveControl } from '../sim/control.ts';
import type { Hosted } from '../sim/devices/hosted.ts';
import { deviceOf, type ModelKind } from '../sim/devices/model-kinds.ts';
import { hostOnSerialGadget } from '../sim/devices/serial-gadget-host.ts';
import type { SimDevice } from '../sim/devices/sim-device.ts';
import { hostOnUsb } from '../sim/devices/usb-devices.ts';
import { hostOnUhid } from '../sim/devices/uhid-host.ts';

/** Where HID devices are plugged in: a bus of their own without wires, or USB. */
export type HidSocket = 'uhid' | 'usb';

/** What a device claims to be besides what it is. */
export interface Disguise {
  readonly keyboard?: boolean;
  readonly productId?: number;
}

/** What is to be plugged in, and where if it is a HID device. */
export interface Order {
  readonly kind: ModelKind;
  readonly over: HidSocket;
  readonly options: object;
  readonly disguise: Disguise;
}

const [, , socket = ''] = process.argv;
const plugged = new Map<number, { device: SimDevice; hosted: Hosted }>();
let last = 0;

const of = (id: number) => {
  const found = plugged.get(id);
  if (!found) throw new Error(`no device ${id}`);
  return found;
};

function hosted(device: SimDevice, over: HidSocket): Promise<Hosted> {
  if (device.bus === 'hid') return over === 'usb' ? hostOnUsb(device) : hostOnUhid(device);
  return device.bus === 'usb' ? hostOnUsb(device) : hostOnSerialGadget(device);
}

function disguised(device: SimDevice, { keyboard, productId }: Disguise): SimDevice {
  const identity = { ...device.identity, ...(productId !== undefined && { productId }) };
  if (device.bus !== 'hid' || !keyboard) return { ...device, identity };
  const reportDescriptor = Buffer.concat([device.reportDescriptor, keyboardDescriptor]);
  return { ...device, identity, reportDescriptor };
}

/** A keyboard of one key at a time, in report 0x30 (HID 1.11, appendix E.6). */
const keyboardDescriptor = Buffer.from(['05010906a1018530', '0507150025ff75089501190029ff8100', 'c0'].join(''), 'hex');

const verbs = {
  async flood({ id, report, count, perMs }: { id: number; report: string; count: number; perMs: number }) {
    const { device } = of(id);
    if (device.bus !== 'hid') throw new Error('only HID devices flood');
    const bytes = Buffer.from(report, 'base64');
    for (let said = 0; said < count; said++) {
      device.model.onInput(bytes);
      if (said % perMs === 0) await sleep(1);
    }
  },
  async plug({ kind, over, options, disguise }: Order) {
    const device = disguised(deviceOf(kind, systemClock, options), disguise);
    const id = ++last;
    const host = await hosted(device, over);
    plugged.set(id, { device, hosted: host });
    device.cable.unplug = () => void verbs.unplug({ id });
    return id;
  },
  async unplug({ id }: { id: number }) {
    const { device, hosted } = of(id);
    await hosted.unplug();
    device.powerOff();
  },
  replug: ({ id }: { id: number }) => of(id).hosted.replug(),
  verb({ id, name, args }: { id: number; name: string; args: never }) {
    const act = of(id).device.verbs[name];
    if (!act) throw new Error(`no such verb: ${name}`);
    return act(args);
  },
};

await serveControl(socket, verbs);
process.send?.('ready');
