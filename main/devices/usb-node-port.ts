import type { Device, Interface, Transfer } from 'usb';
import { Fault } from '../contract/fault.ts';
import { Closing } from './closing.ts';
import { TurnQueue } from './turn-queue.ts';
import { requestTypeByte, type UsbInfo, type UsbPort, type UsbSetup } from './usb-port.ts';
import { cancellable, throwIfCancelled } from './wait.ts';

/** What npm usb calls `usb`: libusb, and the events of plugging in and out. */
export type Usb = (typeof import('usb'))['usb'];
type Done = ConstructorParameters<typeof Transfer>[4];

const setupBytes = 8;
/** How long a close waits for transfers that were cancelled: a kernel that holds them up must not hold up the close. */
const settleMs = 1_000;
/** How many ports each device is open for: libusb opens it once for all of them. */
const holders = new Map<Device, number>();

/** One interface, open through libusb. */
export class NodeUsbPort implements UsbPort {
  readonly info: UsbInfo;
  readonly #usb: Usb;
  readonly #device: Device;
  readonly #interface: Interface;
  readonly #closing = new Closing();
  readonly #turns = new TurnQueue();
  readonly #pending = new Set<Promise<unknown>>();

  private constructor(usb: Usb, device: Device, info: UsbInfo, claimed: Interface) {
    this.info = info;
    this.#usb = usb;
    this.#device = device;
    this.#interface = claimed;
    usb.on('detach', this.#detached);
  }

  /** Fails with what libusb says: the interface is not there, taken by another program, or forbidden. */
  static open(usb: Usb, device: Device, info: UsbInfo, interfaceNumber: number): NodeUsbPort {
    hold(device);
    try {
      device.setAutoDetachKernelDriver(true);
      const claimed = device.interface(interfaceNumber);
      claimed.claim();
      return new NodeUsbPort(usb, device, info, claimed);
    } catch (error) {
      letGo(device);
      throw error;
    }
  }

  async controlIn(setup: UsbSetup, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const frame = this.#frame(setup, 'in', lengthBytes);
    const actual = await this.#inTurn(signal, () => this.#transfer(this.#control, frame, signal));
    return frame.subarray(setupBytes, setupBytes + actual);
  }

  async controlOut(setup: UsbSetup, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const frame = this.#frame(setup, 'out', bytes.length);
    frame.set(bytes, setupBytes);
    await this.#inTurn(signal, () => this.#transfer(this.#control, frame, signal));
  }

  async read(endpoint: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = Buffer.alloc(lengthBytes);
    const actual = await this.#transfer(this.#endpoint(endpoint), bytes, signal);
    return bytes.subarray(0, actual);
  }

  async write(endpoint: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const copy = Buffer.from(bytes);
    const actual = await this.#inTurn(signal, () => this.#transfer(this.#endpoint(endpoint), copy, signal));
    if (actual !== copy.length) throw new Fault('device.protocol', 'did not take all bytes');
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  close(): Promise<void> {
    return this.#end(new Fault('device.absent', 'closed'));
  }

  readonly #detached = (device: Device): void => {
    if (device === this.#device) void this.#end(new Fault('device.absent', 'unplugged'));
  };

  readonly #control = (done: Done): Transfer =>
    new this.#usb.Transfer(this.#device, 0, this.#usb.LIBUSB_TRANSFER_TYPE_CONTROL, 0, done);

  #endpoint(address: number): (done: Done) => Transfer {
    return (done) => {
      const endpoint = this.#interface.endpoint(address);
      if (!endpoint) throw new Fault('device.protocol', 'the device has no such endpoint');
      return endpoint.makeTransfer(0, (error, buffer, actual) => {
        // A halted endpoint gives nothing until it is told to go on.
        if (error?.errno === this.#usb.LIBUSB_TRANSFER_STALL) endpoint.clearHalt(() => done(error, buffer, actual));
        else done(error as Parameters<Done>[0], buffer, actual);
      });
    };
  }

  #frame(setup: UsbSetup, direction: 'in' | 'out', lengthBytes: number): Buffer {
    const frame = Buffer.alloc(setupBytes + lengthBytes);
    frame.writeUInt8(requestTypeByte(setup, direction), 0);
    frame.writeUInt8(setup.request, 1);
    frame.writeUInt16LE(setup.value, 2);
    frame.writeUInt16LE(setup.index, 4);
    frame.writeUInt16LE(lengthBytes, 6);
    return frame;
  }

  #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return this.#untilEnd(this.#turns.take(work), signal);
  }

  /** Hands a buffer to libusb and gives the number of bytes that went over the line. */
  async #transfer(make: (done: Done) => Transfer, buffer: Buffer, signal: AbortSignal | undefined): Promise<number> {
    throwIfCancelled(signal);
    if (this.#closing.why) throw this.#closing.why;
    const over = Promise.withResolvers<number>();
    let transfer: Transfer;
    try {
      transfer = make((error, _buffer, actual) => (error ? over.reject(error) : over.resolve(actual)));
      transfer.submit(buffer);
    } catch (error) {
      throw this.#faultOf(error);
    }
    this.#pending.add(over.promise);
    const cancel = (): void => {
      try {
        transfer.cancel();
      } catch {
        // Already over, or the device is gone: it will be heard of.
      }
    };
    const forget = this.#closing.onClosed(cancel);
    signal?.addEventListener('abort', cancel, { once: true });
    const settled = over.promise.finally(() => {
      this.#pending.delete(over.promise);
      forget();
      signal?.removeEventListener('abort', cancel);
    });
    try {
      return await this.#untilEnd(settled, signal);
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  /** The promise's outcome, or why the port closed or the wait was cancelled, as soon as that happens. */
  async #untilEnd<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const ended = Promise.withResolvers<never>();
    const forget = this.#closing.onClosed(ended.reject);
    try {
      return await cancellable(Promise.race([work, ended.promise]), signal);
    } finally {
      forget();
    }
  }

  #faultOf(error: unknown): Fault {
    if (error instanceof Fault) return error;
    const { errno } = error as { errno?: number };
    const usb = this.#usb;
    if (errno === usb.LIBUSB_TRANSFER_STALL)
      return new Fault('device.protocol', 'refused by the device', { cause: error });
    if (errno === usb.LIBUSB_TRANSFER_OVERFLOW)
      return new Fault('device.protocol', 'more than was asked for', { cause: error });
    const gone = errno === usb.LIBUSB_TRANSFER_NO_DEVICE || errno === usb.LIBUSB_ERROR_NO_DEVICE;
    const fault = new Fault('device.absent', gone ? 'unplugged' : 'a transfer failed', { cause: error });
    if (gone) void this.#end(fault);
    return this.#closing.why ?? fault;
  }

  async #end(why: Fault): Promise<void> {
    if (!this.#closing.close(why)) return;
    this.#usb.off('detach', this.#detached);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), settleMs);
    await cancellable(Promise.allSettled(this.#pending), late.signal).catch(() => {});
    clearTimeout(timer);
    await new Promise<void>((resolve) => {
      try {
        this.#interface.release(() => resolve());
      } catch {
        resolve();
      }
    });
    letGo(this.#device);
  }
}

function hold(device: Device): void {
  const count = holders.get(device) ?? 0;
  if (count === 0) device.open();
  holders.set(device, count + 1);
}

function letGo(device: Device): void {
  const count = (holders.get(device) ?? 1) - 1;
  if (count > 0) return void holders.set(device, count);
  holders.delete(device);
  try {
    device.close();
  } catch {
    // A transfer that the kernel has not given back: the handle is freed with the process.
  }
}
