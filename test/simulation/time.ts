import { setImmediate } from 'node:timers/promises';

let working = 0;

/** Counts what the cryptography's threads are at, so that one can tell when nothing is under way. Once for a process. */
export function countCryptography(): void {
  const methods = Object.getPrototypeOf(crypto.subtle) as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of [
    'sign',
    'verify',
    'encrypt',
    'decrypt',
    'digest',
    'importKey',
    'exportKey',
    'generateKey',
    'deriveBits',
    'deriveKey',
  ]) {
    const method = methods[name]!;
    methods[name] = function counted(this: unknown, ...args) {
      working++;
      return method.apply(this, args).finally(() => working--);
    };
  }
}

/** Resolves when every promise that can be kept has been. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 2; calm = working > 0 ? 0 : calm + 1) await setImmediate();
}

interface Event {
  readonly atMs: number;
  readonly serial: number;
  readonly run: () => unknown;
}

/** Virtual time: things happen one after another, each when all that the one before set off has come to rest. */
export class Time {
  nowMs = 0;
  readonly #events = new Set<Event>();
  #serial = 0;

  /** Has something happen after so long; the function it gives calls it off. */
  after(ms: number, run: () => unknown): () => void {
    const event = { atMs: this.nowMs + ms, serial: this.#serial++, run };
    this.#events.add(event);
    return () => void this.#events.delete(event);
  }

  /** Lets the next thing happen; tells whether there was one. */
  async step(): Promise<boolean> {
    let next: Event | undefined;
    for (const event of this.#events)
      if (!next || event.atMs < next.atMs || (event.atMs === next.atMs && event.serial < next.serial)) next = event;
    if (!next) return false;
    this.#events.delete(next);
    this.nowMs = next.atMs;
    await next.run();
    await quiet();
    return true;
  }

  /** Sleeps as the uplink's clock does. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const callOff = this.after(ms, resolve);
      signal.addEventListener('abort', () => {
        callOff();
        reject(signal.reason as Error);
      });
    });
  }
}
