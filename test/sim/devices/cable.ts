import type { Clock } from '../../../main/devices/clock.ts';
import type { Verbs } from '../control.ts';
import { FaultLine, type FaultRates, type LineCondition, seededRandom } from './fault-line.ts';
import type { ByteModel } from './sim-byte-bus.ts';
import type { HidModel } from './sim-hid-bus.ts';
import type { UsbModel } from './sim-usb-bus.ts';

/** The cable of one modelled device, the same on every rung: sound until a verb makes it slow or bad. */
export class Cable {
  /** Pulls the plug; whoever hosts the model says how. */
  unplug: () => void = () => {};
  readonly #clock: Clock;
  readonly #condition: Required<LineCondition> & { latencyMs: number } = { rates: {}, random: () => 1, latencyMs: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One direction of it. */
  line(deliver: (bytes: Uint8Array) => void): FaultLine {
    const unplug = (): void => this.unplug();
    return new FaultLine({ clock: this.#clock, deliver, unplug, prompt: true, condition: this.#condition });
  }

  /** Whether a fault happens to what is asked for outside of the lines, such as a feature report. */
  hit(name: keyof FaultRates): boolean {
    return this.#condition.random() < (this.#condition.rates[name] ?? 0);
  }

  /** Each takes JSON: how late everything comes, and how often each fault happens, by which seed. */
  readonly verbs = {
    latency: ({ delayMs }: { delayMs: number }) => void (this.#condition.latencyMs = delayMs),
    faults: ({ seed, rates }: { seed: number; rates: FaultRates }) =>
      void Object.assign(this.#condition, { random: seededRandom(seed), rates }),
  } satisfies Verbs;
}

/** A HID device at the end of a cable. */
export function cabledHid(model: HidModel, cable: Cable): HidModel {
  const toDevice = cable.line((report) => model.output(report));
  const cabled: HidModel = {
    onInput: () => {},
    output: (report) => toDevice.send(report),
    getFeature(id, lengthBytes) {
      const report = cable.hit('drop') ? undefined : model.getFeature(id, lengthBytes)?.slice();
      if (report && cable.hit('corrupt')) report[report.length >> 1]! ^= 0x10;
      return report;
    },
    setFeature(report) {
      if (!cable.hit('drop')) model.setFeature(report);
    },
  };
  const toHost = cable.line((report) => cabled.onInput(report));
  model.onInput = (report) => toHost.send(report);
  return cabled;
}

/** A serial device at the end of a cable. */
export function cabledBytes(model: ByteModel, cable: Cable): ByteModel {
  const toDevice = cable.line((bytes) => model.receive(bytes));
  const cabled: ByteModel = { onInput: () => {}, receive: (bytes) => toDevice.send(bytes) };
  const toHost = cable.line((bytes) => cabled.onInput(bytes));
  model.onInput = (bytes) => toHost.send(bytes);
  return cabled;
}

/** A USB device at the end of a cable: what is lost of a request is a request refused. */
export function cabledUsb(model: UsbModel, cable: Cable): UsbModel {
  const lines = new Map<string, FaultLine>();
  const line = (key: string, deliver: (bytes: Uint8Array) => void): FaultLine => {
    const known = lines.get(key) ?? cable.line(deliver);
    lines.set(key, known);
    return known;
  };
  const cabled: UsbModel = {
    onInput: () => {},
    write: (endpoint, bytes) => line(`out ${endpoint}`, (piece) => model.write(endpoint, piece)).send(bytes),
    controlIn(setup, lengthBytes) {
      const bytes = cable.hit('drop') ? undefined : model.controlIn(setup, lengthBytes)?.slice();
      if (bytes && cable.hit('corrupt')) bytes[bytes.length >> 1]! ^= 0x10;
      return bytes;
    },
    controlOut: (setup, bytes) => !cable.hit('drop') && model.controlOut(setup, bytes),
  };
  model.onInput = (endpoint, bytes) => line(`in ${endpoint}`, (piece) => cabled.onInput(endpoint, piece)).send(bytes);
  return cabled;
}
