import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import { LinkEnd } from './link-end.ts';
import { Tolerance } from './tolerance.ts';
import { imageTransferBytes } from './uareu-image.ts';
import {
  imageEndpoint,
  interruptBytes,
  interruptEndpoint,
  registerSetup,
  signalCode,
  signalOf,
} from './uareu-registers.ts';
import type { UsbPort } from './usb-port.ts';
import { cancellable } from './wait.ts';

/** Longest waits in milliseconds. */
export interface UareuLinkTimes {
  readonly registerMs: number;
  readonly imageMs: number;
  /** So long without a transfer, and what was left over from before has all been read. */
  readonly quietMs: number;
}

/** Signals and refused transfers that a scanner may send at once, and for each second thereafter. */
const signalsAtOnce = 256;
const signalsPerSecond = 50;
/** Transfers without content before an image, and transfers left over from before. */
const emptyMost = 8;
const leftOverMost = 8;

/** A signal that is waited for. Ask for it before the scanner is told to give it. */
export interface Expected {
  /** True when it was heard, false after `silenceMs` without it. Fails with what the link failed with. */
  heard(silenceMs: number, signal?: AbortSignal): Promise<boolean>;
  forget(): void;
}

/** Registers, signals and images of one U.are.U scanner; each wait is bounded. */
export class UareuLink {
  readonly counters = { signals: 0, unexpected: 0, timeouts: 0, images: 0, incomplete: 0, blank: 0, leftOver: 0 };
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #port: UsbPort;
  readonly #clock: Clock;
  readonly #times: UareuLinkTimes;
  readonly #tolerance: Tolerance;
  readonly #ending = new AbortController();
  readonly #expected = new Map<number, () => void>();

  constructor(port: UsbPort, clock: Clock, times: UareuLinkTimes) {
    this.#port = port;
    this.#clock = clock;
    this.#times = times;
    this.#tolerance = new Tolerance(clock, signalsAtOnce, signalsPerSecond);
    this.#end = new LinkEnd(port, [], () => {
      this.#ending.abort();
      for (const wake of this.#expected.values()) wake();
    });
    this.lost = this.#end.lost;
    void this.#listen();
  }

  /** So many registers from the given one on. Fails with `device.protocol` when the scanner gives fewer, or none. */
  async read(register: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const setup = registerSetup(register);
    const bytes = await this.#within(this.#times.registerMs, `register ${register}`, signal, (until) =>
      this.#port.controlIn(setup, lengthBytes, until),
    );
    if (bytes.length < lengthBytes) throw new Fault('device.protocol', `register ${register} cut short`);
    return bytes;
  }

  async write(register: number, bytes: readonly number[] | Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#within(this.#times.registerMs, `register ${register}`, signal, (until) =>
      this.#port.controlOut(registerSetup(register), Uint8Array.from(bytes), until),
    );
  }

  /** Waits for a signal from now on; one wait for each code. */
  expect(code: number): Expected {
    let came = false;
    let wake = (): void => {};
    this.#expected.set(code, () => {
      came = true;
      wake();
    });
    return {
      heard: async (silenceMs, signal) => {
        const over = Promise.withResolvers<void>();
        wake = over.resolve;
        if (came || this.#end.fault) wake();
        const cancel = this.#clock.after(silenceMs, wake);
        try {
          await cancellable(over.promise, signal);
        } finally {
          cancel();
        }
        this.#end.check();
        return came;
      },
      forget: () => void this.#expected.delete(code),
    };
  }

  /** One transfer of an image, whatever is in it. Empty ones, with which some scanners begin, are passed over. */
  async image(signal: AbortSignal): Promise<Uint8Array> {
    return this.#within(this.#times.imageMs, 'an image', signal, async (until) => {
      for (let empty = 0; empty < emptyMost; empty++) {
        const bytes = await this.#port.read(imageEndpoint, imageTransferBytes, until);
        if (bytes.length > 0) return bytes;
      }
      throw new Fault('device.protocol', 'images without content');
    });
  }

  /** Reads away what an earlier capture left over, so that no image of another finger is ever taken for this one. */
  async discard(signal: AbortSignal): Promise<void> {
    for (let count = 0; count < leftOverMost; count++) {
      const quiet = new AbortController();
      const cancel = this.#clock.after(this.#times.quietMs, () => quiet.abort());
      try {
        const bytes = await this.#port.read(imageEndpoint, imageTransferBytes, AbortSignal.any([signal, quiet.signal]));
        bytes.fill(0);
        this.counters.leftOver++;
      } catch (error) {
        this.#end.check();
        if (quiet.signal.aborted && !signal.aborted) return;
        throw error;
      } finally {
        cancel();
      }
    }
    throw new Fault('device.protocol', 'images that nobody asked for');
  }

  /** Gives the scanner up: the port is closed, every wait fails with the fault. */
  fail(fault: Fault): Promise<void> {
    return this.#end.fail(fault);
  }

  async #within<T>(
    timeoutMs: number,
    what: string,
    signal: AbortSignal | undefined,
    work: (until: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.#end.check();
    const late = new AbortController();
    const cancel = this.#clock.after(timeoutMs, () => late.abort());
    try {
      return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
    } catch (error) {
      this.#end.check();
      if (signal?.aborted || !late.signal.aborted) throw error;
      this.counters.timeouts++;
      throw new Fault('device.timeout', what, { cause: error });
    } finally {
      cancel();
    }
  }

  /** One read waits for signals all the while: a cancelled one could swallow what it was waiting for. */
  async #listen(): Promise<void> {
    for (;;) {
      try {
        this.#take(await this.#port.read(interruptEndpoint, interruptBytes, this.#ending.signal));
      } catch (error) {
        const fault = Fault.from(error, 'device.absent');
        if (this.#end.fault) return;
        if (fault.code !== 'device.protocol') return void this.fail(fault);
        this.#blame();
      }
    }
  }

  #take(packet: Uint8Array): void {
    this.counters.signals++;
    const code = signalOf(packet);
    if (code === signalCode.failed)
      return void this.fail(new Fault('device.broken', 'the scanner says that it failed'));
    const known = code === signalCode.powered || code === signalCode.fingerOn || code === signalCode.fingerOff;
    if (!known) return this.#blame();
    // Good signals are few by nature: each one counts too, so that a storm of them ends.
    this.#spend();
    this.#expected.get(code)?.();
  }

  #blame(): void {
    this.counters.unexpected++;
    this.#spend();
  }

  #spend(): void {
    if (!this.#tolerance.spend()) void this.fail(new Fault('device.protocol', 'the scanner floods'));
  }
}
