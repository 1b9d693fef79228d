import type { SerialPort } from 'serialport';
import { Fault } from '../contract/fault.ts';
import { BusWatch } from './bus-watch.ts';
import type { ByteBus, ByteInfo, BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closing } from './closing.ts';
import { watchDev } from './dev-watch.ts';
import { openListed } from './open-listed.ts';
import { TurnQueue } from './turn-queue.ts';

type PortInfo = Awaited<ReturnType<typeof SerialPort.list>>[number];

const load = (): Promise<typeof import('serialport')> => import('serialport');
const hex = (digits: string | undefined): number => (digits ? Number.parseInt(digits, 16) || 0 : 0);

/**
 * The machine's serial devices through serialport. Loads nothing until it is asked. A path that is not listed may be
 * opened all the same: a socat or pty link is no less a port.
 */
export function serialBus(clock: Clock = systemClock): ByteBus {
  const changes = new BusWatch(clock, list, (trigger) => watchDev(/^tty/, trigger));
  return {
    list,
    open: (path, baud, parity = 'none') =>
      openListed(clock, path, list, async (known) => {
        const { SerialPort } = await load();
        const port = new SerialPort({ path, baudRate: baud, parity, autoOpen: false });
        const opened = Promise.withResolvers<void>();
        port.open((error) => (error ? opened.reject(error) : opened.resolve()));
        await opened.promise;
        return new SerialBytePort(known ?? { path, vendorId: 0, productId: 0, serial: '' }, port);
      }),
    onChange: (hear) => changes.onChange(hear),
  };
}

/** The ports that udev knows. A machine without udev lists none; a path that the configuration names opens all the same. */
async function list(): Promise<readonly ByteInfo[]> {
  const { SerialPort } = await load();
  try {
    return (await SerialPort.list()).map(infoOf);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function infoOf(device: PortInfo): ByteInfo {
  return {
    path: device.path,
    vendorId: hex(device.vendorId),
    productId: hex(device.productId),
    serial: device.serialNumber ?? '',
  };
}

class SerialBytePort implements BytePort {
  readonly info: ByteInfo;
  readonly #port: SerialPort;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(chunk: Uint8Array) => void>();
  readonly #turns = new TurnQueue();

  constructor(info: ByteInfo, port: SerialPort) {
    this.info = info;
    this.#port = port;
    port.on('data', (chunk: Buffer) => {
      for (const hear of this.#hearers) hear(chunk);
    });
    const gone = (error: unknown): void => void this.#end(new Fault('device.absent', 'unplugged', { cause: error }));
    port.on('close', gone);
    port.on('error', gone);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#turns.take(
      () =>
        new Promise<void>((resolve, reject) => {
          if (this.#closing.why) return reject(this.#closing.why);
          // A wedged line must not leave a writer waiting for ever: the close ends the wait.
          const stop = this.#closing.onClosed(reject);
          this.#port.write(Buffer.from(bytes), (error) => {
            stop();
            if (error) reject(new Fault('device.absent', 'will not take bytes', { cause: error }));
            else resolve();
          });
        }),
    );
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  close(): Promise<void> {
    return this.#end(new Fault('device.absent', 'closed'));
  }

  async #end(why: Fault): Promise<void> {
    if (!this.#closing.close(why)) return;
    this.#hearers.clear();
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}
