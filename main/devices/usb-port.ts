import type { Fault } from '../contract/fault.ts';

/** An interface of a USB device, by the numbers of its descriptor (USB 2.0, 9.6.5). */
export interface UsbInterface {
  readonly number: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
}

/** What a bus tells of a USB device before it is opened. Empty or 0 where the system does not know. */
export interface UsbInfo {
  /** Bus and address, such as `1-5`: another one each time the device is plugged in. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly product: string;
  readonly deviceClass: number;
  readonly interfaces: readonly UsbInterface[];
}

/** Where a control request goes and what it asks for (USB 2.0, 9.3). */
export interface UsbSetup {
  readonly requestType: 'vendor' | 'class';
  readonly recipient: 'device' | 'interface';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

/**
 * One claimed interface of an open USB device. Control requests and writes are queued, one at a time; reads are not, so
 * that one may wait all the while. Each fails with `capture.cancelled` when its signal fires, `device.protocol` when the
 * device refuses it (stall) or sends more than was asked for, `device.absent` when it does not work at all. None has a
 * time limit of its own. A port that has closed stays closed.
 */
export interface UsbPort {
  readonly info: UsbInfo;
  /** May give fewer bytes than asked for. */
  controlIn(setup: UsbSetup, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  controlOut(setup: UsbSetup, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * One transfer from a bulk or interrupt IN endpoint, such as 0x81: ends when full or with a short packet, so it may
   * be shorter than asked for. What arrives while it is being cancelled is lost.
   */
  read(endpoint: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** One transfer to a bulk or interrupt OUT endpoint. */
  write(endpoint: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Told once why the port closed; at once when it has closed already. */
  onClosed(hear: (why: Fault) => void): () => void;
  close(): Promise<void>;
}

/** All USB devices of a machine but its hubs. */
export interface UsbBus {
  list(): Promise<readonly UsbInfo[]>;
  /** Claims an interface; a kernel driver in the way is detached until the port closes. Fails with `device.absent`. */
  open(path: string, interfaceNumber: number): Promise<UsbPort>;
  /** Called when a device has come or gone. */
  onChange(hear: () => void): () => void;
}

/** The byte bmRequestType of a request. */
export function requestTypeByte(setup: UsbSetup, direction: 'in' | 'out'): number {
  const type = setup.requestType === 'vendor' ? 0x40 : 0x20;
  return (direction === 'in' ? 0x80 : 0) | type | (setup.recipient === 'interface' ? 1 : 0);
}
