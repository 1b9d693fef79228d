import { closeSync, openSync, read, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Hosted } from './hosted.ts';
import type { SimHidDevice } from './sim-device.ts';

// linux/uhid.h. Every event is a u32 of these and what belongs to it, 4380 bytes at most; strings end in zero.
const kind = { destroy: 1, stop: 3, output: 6, get: 9, gotten: 10, create: 11, input: 12, set: 13, taken: 14 } as const;
const dataBytes = 4096;
const eventBytes = 4 + 276 + dataBytes;
const busUsb = 3;

/**
 * Plugs a model of a HID device with numbered reports into this machine's kernel by /dev/uhid, which root may open.
 * No bus holds its input reports back: as many are handed over in a millisecond as a high-speed bus has microframes,
 * unless `reportsPerMs` says otherwise.
 */
export async function hostOnUhid(device: SimHidDevice, reportsPerMs = 8): Promise<Hosted> {
  const host = new UhidHost(device, reportsPerMs);
  await host.replug();
  return host;
}

class UhidHost implements Hosted {
  readonly #device: SimHidDevice;
  readonly #reportsPerMs: number;
  readonly #queue: Uint8Array[] = [];
  #resting = false;
  #file: number | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(device: SimHidDevice, reportsPerMs: number) {
    this.#device = device;
    this.#reportsPerMs = reportsPerMs;
    device.model.onInput = (report) => {
      if (this.#file === undefined) return;
      this.#queue.push(report.slice());
      if (!this.#resting) this.#handOver();
    };
  }

  async replug(): Promise<void> {
    if (this.#file !== undefined) return;
    this.#file = openSync('/dev/uhid', 'r+');
    this.#send(kind.create, created(this.#device));
    this.#ended = this.#serve(this.#file);
  }

  /** The kernel's last event is that the device has stopped; only then is nothing left that reads. */
  async unplug(): Promise<void> {
    if (this.#file === undefined) return;
    this.#send(kind.destroy);
    this.#file = undefined;
    this.#queue.length = 0;
    await this.#ended;
  }

  #handOver(): void {
    for (const report of this.#queue.splice(0, this.#reportsPerMs)) {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(report.length);
      this.#send(kind.input, length, report);
    }
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      if (this.#queue.length > 0) this.#handOver();
    }, 1);
  }

  #send(type: number, ...body: Uint8Array[]): void {
    if (this.#file === undefined) return;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(type);
    writeSync(this.#file, Buffer.concat([head, ...body]));
  }

  async #serve(file: number): Promise<void> {
    const event = Buffer.alloc(eventBytes);
    for (;;) {
      await promisify(read)(file, event, 0, eventBytes, null);
      const type = event.readUInt32LE(0);
      if (type === kind.stop) return closeSync(file);
      this.#answer(type, event.subarray(4));
    }
  }

  #answer(type: number, body: Buffer): void {
    if (type === kind.output) this.#device.model.output(body.subarray(0, body.readUInt16LE(dataBytes)).slice());
    const id = body.subarray(0, 4);
    if (type === kind.get) {
      const report = this.#device.model.getFeature(body[4]!, dataBytes);
      // One that does not answer leaves the asker waiting: the kernel gives it up after five seconds.
      if (!report) return;
      const head = Buffer.alloc(4);
      head.writeUInt16LE(report.length, 2);
      this.#send(kind.gotten, id, head, report);
    } else if (type === kind.set) {
      this.#device.model.setFeature(body.subarray(8, 8 + body.readUInt16LE(6)).slice());
      this.#send(kind.taken, id, Buffer.alloc(2));
    }
  }
}

function created({ identity, reportDescriptor }: SimHidDevice): Buffer {
  const { vendorId, productId, product, serial } = identity;
  const head = Buffer.alloc(276);
  head.write(product, 0, 127, 'utf8');
  head.write(`limen/${process.pid}`, 128, 63, 'utf8');
  head.write(serial, 192, 63, 'utf8');
  head.writeUInt16LE(reportDescriptor.length, 256);
  head.writeUInt16LE(busUsb, 258);
  head.writeUInt32LE(vendorId, 260);
  head.writeUInt32LE(productId, 264);
  return Buffer.concat([head, reportDescriptor]);
}
