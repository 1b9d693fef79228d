import { mkdirSync, readdirSync, readFileSync, rmdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who a USB device says it is, in its device descriptor. */
export interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string;
  readonly serial: string;
  readonly deviceClass?: number;
}

const gadgets = '/sys/kernel/config/usb_gadget';
const sockets = '/sys/class/udc';
const english = '0x409';

/** A USB device of one function that this machine's kernel plugs into itself (configfs, dummy_hcd). Root only. */
export class UsbGadget {
  readonly #folder: string;
  readonly #function: string;
  readonly #name: string;

  /** `kind` and `name` are those of the function, such as `acm` and `usb0`; the gadget has the name, too. */
  constructor(kind: string, name: string, identity: UsbIdentity) {
    const folder = join(gadgets, name);
    this.#folder = folder;
    this.#name = name;
    this.#function = join(folder, 'functions', `${kind}.${name}`);
    const hex = (value: number): string => `0x${value.toString(16)}`;
    mkdirSync(folder);
    writeFileSync(join(folder, 'idVendor'), hex(identity.vendorId));
    writeFileSync(join(folder, 'idProduct'), hex(identity.productId));
    writeFileSync(join(folder, 'bDeviceClass'), hex(identity.deviceClass ?? 0));
    writeFileSync(join(folder, 'bcdUSB'), '0x0200');
    const strings = join(folder, 'strings', english);
    mkdirSync(strings);
    writeFileSync(join(strings, 'product'), identity.product);
    writeFileSync(join(strings, 'serialnumber'), identity.serial);
    mkdirSync(join(folder, 'configs/c.1'));
    mkdirSync(this.#function);
    symlinkSync(this.#function, join(folder, 'configs/c.1', name));
  }

  /** What the kernel made for its function, such as the number of its line. */
  attribute(name: string): string {
    return readFileSync(join(this.#function, name), 'utf8').trim();
  }

  /** Plugs it into the first free socket. */
  async plug(): Promise<void> {
    for (const socket of readdirSync(sockets).toSorted()) {
      const plugged = await writeFile(join(this.#folder, 'UDC'), socket).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EBUSY') throw error;
          return false;
        },
      );
      if (plugged) return;
    }
    throw new Error('every socket is taken');
  }

  async unplug(): Promise<void> {
    await writeFile(join(this.#folder, 'UDC'), '\n').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENODEV') throw error;
    });
  }

  /** Takes apart what is not plugged in, so that the kernel forgets it. */
  remove(): void {
    unlinkSync(join(this.#folder, 'configs/c.1', this.#name));
    const parts = [join(this.#folder, 'configs/c.1'), this.#function, join(this.#folder, 'strings', english)];
    for (const part of [...parts, this.#folder]) rmdirSync(part);
  }
}
