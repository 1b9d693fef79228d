import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import type { UsbInterface } from '../../../main/devices/usb-port.ts';
import { pause } from '../../../main/devices/wait.ts';
import type { Verbs } from '../control.ts';
import type { Cable } from './cable.ts';
import type { ByteModel } from './sim-byte-bus.ts';
import type { HidModel } from './sim-hid-bus.ts';
import type { UsbModel } from './sim-usb-bus.ts';

/** What a bus learns of a modelled device before it is opened. */
export interface SimIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly product: string;
}

interface Common {
  readonly identity: SimIdentity;
  readonly cable: Cable;
  /** What can be done to it by hand: JSON in, JSON out, the same on every rung. */
  readonly verbs: Verbs;
  /** What it forgets when the plug is pulled. */
  powerOff(): void;
}

/** A modelled device as whoever hosts it sees it: in process, behind a faked node, or in an emulated machine. */
export type SimDevice = SimHidDevice | SimByteDevice | SimUsbDevice;

/** Every report of it is numbered. */
export interface SimHidDevice extends Common {
  readonly bus: 'hid';
  readonly model: HidModel;
  readonly reportDescriptor: Uint8Array;
}

export interface SimByteDevice extends Common {
  readonly bus: 'bytes';
  readonly model: ByteModel;
}

export interface SimUsbDevice extends Common {
  readonly bus: 'usb';
  readonly model: UsbModel;
  readonly interfaces: readonly UsbInterface[];
}

/** An image as JSON carries it: the pixels in base64. */
export interface SentImage extends Omit<GreyImage, 'pixels'> {
  readonly pixels: string;
}

export const imageReceived = ({ pixels, ...rest }: SentImage): GreyImage => ({
  ...rest,
  pixels: bytesReceived(pixels),
});
export const imageToSend = ({ pixels, ...rest }: GreyImage): SentImage => ({ ...rest, pixels: bytesToSend(pixels) });
export const bytesReceived = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
export const bytesToSend = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Waits until something is so; a simulated hand has patience, but not for ever. */
export async function until(clock: Clock, so: () => boolean, what: string): Promise<void> {
  for (let left = 3000; !so(); left--) {
    if (left === 0) throw new Error(`${what}: not within a minute`);
    await pause(clock, 20);
  }
}
