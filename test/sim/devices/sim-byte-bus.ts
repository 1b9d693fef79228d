import { Fault } from '../../../main/contract/fault.ts';
import type { ByteBus, ByteInfo, BytePort } from '../../../main/devices/byte-port.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { Closing } from '../../../main/devices/closing.ts';
import { FaultLine } from './fault-line.ts';
import type { SimFaults } from './sim-hid-bus.ts';

/** A serial device as the bus sees one. */
export interface ByteModel {
  onInput: (bytes: Uint8Array) => void;
  receive(bytes: Uint8Array): void;
}

/** Serial devices that are plugged in and out by hand. */
export class SimByteBus implements ByteBus {
  readonly #clock: Clock;
  readonly #plugged = new Map<string, { info: ByteInfo; model: ByteModel; port?: SimBytePort }>();
  readonly #hearers = new Set<() => void>();
  #count = 0;
  /** Faults of the ports opened from now on. */
  faults: SimFaults | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives the path, a new one each time. */
  plug(model: ByteModel, info: Partial<Omit<ByteInfo, 'path'>> = {}): string {
    const path = `/dev/ttyACM${this.#count++}`;
    this.#plugged.set(path, { info: { vendorId: 0x1209, productId: 2, serial: '', ...info, path }, model });
    this.#tell();
    return path;
  }

  unplug(path: string): void {
    const port = this.#plugged.get(path)?.port;
    this.#plugged.delete(path);
    port?.end(new Fault('device.absent', 'unplugged'));
    this.#tell();
  }

  /** The port that is open on a path. */
  portOf(path: string): SimBytePort | undefined {
    return this.#plugged.get(path)?.port;
  }

  list(): Promise<readonly ByteInfo[]> {
    return Promise.resolve([...this.#plugged.values()].map(({ info }) => info));
  }

  open(path: string): Promise<BytePort> {
    const device = this.#plugged.get(path);
    if (!device) return Promise.reject(new Fault('device.absent', 'not listed'));
    device.port = new SimBytePort(device.info, device.model, this.#clock, this.faults, () => this.unplug(path));
    return Promise.resolve(device.port);
  }

  onChange(hear: () => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  #tell(): void {
    for (const hear of this.#hearers) hear();
  }
}

/** One open simulated serial device. */
export class SimBytePort implements BytePort {
  readonly info: ByteInfo;
  readonly #model: ByteModel;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(chunk: Uint8Array) => void>();
  readonly toHost: FaultLine;
  readonly toDevice: FaultLine;

  constructor(info: ByteInfo, model: ByteModel, clock: Clock, faults: SimFaults | undefined, unplug: () => void) {
    this.info = info;
    this.#model = model;
    const line = { clock, unplug, ...faults };
    this.toDevice = new FaultLine({ ...line, deliver: (bytes) => model.receive(bytes) });
    this.toHost = new FaultLine({
      ...line,
      deliver: (bytes) => {
        for (const hear of this.#hearers) hear(bytes);
      },
    });
    model.onInput = (bytes) => this.toHost.send(bytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closing.why) return Promise.reject(this.#closing.why);
    this.toDevice.send(bytes);
    return Promise.resolve();
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.end(new Fault('device.absent', 'closed'));
  }

  end(why: Fault): void {
    this.toHost.cut();
    this.toDevice.cut();
    this.#model.onInput = () => {};
    this.#closing.close(why);
  }

  get listeners(): number {
    return this.#hearers.size;
  }
}
