import type { ProgramDevice } from './functionfs-host.ts';

const transfer = { bulk: 2, interrupt: 3 } as const;
/** Which of its texts a device's descriptor names. */
const text = { product: 2, serial: 3 } as const;
const selfPowered = 0xc0;
const highSpeedInterval = 4;

const u16 = (value: number): number[] => [value & 0xff, value >> 8];

/** The descriptors of the device and of its one configuration, as the kernel has them in sysfs (USB 2.0, 9.6). */
export function usbDescriptors({
  identity,
  interfaceClass,
  classDescriptor = new Uint8Array(0),
  endpoints,
}: ProgramDevice): Uint8Array {
  const ends = endpoints.flatMap(({ address, type, packetBytes }) => {
    const interval = type === 'interrupt' ? highSpeedInterval : 0;
    return [7, 5, address, transfer[type], ...u16(packetBytes), interval];
  });
  const rest = [9, 4, 0, 0, endpoints.length, ...interfaceClass, 0, ...classDescriptor, ...ends];
  const { vendorId, productId, deviceClass = 0 } = identity;
  const device = [18, 1, ...u16(0x0200), deviceClass, 0, 0, 64, ...u16(vendorId), ...u16(productId), ...u16(0x0100)];
  const configuration = [9, 2, ...u16(9 + rest.length), 1, 1, 0, selfPowered, 50];
  return Uint8Array.from([...device, 0, text.product, text.serial, 1, ...configuration, ...rest]);
}
