import type { Device, HIDAsync } from 'node-hid';
import { Fault } from '../contract/fault.ts';
import { BusWatch } from './bus-watch.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closing } from './closing.ts';
import { watchDev } from './dev-watch.ts';
import type { HidBus, HidInfo, HidPort } from './hid-port.ts';
import { openListed } from './open-listed.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';

type NodeHid = typeof import('node-hid');

/** Which of node-hid's backends is used; hidraw when not given. */
export interface NodeHidOptions {
  readonly backend?: 'hidraw' | 'libusb';
  readonly clock?: Clock;
  /** Gives the library; node-hid when not given. */
  readonly library?: () => Promise<Pick<NodeHid, 'setDriverType' | 'devicesAsync' | 'HIDAsync'>>;
}

/** The machine's HID devices through node-hid. Loads nothing until it is asked; without HID the list is empty. */
export function nodeHidBus(options: NodeHidOptions = {}): HidBus {
  const clock = options.clock ?? systemClock;
  const { library = () => import('node-hid') } = options;
  const load = async () => {
    const hid = await library();
    hid.setDriverType(options.backend ?? 'hidraw');
    return hid;
  };
  const list = async (): Promise<readonly HidInfo[]> => {
    try {
      const devices = await (await load()).devicesAsync();
      return devices.flatMap((device) => (device.path ? [infoOf(device.path, device)] : []));
    } catch (error) {
      throw new Fault('device.absent', 'HID devices cannot be listed', { cause: error });
    }
  };
  const changes = new BusWatch(clock, list, (trigger) => watchDev(/^hidraw/, trigger));
  return {
    list,
    open: (path) =>
      openListed(clock, path, list, async (known) => {
        if (!known) throw new Fault('device.absent', 'not listed');
        return new NodeHidPort(known, await (await load()).HIDAsync.open(path), clock);
      }),
    onChange: (hear) => changes.onChange(hear),
  };
}

function infoOf(path: string, device: Device): HidInfo {
  return {
    path,
    vendorId: device.vendorId,
    productId: device.productId,
    serial: device.serialNumber ?? '',
    product: device.product ?? '',
    usagePage: device.usagePage ?? 0,
    usage: device.usage ?? 0,
  };
}

/**
 * node-hid hands reports over through a queue without a bound, at about 2 kB a report however short it is. One that comes
 * faster than an interrupt endpoint of high speed carries (8000 a second), or has piled up a second's worth of backlog, is
 * no device at work: the imager's driver asks for at most 48 reports at once.
 */
const reportsAtOnce = 8_192;
const reportsPerSecond = 8_000;

class NodeHidPort implements HidPort {
  readonly info: HidInfo;
  readonly #device: HIDAsync;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(report: Uint8Array) => void>();
  readonly #turns = new TurnQueue();

  constructor(info: HidInfo, device: HIDAsync, clock: Clock) {
    const tolerance = new Tolerance(clock, reportsAtOnce, reportsPerSecond);
    this.info = info;
    this.#device = device;
    // One listener for the life of the device: node-hid can swallow a report when its last listener goes away.
    device.on('data', (report: Buffer) => {
      if (!tolerance.spend()) return void this.#end(new Fault('device.hostile', 'more reports than the bus is for'));
      for (const hear of this.#hearers) hear(report);
    });
    device.on('error', (error: unknown) => void this.#end(new Fault('device.absent', 'unplugged', { cause: error })));
  }

  write(report: Uint8Array): Promise<void> {
    return this.#inTurn(async () => void (await this.#device.write(Buffer.from(report))));
  }

  getFeature(reportId: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#inTurn(() => this.#device.getFeatureReport(reportId, lengthBytes));
  }

  setFeature(report: Uint8Array): Promise<void> {
    return this.#inTurn(async () => void (await this.#device.sendFeatureReport(Buffer.from(report))));
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  close(): Promise<void> {
    return this.#end(new Fault('device.absent', 'closed'));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(() => {
      if (this.#closing.why) throw this.#closing.why;
      return work().catch((error: unknown) => {
        throw new Fault('device.absent', 'will not take or give a report', { cause: error });
      });
    });
  }

  async #end(why: Fault): Promise<void> {
    if (!this.#closing.close(why)) return;
    this.#hearers.clear();
    // A write that the kernel holds up must not hold up the close: the handle is freed once both are done.
    await this.#device.close().catch(() => {});
  }
}
