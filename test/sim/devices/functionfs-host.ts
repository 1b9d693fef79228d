import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, read, write, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
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

/** An endpoint by its address, such as 0x81, and what its descriptor says (USB 2.0, 9.6.6). */
export interface Endpoint {
  readonly address: number;
  readonly type: 'bulk' | 'interrupt';
  /** At high speed; at full speed 64 at most. */
  readonly packetBytes: number;
}

/** A USB device of one interface, as far as the kernel does not answer for it. */
export interface ProgramDevice {
  readonly identity: UsbIdentity;
  /** Class, subclass and protocol. */
  readonly interfaceClass: readonly [number, number, number];
  /** Between the interface's descriptor and those of its endpoints. */
  readonly classDescriptor?: Uint8Array;
  readonly endpoints: readonly Endpoint[];
  controlIn(setup: RawSetup): Uint8Array | 'stall' | 'silence';
  controlOut(setup: RawSetup, bytes: Uint8Array): boolean;
  write(endpoint: number, bytes: Uint8Array): void;
}

// linux/usb/functionfs.h
const magic = { strings: 2, descriptors: 3 } as const;
const flag = { fullSpeed: 1, highSpeed: 2, allRecipients: 64, unconfigured: 128 } as const;
const event = { enable: 2, disable: 3, setup: 4 } as const;
const eventBytes = 12;
const readBytes = 16 * 1024;
/** Longer than a host waits for a control request. */
const silenceMs = 6_000;
/** Transfers that wait to be fetched; a device that has more to say loses the rest. */
const heldTransfers = 4096;

const readSome = async (file: number, lengthBytes: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(lengthBytes);
  const { bytesRead } = await promisify(read)(file, bytes, 0, lengthBytes, null);
  return bytes.subarray(0, bytesRead);
};
const writeAll = (file: number, bytes: Uint8Array): Promise<unknown> =>
  promisify(write)(file, bytes, 0, bytes.length, null);

let count = 0;

/**
 * A USB device whose every byte this program answers (FunctionFS), plugged into this machine's own kernel. Root only.
 * Every endpoint may block a thread: UV_THREADPOOL_SIZE must be above their number.
 */
export class FunctionFsHost implements Hosted {
  readonly #device: ProgramDevice;
  readonly #gadget: UsbGadget;
  readonly #control: number;
  readonly #files = new Map<number, number>();
  readonly #toHost = new Map<number, Uint8Array[]>();
  #enabled = Promise.withResolvers<void>();
  #plugged = false;

  constructor(device: ProgramDevice) {
    this.#device = device;
    const name = `limen-${process.pid}-${++count}`;
    this.#gadget = new UsbGadget('ffs', name, device.identity);
    const folder = join('/dev', name);
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'functionfs', name, folder]);
    this.#control = openSync(join(folder, 'ep0'), 'r+');
    writeSync(this.#control, descriptorsOf(device));
    writeSync(this.#control, words(magic.strings, 16, 0, 0));
    for (const [at, { address }] of device.endpoints.entries()) {
      this.#files.set(address, openSync(join(folder, `ep${at + 1}`), 'r+'));
      if (address < 0x80) void this.#listen(address);
    }
    void this.#answer();
  }

  async replug(): Promise<void> {
    if (this.#plugged) return;
    this.#plugged = true;
    await this.#gadget.plug();
  }

  async unplug(): Promise<void> {
    if (!this.#plugged) return;
    this.#plugged = false;
    for (const queue of this.#toHost.values()) queue.length = 0;
    await this.#gadget.unplug();
  }

  /** One transfer to an IN endpoint, once the host fetches it. */
  send(address: number, bytes: Uint8Array): void {
    if (!this.#plugged) return;
    const queue = this.#toHost.get(address);
    if (queue) {
      if (queue.length < heldTransfers) queue.push(bytes.slice());
    } else {
      const first = [bytes.slice()];
      this.#toHost.set(address, first);
      void this.#deliver(address, first);
    }
  }

  async #deliver(address: number, queue: Uint8Array[]): Promise<void> {
    const file = this.#files.get(address)!;
    const { type, packetBytes } = this.#device.endpoints.find((endpoint) => endpoint.address === address)!;
    for (let bytes = queue.shift(); bytes; bytes = queue.shift()) {
      try {
        await writeAll(file, bytes);
        if (type === 'bulk' && bytes.length % packetBytes === 0) await writeAll(file, new Uint8Array(0));
      } catch {
        // Unplugged, or set up anew by the host: what was not fetched is lost.
      }
    }
    this.#toHost.delete(address);
  }

  async #listen(address: number): Promise<void> {
    const file = this.#files.get(address)!;
    for (;;) {
      const enabled = this.#enabled;
      await enabled.promise;
      try {
        for (;;) this.#device.write(address, await readSome(file, readBytes));
      } catch {
        // Unplugged, or set up anew.
        if (this.#enabled === enabled) this.#enabled = Promise.withResolvers();
      }
    }
  }

  async #answer(): Promise<void> {
    for (;;) {
      const heard = await readSome(this.#control, eventBytes);
      if (heard[8] === event.enable) this.#enabled.resolve();
      // A host that gave its request up is no reason to give the host up.
      else if (heard[8] === event.setup) await this.#settle(heard).catch(() => {});
    }
  }

  async #settle(heard: Buffer): Promise<void> {
    const setup: RawSetup = {
      requestType: heard[0]!,
      request: heard[1]!,
      value: heard.readUInt16LE(2),
      index: heard.readUInt16LE(4),
      lengthBytes: heard.readUInt16LE(6),
    };
    // Whoever goes the wrong way stalls; a read of nothing would not reach the kernel.
    if (setup.requestType & 0x80) {
      const answer = this.#device.controlIn(setup);
      if (answer === 'silence') await sleep(silenceMs);
      if (typeof answer === 'string') await readSome(this.#control, 1);
      else await writeAll(this.#control, answer.subarray(0, setup.lengthBytes));
    } else {
      const bytes = await readSome(this.#control, Math.max(1, setup.lengthBytes));
      this.#device.controlOut(setup, bytes.subarray(0, setup.lengthBytes));
    }
  }
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
};

function descriptorsOf({ interfaceClass, classDescriptor = new Uint8Array(0), endpoints }: ProgramDevice): Buffer {
  const at = (highSpeed: boolean): Buffer => {
    const described = endpoints.flatMap(({ address, type, packetBytes }) => {
      const bytes = highSpeed ? packetBytes : Math.min(64, packetBytes);
      return [7, 5, address, type === 'bulk' ? 2 : 3, bytes & 0xff, bytes >> 8, type === 'bulk' ? 0 : 1];
    });
    return Buffer.from([9, 4, 0, 0, endpoints.length, ...interfaceClass, 0, ...classDescriptor, ...described]);
  };
  const each = 1 + endpoints.length + (classDescriptor.length > 0 ? 1 : 0);
  const body = Buffer.concat([words(each, each), at(false), at(true)]);
  const flags = flag.fullSpeed | flag.highSpeed | flag.allRecipients | flag.unconfigured;
  return Buffer.concat([words(magic.descriptors, 12 + body.length, flags), body]);
}
