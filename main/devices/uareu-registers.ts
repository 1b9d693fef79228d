import type { UsbInfo, UsbSetup } from './usb-port.ts';

/** What is where in a U.are.U scanner (docs/uareu.md, section 2). */
export const register = {
  power: 0x07,
  /** Written: number of a key, then the seed that its next reading is mixed with. */
  seed: 0x33,
  key: 0x34,
  mode: 0x4e,
  info: 0xf0,
  response: 0x2000,
  challenge: 0x2010,
} as const;

/** What the scanner is doing, as its mode register says. */
export const mode = { awaitOn: 0x10, awaitOff: 0x12, capture: 0x20, off: 0x70 } as const;

/** What the scanner tells of by itself, on the interrupt endpoint. */
export const signalCode = { powered: 0x56aa, fingerOn: 0x0101, fingerOff: 0x0200, failed: 0x0800 } as const;

/** Bits of the power register. */
export const powerBit = { ready: 0x01, confused: 0x04, asleep: 0x80, kept: 0x0f } as const;

export const interruptEndpoint = 0x81;
export const imageEndpoint = 0x82;
/** Size of an interrupt packet, and of a challenge and its response. */
export const interruptBytes = 64;
export const challengeBytes = 16;

/** A control request that reads or writes registers from the one given onwards. */
export const registerSetup = (first: number): UsbSetup => ({
  requestType: 'vendor',
  recipient: 'device',
  request: 0x04,
  value: first,
  index: 0,
});

/** What sets one family of these scanners apart from the other. */
export interface UareuFamily {
  readonly vendorId: number;
  readonly productId: number;
  readonly model: string;
  /** Whether its picture is upside down. */
  readonly turned: boolean;
  /** Whether it wakes up only for a host that answers its challenge. */
  readonly authenticates: boolean;
}

/** Both families of U.are.U scanners. */
export const uareuFamilies: readonly UareuFamily[] = [
  { vendorId: 0x05ba, productId: 0x000a, model: 'U.are.U 4000/4500', turned: true, authenticates: false },
  { vendorId: 0x045e, productId: 0x00ca, model: 'Fingerprint Reader v2', turned: false, authenticates: true },
];

/** The family a device belongs to; undefined when it is no such scanner. */
export function uareuFamilyOf(device: Pick<UsbInfo, 'vendorId' | 'productId'>): UareuFamily | undefined {
  return uareuFamilies.find(
    ({ vendorId, productId }) => vendorId === device.vendorId && productId === device.productId,
  );
}

/** The code of an interrupt packet, big-endian in its first two bytes; undefined when it is too short. */
export function signalOf(packet: Uint8Array): number | undefined {
  const [high, low] = packet;
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}
