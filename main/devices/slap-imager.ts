import { slapFingers } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import { FingerImager, type ImagerOptions } from './finger-imager.ts';
import type { ImagerLink } from './finger-imager-link.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import type { SlapCaptureOptions, SlapEvent, SlapScanner } from './slap-scanner.ts';
import { systemClock } from './clock.ts';
import { mostBulkFragmentBytes, reportInterfaceOf, UsbReportPort } from './usb-report-port.ts';
import type { UsbPort } from './usb-port.ts';

/** A four-finger scanner that speaks docs/usb-slap-imager.md: the finger imager's protocol over USB, and slaps. */
export class SlapImager implements SlapScanner, OpenDevice {
  readonly info: DeviceInfo;
  readonly counters: ImagerLink['counters'];
  readonly latencies: ImagerLink['latencies'];
  readonly lost: Promise<Fault>;
  readonly #imager: FingerImager;

  private constructor(imager: FingerImager) {
    this.info = imager.info;
    this.counters = imager.counters;
    this.latencies = imager.latencies;
    this.lost = imager.lost;
    this.#imager = imager;
  }

  /**
   * Takes over an open USB port. The port is closed when that fails: with `device.protocol` when the device is no imager, takes
   * no slaps or speaks another major version, else with `device.timeout` or `device.absent`.
   */
  static async open(port: UsbPort, options: Omit<ImagerOptions, 'mostFragmentBytes'> = {}): Promise<SlapImager> {
    const interfaceNumber = reportInterfaceOf(port.info);
    if (interfaceNumber === undefined) {
      await port.close();
      throw new Fault('device.protocol', 'no interface of a finger imager');
    }
    const reports = new UsbReportPort(port, interfaceNumber, options.clock ?? systemClock);
    const imager = await FingerImager.open(reports, { ...options, mostFragmentBytes: mostBulkFragmentBytes });
    if (!imager.takesSlaps) {
      await imager.closePort();
      throw new Fault('device.protocol', 'takes one finger at a time');
    }
    return new SlapImager(imager);
  }

  get calibratedOn(): string {
    return this.#imager.calibratedOn;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#imager.onBusy(hear);
  }

  async *captureSlap({ kind, missing = [], ...options }: SlapCaptureOptions): AsyncGenerator<SlapEvent, void> {
    const fingers = slapFingers[kind];
    const slap = {
      kind,
      missing: fingers.reduce((bits, finger, at) => bits | (missing.includes(finger) ? 1 << at : 0), 0),
    };
    for await (const event of this.#imager.capture({ ...options, slap })) {
      if (event.type === 'finger') yield { type: 'hand', present: event.present };
      else if (event.type === 'preview') {
        const { image, qualityPercent, fingers: bits = 0 } = event;
        yield { type: 'preview', image, qualityPercent, present: fingers.filter((_, at) => bits & (1 << at)) };
      } else yield event;
    }
  }

  captureNow(): Promise<boolean> {
    return this.#imager.captureNow();
  }

  check(): Promise<void> {
    return this.#imager.check();
  }

  selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    return this.#imager.selfTest(signal);
  }

  close(): Promise<void> {
    return this.#imager.close();
  }

  closePort(): Promise<void> {
    return this.#imager.closePort();
  }
}
