import { crc32 } from 'node:zlib';
import { Fault } from '../../../main/contract/fault.ts';
import { type Clock, systemClock } from '../../../main/devices/clock.ts';
import { EventQueue } from '../../../main/devices/event-queue.ts';
import type { CaptureOptions, FingerScanner, ScanEvent } from '../../../main/devices/finger-scanner.ts';
import type { HidPort } from '../../../main/devices/hid-port.ts';
import type { OpenDevice, SelfTestResult } from '../../../main/devices/open-device.ts';
import { Tolerance } from '../../../main/devices/tolerance.ts';
import { throwIfCancelled } from '../../../main/devices/wait.ts';

export const sidePx = 96;
const silenceMs = 2_000;
const noPixels = new Uint8Array(0);

/** The example scanner of docs/devices.md. */
export class ExampleScanner implements FingerScanner, OpenDevice {
  readonly info;
  readonly counters = { damaged: 0, images: 0 };
  readonly lost: Promise<Fault>;
  readonly #lost = Promise.withResolvers<Fault>();
  readonly #port: HidPort;
  readonly #clock: Clock;
  readonly #noise: Tolerance;
  #events: EventQueue<Uint8Array> | undefined;
  #tellBusy: (busy: boolean) => void = () => {};

  constructor(port: HidPort, clock: Clock = systemClock) {
    this.info = { model: 'Example scanner', serial: port.info.serial, firmware: '', protocol: 'example/1' };
    this.lost = this.#lost.promise;
    this.#port = port;
    this.#clock = clock;
    this.#noise = new Tolerance(clock, 256, 50);
    port.onReport((report) => this.#take(report));
    port.onClosed((why) => {
      this.#events?.fail(why);
      this.#lost.resolve(why);
    });
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *capture({ signal }: CaptureOptions): AsyncGenerator<ScanEvent, void> {
    throwIfCancelled(signal);
    if (this.#events) throw new Fault('device.busy');
    const events = (this.#events = new EventQueue<Uint8Array>(2 * sidePx));
    this.#tellBusy(true);
    try {
      await this.#port.write(Uint8Array.of(0x01, 1));
      let pixels = noPixels;
      for (;;) {
        // Between two rows there is no silence; before a finger comes it may be as long as it likes.
        const report = await events.next(this.#clock, pixels.length > 0 ? silenceMs : Infinity, signal);
        if (!report) throw new Fault('device.timeout', 'the rows stopped');
        const [, kind, low = 0, high = 0] = report;
        if (kind === 1) pixels = new Uint8Array(sidePx ** 2);
        if (kind === 1 || kind === 2) yield { type: 'finger', present: kind === 1 };
        if (kind === 2) pixels = noPixels;
        const row = low | (high << 8);
        if (kind === 3 && row < sidePx && pixels.length > 0) pixels.set(report.subarray(4, 4 + sidePx), row * sidePx);
        if (kind !== 4) continue;
        const sum = new DataView(report.buffer, report.byteOffset).getUint32(2, true);
        if (pixels.length > 0 && crc32(pixels) === sum) {
          this.counters.images++;
          return yield { type: 'image', image: { widthPx: sidePx, heightPx: sidePx, dpi: 500, pixels } };
        }
        pixels = noPixels;
        yield { type: 'retry', reason: 'lift' };
      }
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#fail(fault);
      throw fault;
    } finally {
      this.#events = undefined;
      await this.#port.write(Uint8Array.of(0x01, 0)).catch(() => {});
      this.#tellBusy(false);
    }
  }

  async check(): Promise<void> {}

  async selfTest(): Promise<SelfTestResult> {
    return { passed: true, detail: 'it cannot be asked' };
  }

  close(): Promise<void> {
    return this.closePort();
  }

  closePort(): Promise<void> {
    return this.#fail(new Fault('device.absent', 'closed'));
  }

  #take(report: Uint8Array): void {
    if (report[0] === 0x02 && report.length >= 4 + sidePx) return this.#events?.push(report);
    this.counters.damaged++;
    if (!this.#noise.spend()) void this.#fail(new Fault('device.protocol', 'the device floods'));
  }

  async #fail(fault: Fault): Promise<void> {
    this.#events?.fail(fault);
    this.#lost.resolve(fault);
    await this.#port.close();
  }
}
