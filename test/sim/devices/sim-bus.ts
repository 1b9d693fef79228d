import { Fault } from '../../../main/contract/fault.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { Closing } from '../../../main/devices/closing.ts';
import { FaultLine, type FaultRates } from './fault-line.ts';

/** How bad the cable of a port is, and by which seed. */
export interface SimFaults {
  readonly rates: FaultRates;
  readonly random: () => number;
}

/** What every modelled device does: it speaks to whoever has opened it. */
interface Speaking {
  onInput: (bytes: Uint8Array) => void;
}

/** What an open port of a simulated bus is made of. */
export interface SimPortOptions<Info, Model> {
  readonly info: Info;
  readonly model: Model;
  readonly clock: Clock;
  readonly faults: SimFaults | undefined;
  readonly unplug: () => void;
}

/** What a bus must be able to do with an open port. */
interface Ending {
  end(why: Fault): void;
}

/** Devices that are plugged in and out by hand. Nothing that uses them can tell the bus from a machine's own. */
export abstract class SimBus<Info extends { readonly path: string }, Model, Port extends Ending> {
  readonly #clock: Clock;
  readonly #plugged = new Map<string, { info: Info; model: Model; port?: Port }>();
  readonly #hearers = new Set<() => void>();
  #count = 0;
  /** Faults of the ports opened from now on. */
  faults: SimFaults | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  protected abstract connect(options: SimPortOptions<Info, Model>): Port;

  /** Plugs a device in at the next free path. */
  protected plugAt(pathOf: (count: number) => string, model: Model, infoAt: (path: string) => Info): string {
    const path = pathOf(this.#count++);
    this.#plugged.set(path, { info: infoAt(path), model });
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
  portOf(path: string): Port | undefined {
    return this.#plugged.get(path)?.port;
  }

  list(): Promise<readonly Info[]> {
    return Promise.resolve([...this.#plugged.values()].map(({ info }) => info));
  }

  open(path: string): Promise<Port> {
    const device = this.#plugged.get(path);
    if (!device) return Promise.reject(new Fault('device.absent', 'not listed'));
    const { info, model } = device;
    device.port = this.connect({
      info,
      model,
      clock: this.#clock,
      faults: this.faults,
      unplug: () => this.unplug(path),
    });
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

/** One open simulated device, at the end of a cable with faults. */
export class SimPort<Info, Model extends Speaking> {
  readonly info: Info;
  readonly toHost: FaultLine;
  readonly toDevice: FaultLine;
  protected readonly model: Model;
  protected readonly closing = new Closing();
  readonly #hearers = new Set<(bytes: Uint8Array) => void>();

  constructor(
    { info, model, clock, faults, unplug }: SimPortOptions<Info, Model>,
    deliver: (model: Model, bytes: Uint8Array) => void,
  ) {
    this.info = info;
    this.model = model;
    const line = { clock, unplug, condition: faults };
    this.toDevice = new FaultLine({ ...line, deliver: (bytes) => deliver(model, bytes) });
    this.toHost = new FaultLine({
      ...line,
      deliver: (bytes) => {
        for (const hear of this.#hearers) hear(bytes);
      },
    });
    model.onInput = (bytes) => this.toHost.send(bytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.closing.why) return Promise.reject(this.closing.why);
    this.toDevice.send(bytes);
    return Promise.resolve();
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.end(new Fault('device.absent', 'closed'));
  }

  end(why: Fault): void {
    this.toHost.cut();
    this.toDevice.cut();
    this.model.onInput = () => {};
    this.closing.close(why);
  }

  get listeners(): number {
    return this.#hearers.size;
  }

  protected hear(hear: (bytes: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }
}
