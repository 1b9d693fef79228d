import { execFileSync } from 'node:child_process';
import { closeSync, openSync, read, readdirSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { Hosted } from './hosted.ts';
import type { SimByteDevice } from './sim-device.ts';
import { UsbGadget } from './usb-gadget.ts';

const readBytes = 4096;
let count = 0;

const lines = (): string[] => readdirSync('/dev').filter((name) => name.startsWith('ttyGS'));

/** Plugs a model of a serial device into this machine's own kernel as a USB modem (CDC ACM). Root only. */
export async function hostOnSerialGadget(device: SimByteDevice): Promise<Hosted> {
  const before = new Set(lines());
  const gadget = new UsbGadget('acm', `limen-${process.pid}-acm${++count}`, device.identity);
  const made = lines().find((name) => !before.has(name));
  if (!made) throw new Error('the kernel made no line');
  const host = new SerialGadgetHost(device, gadget, `/dev/${made}`);
  await host.replug();
  return host;
}

class SerialGadgetHost implements Hosted {
  readonly #gadget: UsbGadget;
  readonly #path: string;
  readonly #device: SimByteDevice;
  #file: number | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(device: SimByteDevice, gadget: UsbGadget, path: string) {
    this.#device = device;
    this.#gadget = gadget;
    this.#path = path;
    device.model.onInput = (bytes) => {
      const file = this.#file;
      if (file === undefined) return;
      // What was not sent when the plug is pulled is lost.
      this.#writing = this.#writing.then(() => writeAll(file, bytes)).catch(() => {});
    };
  }

  async replug(): Promise<void> {
    if (this.#file !== undefined) return;
    await this.#gadget.plug();
    const file = openSync(this.#path, 'r+');
    execFileSync('stty', ['-F', this.#path, 'raw', '-echo']);
    this.#file = file;
    void this.#listen(file);
  }

  async unplug(): Promise<void> {
    if (this.#file === undefined) return;
    this.#file = undefined;
    await this.#gadget.unplug();
  }

  /** Until the line hangs up, as it does when the plug is pulled. */
  async #listen(file: number): Promise<void> {
    const bytes = Buffer.alloc(readBytes);
    for (;;) {
      const { bytesRead } = await promisify(read)(file, bytes, 0, readBytes, null).catch(() => ({ bytesRead: 0 }));
      if (bytesRead === 0) break;
      this.#device.model.receive(Uint8Array.from(bytes.subarray(0, bytesRead)));
    }
    closeSync(file);
  }
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await promisify(write)(file, bytes, at, bytes.length - at, null)).bytesWritten;
}
