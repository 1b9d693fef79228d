import { readFile } from 'node:fs/promises';
import type { Device } from 'usb';
import { Fault } from '../contract/fault.ts';
import { BusWatch } from './bus-watch.ts';
import { type Clock, systemClock } from './clock.ts';
import { openListed } from './open-listed.ts';
import { NodeUsbPort, type Usb } from './usb-node-port.ts';
import type { UsbBus, UsbInfo, UsbInterface } from './usb-port.ts';

const hubClass = 9;

/** The machine's USB devices through libusb. Loads nothing until it is asked; without USB the list is empty. */
export function nodeUsbBus(clock: Clock = systemClock): UsbBus {
  const triggers = new Set<() => void>();
  const list = async (): Promise<readonly UsbInfo[]> => {
    try {
      const infos = await Promise.all(devicesOf(await load()).map(infoOf));
      return infos.filter((info) => info !== undefined);
    } catch (error) {
      throw new Fault('device.absent', 'USB devices cannot be listed', { cause: error });
    }
  };
  let loading: Promise<Usb> | undefined;
  const load = (): Promise<Usb> =>
    (loading ??= import('usb').then(({ usb }) => {
      if (usb.INIT_ERROR) return usb;
      // For the life of the process, and without holding it: the library does not like its last listener to go away.
      for (const event of ['attach', 'detach'] as const) usb.on(event, () => triggers.forEach((trigger) => trigger()));
      usb.unrefHotplugEvents();
      return usb;
    }));
  const changes = new BusWatch(clock, list, (trigger) => {
    triggers.add(trigger);
    return () => void triggers.delete(trigger);
  });
  return {
    list,
    open: (path, interfaceNumber) =>
      openListed(clock, path, list, async (known) => {
        const usb = await load();
        const device = devicesOf(usb).find((device) => pathOf(device) === path);
        if (!known || !device) throw new Fault('device.absent', 'not listed');
        return NodeUsbPort.open(usb, device, known, interfaceNumber);
      }),
    onChange: (hear) => changes.onChange(hear),
  };
}

const devicesOf = (usb: Usb): Device[] =>
  usb.INIT_ERROR
    ? []
    : usb.getDeviceList().filter(({ deviceDescriptor }) => deviceDescriptor.bDeviceClass !== hubClass);

const pathOf = (device: Device): string => `${device.busNumber}-${device.deviceAddress}`;

/** Undefined for a device that libusb has yet to hear is gone: another may be in its place already. */
async function infoOf(device: Device): Promise<UsbInfo | undefined> {
  const { idVendor, idProduct, bDeviceClass } = device.deviceDescriptor;
  const place = `${device.busNumber}-${(device.portNumbers ?? []).join('.')}`;
  const [serial, product] = await Promise.all([attributeAt(place, 'serial'), attributeAt(place, 'product')]);
  // Read last: where it is still this one, what was read before is of this one too.
  if (Number(await attributeAt(place, 'devnum')) !== device.deviceAddress) return undefined;
  return {
    path: pathOf(device),
    vendorId: idVendor,
    productId: idProduct,
    serial,
    product,
    deviceClass: bDeviceClass,
    interfaces: interfacesOf(device),
  };
}

/** What the kernel read of a device when it was plugged in; to ask the device itself it must be open. Empty where it says nothing. */
async function attributeAt(place: string, name: 'serial' | 'product' | 'devnum'): Promise<string> {
  const text = await readFile(`/sys/bus/usb/devices/${place}/${name}`, 'utf8').catch(() => '');
  return text.replaceAll(/[^ -~]/g, '');
}

function interfacesOf(device: Device): UsbInterface[] {
  try {
    return (device.configDescriptor?.interfaces ?? []).flatMap(([first]) =>
      first
        ? [
            {
              number: first.bInterfaceNumber,
              class: first.bInterfaceClass,
              subclass: first.bInterfaceSubClass,
              protocol: first.bInterfaceProtocol,
            },
          ]
        : [],
    );
  } catch {
    return []; // A device that was just pulled, or whose descriptors are damaged: nobody can use it.
  }
}
