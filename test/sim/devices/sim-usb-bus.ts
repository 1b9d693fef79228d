import { Fault } from '../../../main/contract/fault.ts';
import { Closing } from '../../../main/devices/closing.ts';
import type { UsbBus, UsbInfo, UsbPort, UsbSetup } from '../../../main/devices/usb-port.ts';
import { cancellable, throwIfCancelled } from '../../../main/devices/wait.ts';
import { FaultLine } from './fault-line.ts';
import { SimBus, type SimPortOptions } from './sim-bus.ts';

/** A USB device as the bus sees one: what it answers on endpoint 0, and bytes in and out of its other endpoints. */
export interface UsbModel {
  /** Set by whoever hosts the model. Each call is one transfer, ended as by a short packet; to an IN endpoint such as 0x81. */
  onInput: (endpoint: number, bytes: Uint8Array) => void;
  /** Undefined to stall. */
  controlIn(setup: UsbSetup, lengthBytes: number): Uint8Array | undefined;
  /** False to stall. */
  controlOut(setup: UsbSetup, bytes: Uint8Array): boolean;
  write(endpoint: number, bytes: Uint8Array): void;
}

/** USB devices that are plugged in and out by hand. */
export class SimUsbBus extends SimBus<UsbInfo, UsbModel, SimUsbPort> implements UsbBus {
  /** Gives the path, a new one each time. Without `interfaces` the device has one, of the vendor's own class. */
  plug(model: UsbModel, info: Partial<Omit<UsbInfo, 'path'>> = {}): string {
    const known = {
      vendorId: 0x1209,
      productId: 3,
      serial: '',
      product: '',
      deviceClass: 0xff,
      interfaces: [{ number: 0, class: 0xff, subclass: 0xff, protocol: 0xff }],
    };
    return this.plugAt(
      (count) => `1-${count + 2}`,
      model,
      (path) => ({ ...known, ...info, path }),
    );
  }

  override async open(path: string, interfaceNumber = 0): Promise<SimUsbPort> {
    const info = (await this.list()).find((device) => device.path === path);
    if (info && !info.interfaces.some(({ number }) => number === interfaceNumber))
      throw new Fault('device.absent', 'no such interface');
    return super.open(path);
  }

  protected override connect(options: SimPortOptions<UsbInfo, UsbModel>): SimUsbPort {
    return new SimUsbPort(options);
  }
}

/** Transfers that a device may have sent before anybody reads them; then it must wait, and what it sends is lost. */
const heldTransfers = 256;

/** One open simulated USB device, at the end of a cable with faults. */
export class SimUsbPort implements UsbPort {
  readonly info: UsbInfo;
  readonly #options: SimPortOptions<UsbInfo, UsbModel>;
  readonly #closing = new Closing();
  readonly #lines = new Map<number, FaultLine>();
  readonly #held = new Map<number, Uint8Array[]>();
  readonly #waiting = new Set<() => void>();

  constructor(options: SimPortOptions<UsbInfo, UsbModel>) {
    this.info = options.info;
    this.#options = options;
    options.model.onInput = (endpoint, bytes) =>
      this.#line(endpoint, (piece) => this.#hold(endpoint, piece)).send(bytes);
  }

  async controlIn(setup: UsbSetup, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.#throwIfOver(signal);
    const answer = this.#options.model.controlIn(setup, lengthBytes)?.slice(0, lengthBytes);
    if (!answer) throw new Fault('device.protocol', 'refused by the device');
    const { rates, random } = this.#options.faults ?? { rates: {}, random: () => 1 };
    if (random() < (rates.drop ?? 0)) return this.#never(signal);
    if (random() < (rates.corrupt ?? 0)) answer[Math.floor(random() * answer.length)]! ^= 0x10;
    return random() < (rates.split ?? 0) ? answer.subarray(0, Math.floor(random() * answer.length)) : answer;
  }

  async controlOut(setup: UsbSetup, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.#throwIfOver(signal);
    const { rates, random } = this.#options.faults ?? { rates: {}, random: () => 1 };
    if (random() < (rates.drop ?? 0)) return this.#never(signal);
    if (!this.#options.model.controlOut(setup, bytes.slice()))
      throw new Fault('device.protocol', 'refused by the device');
  }

  async read(endpoint: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      this.#throwIfOver(signal);
      const held = this.#held.get(endpoint);
      const first = held?.shift();
      if (held && first) {
        if (first.length > lengthBytes) held.unshift(first.subarray(lengthBytes));
        return first.subarray(0, lengthBytes);
      }
      const changed = Promise.withResolvers<void>();
      this.#waiting.add(changed.resolve);
      try {
        await cancellable(changed.promise, signal);
      } finally {
        this.#waiting.delete(changed.resolve);
      }
    }
  }

  async write(endpoint: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.#throwIfOver(signal);
    this.#line(endpoint, (piece) => this.#options.model.write(endpoint, piece)).send(bytes);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.end(new Fault('device.absent', 'closed'));
  }

  end(why: Fault): void {
    if (!this.#closing.close(why)) return;
    for (const line of this.#lines.values()) line.cut();
    this.#options.model.onInput = () => {};
    this.#wake();
  }

  /** Reads that wait: none are left where everything was cleaned up. */
  get waiting(): number {
    return this.#waiting.size;
  }

  #line(endpoint: number, deliver: (bytes: Uint8Array) => void): FaultLine {
    const { clock, faults, unplug } = this.#options;
    const line = this.#lines.get(endpoint) ?? new FaultLine({ clock, deliver, unplug, condition: faults });
    this.#lines.set(endpoint, line);
    return line;
  }

  #hold(endpoint: number, bytes: Uint8Array): void {
    const held = this.#held.get(endpoint) ?? [];
    this.#held.set(endpoint, held);
    if (held.length < heldTransfers) held.push(bytes);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #throwIfOver(signal: AbortSignal | undefined): void {
    throwIfCancelled(signal);
    if (this.#closing.why) throw this.#closing.why;
  }

  /** A request that the device never answers ends with the signal or the port. */
  async #never(signal: AbortSignal | undefined): Promise<never> {
    const over = Promise.withResolvers<never>();
    const forget = this.onClosed(over.reject);
    try {
      return await cancellable(over.promise, signal);
    } finally {
      forget();
    }
  }
}
