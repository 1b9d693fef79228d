import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, read, write, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionFsDescriptors, functionFsStrings } from './functionfs-descriptors.ts';
import type { Hosted } from './hosted.ts';
import { UsbGadget, type UsbIdentity } from './usb-gadget.ts';

/** The eight bytes that begin a control request (USB 2.0, 9.3). */
export interface RawSetup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly lengthBytes: number;
}

/** A USB device of one interface as FunctionFS wants it: whatever the kernel does not answer by itself. */
export interface FunctionFsDevice extends UsbIdentity {
  /** Interface, class descriptors and endpoints (USB 2.0, 9.6), the endpoints in the order of `endpoints`. */
  readonly descriptors: (highSpeed: boolean) => Uint8Array;
  /** Addresses, such as 0x81, and how many bytes one read of an OUT endpoint takes at most. */
  readonly endpoints: readonly { readonly address: number; readonly readBytes?: number }[];
  /** Undefined to stall. */
  controlIn(setup: RawSetup): Uint8Array | undefined;
  /** False to stall. */
  controlOut(setup: RawSetup, bytes: Uint8Array): boolean;
  write(endpoint: number, bytes: Uint8Array): void;
}

const event = { enable: 2, disable: 3, unbind: 1, setup: 4 } as const;
const eventBytes = 12;
/** Transfers that wait to be fetched; a device that has more to say loses the oldest. */
const heldTransfers = 4096;

const readFile = async (file: number, lengthBytes: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await promisify(read)(file, Buffer.alloc(lengthBytes), 0, lengthBytes, null);
  return Buffer.from(buffer.subarray(0, bytesRead));
};
const writeFile = (file: number, bytes: Uint8Array): Promise<unknown> =>
  promisify(write)(file, bytes, 0, bytes.length, null);

let count = 0;

/**
 * A USB device whose every byte this program answers (FunctionFS), plugged into this machine's own kernel. Root only.
 * Reads block a thread each: UV_THREADPOOL_SIZE must be two more than there are endpoints, or more.
 */
export class FunctionFsHost implements Hosted {
  readonly #device: FunctionFsDevice;
  readonly #gadget: UsbGadget;
  readonly #control: number;
  readonly #files = new Map<number, number>();
  readonly #toHost = new Map<number, Uint8Array[]>();
  #enabled = Promise.withResolvers<void>();
  #plugged = false;
  #unbound = Promise.withResolvers<void>();
`);
