import { execFileSync } from 'node:child_process';
import { closeSync, openSync, read, write } from 'node:fs';
import { promisify } from 'node:util';
import type { Hosted } from './hosted.ts';
import type { SimByteDevice } from './sim-device.ts';
import { UsbGadget } from './usb-gadget.ts';

const readBytes = 4096;
let count = 0;

/** Plugs a model of a serial device into this machine's own kernel as a USB modem (CDC ACM). Root only. */
export async function hostOnSerialGadget(device: SimByteDevice): Promise<Hosted> {
  const host = new SerialGadgetHost(device);
  await host.replug();
  return host;
}

class SerialGadgetHost implements Hosted {
  readonly #device: SimByteDevice;
  #plugged: { gadget: UsbGadget; file: number; ended: Promise<void> } | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(device: SimByteDevice) {
    this.#device = device;
    device.model.onInput = (bytes) => {
      const file = this.#plugged?.file;
      if (file === undefined) return;
      // What was not sent when the plug is pulled is lost.
      this.#writing = this.#writing.then(() => writeAll(file, bytes)).catch(() => {});
    };
  }

  async replug(): Promise<void> {
    if (this.#plugged) return;
    const gadget = new UsbGadget('acm', `limen-${process.pid}-line-${++count}`, this.#device.identity);
    // Other programs of the machine make lines at the same time.
    const line = `/dev/ttyGS${gadget.attribute('port_num')}`;
    execFileSync('stty', ['-F', line, 'raw', '-echo']);
    const file = openSync(line, 'r+');
    await gadget.plug();
    this.#plugged = { gadget, file, ended: this.#listen(file) };
  }

  /** The kernel has eight lines in all: the gadget goes with its plug, once nobody holds its line. */
  async unplug(): Promise<void> {
    const plugged = this.#plugged;
    if (!plugged) return;
    this.#plugged = undefined;
    await plugged.gadget.unplug();
    await plugged.ended;
    await this.#writing;
    closeSync(plugged.file);
    plugged.gadget.remove();
  }

  /** Until the line hangs up, as it does when the plug is pulled. */
  async #listen(file: number): Promise<void> {
    const bytes = Buffer.alloc(readBytes);
    for (;;) {
      const { bytesRead } = await promisify(read)(file, bytes, 0, readBytes, null).catch(() => ({ bytesRead: 0 }));
      if (bytesRead === 0) return;
      this.#device.model.receive(Uint8Array.from(bytes.subarray(0, bytesRead)));
    }
  }
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await promisify(write)(file, bytes, at, bytes.length - at, null)).bytesWritten;
}
