import { connect, type Socket } from 'node:net';
import { Fault } from '../contract/fault.ts';
import type { ByteBus, ByteInfo, BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closing } from './closing.ts';

const connectMs = 3_000;
/** The kernel asks an idle far end whether it is still there; the driver's heartbeat finds a half-open line sooner. */
const keepAliveMs = 1_000;

/** The path of a board on TCP: its address as the configuration gives it, and its port. */
export function tcpPath(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Boards on a network, opened by `tcpPath`. None is ever looked for: what the configuration does not name does not exist.
 * Comes and goes are not told; whoever wants one opens it again.
 */
export function tcpBus(clock: Clock = systemClock): ByteBus {
  return {
    list: () => Promise.resolve([]),
    open: (path) => open(clock, path),
    onChange: () => () => {},
  };
}

async function open(clock: Clock, path: string): Promise<BytePort> {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(path) ?? [];
  const host = inBrackets ?? plain;
  if (host === undefined || Number(port) > 0xffff) throw new Fault('device.absent', 'no address');
  const socket = connect({
    host,
    port: Number(port),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
  });
  const opened = Promise.withResolvers<void>();
  const cancel = clock.after(connectMs, () => opened.reject(new Error('no answer in time')));
  socket.once('connect', opened.resolve);
  socket.once('error', opened.reject);
  try {
    await opened.promise;
  } catch (error) {
    socket.destroy();
    throw new Fault('device.absent', 'will not be connected to', { cause: error });
  } finally {
    cancel();
    socket.off('error', opened.reject);
  }
  return new TcpBytePort({ path, vendorId: 0, productId: 0, serial: '' }, socket);
}

class TcpBytePort implements BytePort {
  readonly info: ByteInfo;
  readonly #socket: Socket;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(chunk: Uint8Array) => void>();

  constructor(info: ByteInfo, socket: Socket) {
    this.info = info;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      for (const hear of this.#hearers) hear(chunk);
    });
    const gone = (error?: unknown): void =>
      this.#end(new Fault('device.absent', 'the connection is gone', { cause: error }));
    socket.on('error', gone);
    socket.on('end', () => gone());
    socket.on('close', () => gone());
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (this.#closing.why) return reject(this.#closing.why);
      // A line that takes nothing any more must not leave a writer waiting for ever: the close ends the wait.
      const stop = this.#closing.onClosed(reject);
      this.#socket.write(bytes, (error) => {
        stop();
        if (error) reject(new Fault('device.absent', 'will not take bytes', { cause: error }));
        else resolve();
      });
    });
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.#end(new Fault('device.absent', 'closed'));
  }

  #end(why: Fault): void {
    if (!this.#closing.close(why)) return;
    this.#hearers.clear();
    this.#socket.destroy();
  }
}
