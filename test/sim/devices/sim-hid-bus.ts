import type { HidBus, HidInfo, HidPort } from '../../../main/devices/hid-port.ts';
import { SimBus, type SimFaults, SimPort, type SimPortOptions } from './sim-bus.ts';

/** A HID device as the bus sees one: reports in, reports out. */
export interface HidModel {
  onInput: (report: Uint8Array) => void;
  output(report: Uint8Array): void;
  /** Undefined when it does not answer. */
  getFeature(id: number, lengthBytes: number): Uint8Array | undefined;
  setFeature(report: Uint8Array): void;
}

/** HID devices that are plugged in and out by hand. */
export class SimHidBus extends SimBus<HidInfo, HidModel, SimHidPort> implements HidBus {
  /** Gives the path, a new one each time. */
  plug(model: HidModel, info: Partial<Omit<HidInfo, 'path'>> = {}): string {
    const known = { vendorId: 0x1209, productId: 1, serial: '', product: '', usagePage: 0xff46, usage: 1 };
    return this.plugAt(
      (count) => `/dev/hidraw${count}`,
      model,
      (path) => ({ ...known, ...info, path }),
    );
  }

  protected override connect(options: SimPortOptions<HidInfo, HidModel>): SimHidPort {
    return new SimHidPort(options);
  }
}

/** One open simulated HID device. */
export class SimHidPort extends SimPort<HidInfo, HidModel> implements HidPort {
  readonly #faults: SimFaults | undefined;

  constructor(options: SimPortOptions<HidInfo, HidModel>) {
    super(options, (model, report) => model.output(report));
    this.#faults = options.faults;
  }

  async getFeature(id: number, lengthBytes: number): Promise<Uint8Array> {
    if (this.closing.why) throw this.closing.why;
    const report = this.model.getFeature(id, lengthBytes)?.slice();
    const { rates, random } = this.#faults ?? { rates: {}, random: () => 1 };
    if (!report || random() < (rates.drop ?? 0)) return new Promise(() => {});
    if (random() < (rates.corrupt ?? 0)) report[Math.floor(random() * report.length)]! ^= 0x10;
    return report;
  }

  async setFeature(report: Uint8Array): Promise<void> {
    if (this.closing.why) throw this.closing.why;
    this.model.setFeature(report);
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
    return this.hear(hear);
  }
}
