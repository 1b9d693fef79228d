import { Fault } from '../../../main/contract/fault.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { Closing } from '../../../main/devices/closing.ts';
import type { HidBus, HidInfo, HidPort } from '../../../main/devices/hid-port.ts';
import { FaultLine, type FaultRates } from './fault-line.ts';

/** A HID device as the bus sees one: reports in, reports out. */
export interface HidModel {
  onInput: (report: Uint8Array) => void;
  output(report: Uint8Array): void;
  /** Undefined when it does not answer. */
  getFeature(id: number, lengthBytes: number): Uint8Array | undefined;
  setFeature(report: Uint8Array): void;
}

/** How bad the cable of a port is, and by which seed. */
export interface SimFaults {
  readonly rates: FaultRates;
  readonly random: () => number;
}

/** HID devices that are plugged in and out by hand. Nothing that uses it can tell it from a machine's own bus. */
export class SimHidBus implements HidBus {
  readonly #clock: Clock;
  readonly #plugged = new Map<string, { info: HidInfo; model: HidModel; port?: SimHidPort }>();
  readonly #hearers = new Set<() => void>();
  #count = 0;
  /** Faults of the ports opened from now on. */
  faults: SimFaults | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives the path, a new one each time. */
  plug(model: HidModel, info: Partial<Omit<HidInfo, 'path'>> = {}): string {
    const path = `/dev/hidraw${this.#count++}`;
    const known = { vendorId: 0x1209, productId: 1, serial: '', product: '', usagePage: 0xff46, usage: 1 };
    this.#plugged.set(path, { info: { ...known, ...info, path }, model });
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
  portOf(path: string): SimHidPort | undefined {
    return this.#plugged.get(path)?.port;
  }

  list(): Promise<readonly HidInfo[]> {
    return Promise.resolve([...this.#plugged.values()].map(({ info }) => info));
  }

  open(path: string): Promise<HidPort> {
    const device = this.#plugged.get(path);
    if (!device) return Promise.reject(new Fault('device.absent', 'not listed'));
    device.port = new SimHidPort(device.info, device.model, this.#clock, this.faults, () => this.unplug(path));
    return Promise.resolve(device.port);
  }

  onChange(hear: () => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  get listeners(): number {
    return this.#hearers.size;
  }

  #tell(): void {
    for (const hear of this.#hearers) hear();
  }
}

/** One open simulated device. */
export class SimHidPort implements HidPort {
  readonly info: HidInfo;
  readonly #model: HidModel;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(report: Uint8Array) => void>();
  readonly toHost: FaultLine;
  readonly toDevice: FaultLine;
  readonly #faults: SimFaults | undefined;

  constructor(info: HidInfo, model: HidModel, clock: Clock, faults: SimFaults | undefined, unplug: () => void) {
    this.info = info;
    this.#model = model;
    this.#faults = faults;
    const line = { clock, unplug, ...faults };
    this.toDevice = new FaultLine({ ...line, deliver: (report) => model.output(report) });
    this.toHost = new FaultLine({
      ...line,
      deliver: (report) => {
        for (const hear of this.#hearers) hear(report);
      },
    });
    model.onInput = (report) => this.toHost.send(report);
  }

  write(report: Uint8Array): Promise<void> {
    if (this.#closing.why) return Promise.reject(this.#closing.why);
    this.toDevice.send(report);
    return Promise.resolve();
  }

  async getFeature(id: number, lengthBytes: number): Promise<Uint8Array> {
    if (this.#closing.why) throw this.#closing.why;
    const report = this.#model.getFeature(id, lengthBytes)?.slice();
    const { rates, random } = this.#faults ?? { rates: {}, random: () => 1 };
    if (!report || random() < (rates.drop ?? 0)) return new Promise(() => {});
    if (random() < (rates.corrupt ?? 0)) report[Math.floor(random() * report.length)]! ^= 0x10;
    return report;
  }

  async setFeature(report: Uint8Array): Promise<void> {
    if (this.#closing.why) throw this.#closing.why;
    this.#model.setFeature(report);
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
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
