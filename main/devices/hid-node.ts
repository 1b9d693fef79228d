import { opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device, HIDAsync } from 'node-hid';
import { Fault } from '../contract/fault.ts';
import { BusWatch } from './bus-watch.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closing } from './closing.ts';
import { watchDev } from './dev-watch.ts';
import type { HidBus, HidInfo, HidPort } from './hid-port.ts';
import { firstUsage } from './hid-usage.ts';
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
      const listed = devices.flatMap((device) => (device.path ? [infoOf(device.path, device)] : []));
      return await Promise.all(listed.map(withUsage));
    } catch (error) {
      throw new Fault('device.absent', 'HID devices cannot be listed', { cause: error });
    }
  };
  // A device whose usage has become known is another one: it may be listed before the kernel has asked for it.
  const marks = async () => (await list()).map(({ path, usagePage }) => ({ path: `${path} ${usagePage}` }));
  const changes = new BusWatch(clock, marks, (trigger) => watchDev(/^hidraw/, trigger));
  return {
    list,
    open: (path) =>
      openListed(clock, path, list, async (known) => {
        if (!known) throw new Fault('device.absent', 'not listed');
        const port = new NodeHidPort(known, await (await load()).HIDAsync.open(path), clock);
        // node-hid begins to read a tick later, and ends the process when the device has been closed by then.
        await new Promise<void>((resolve) => process.nextTick(resolve));
        return port;
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

/** libusb does not know what a device declares, and calls it by its name in sysfs, where the kernel does know. */
async function withUsage(info: HidInfo): Promise<HidInfo> {
  if (info.usagePage !== 0) return info;
  try {
    const folder = join('/sys/bus/usb/devices', info.path);
    for await (const { name } of await opendir(folder)) {
      if (!/^[0-9A-F]{4}(:[0-9A-F]{4}){2}\./.test(name)) continue;
      return { ...info, ...firstUsage(await readFile(join(folder, name, 'report_descriptor'))) };
    }
    return info;
  } catch {
    return info;
  }
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
