import { Fault } from '../contract/fault.ts';
import { type Clock, systemClock } from './clock.ts';
import { EventQueue } from './event-queue.ts';
import {
  decodeCapabilities,
  decodeCondition,
  encodeSettings,
  type ImagerCapabilities,
  type ImagerCondition,
  type ImagerSettings,
  selfTestDetail,
  settingsTaken,
} from './finger-imager-features.ts';
import { ImagerLink, type LinkEvent } from './finger-imager-link.ts';
import { command, decodeIdentity, event, type ImagerIdentity, reportId } from './finger-imager-protocol.ts';
import { scan } from './finger-imager-scan.ts';
import type { CaptureOptions, FingerScanner, ScanEvent } from './finger-scanner.ts';
import type { HidPort } from './hid-port.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { throwIfCancelled } from './wait.ts';

/** Time-outs in milliseconds; docs/hid-finger-imager.md, section 8, says why these. */
export const imagerTimes = {
  featureMs: 1_000,
  commandMs: 500,
  silenceMs: 1_500,
  fragmentMs: 250,
  selfTestMs: 10_000,
  imageLeastMs: 5_000,
} as const;

/** How an imager is opened; all of it may be left out. */
export interface ImagerOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof imagerTimes, number>>;
  readonly settings?: ImagerSettings;
  /** The longest fragment report that the port takes; that of HID when not given. */
  readonly mostFragmentBytes?: number;
  /** Any number 0 to 1: where transaction ids start, so that answers meant for an earlier opening do not fit. */
  readonly random?: () => number;
}

const unknownCondition: ImagerCondition = { broken: false, calibratedOn: '', finger: undefined };

/** A fingerprint scanner that speaks the HID finger imager protocol (docs/hid-finger-imager.md). */
export class FingerImager implements FingerScanner, OpenDevice {
  readonly info: DeviceInfo;
  readonly counters: ImagerLink['counters'];
  readonly latencies: ImagerLink['latencies'];
  readonly lost: Promise<Fault>;
  readonly #link: ImagerLink;
  readonly #minor: number;
  readonly #can: ImagerCapabilities;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof imagerTimes, number>;
  readonly #fingerHearers = new Set<(present: boolean) => void>();
  #condition: ImagerCondition;
  #finger = false;
  #queue: EventQueue<LinkEvent> | undefined;
  #using = false;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(
    link: ImagerLink,
    { minor, ...info }: ImagerIdentity,
    can: ImagerCapabilities,
    condition: ImagerCondition,
    clock: Clock,
    times: Record<keyof typeof imagerTimes, number>,
  ) {
    this.info = info;
    this.counters = link.counters;
    this.latencies = link.latencies;
    this.lost = link.lost;
    this.#link = link;
    this.#minor = minor;
    this.#can = can;
    this.#condition = condition;
    this.#clock = clock;
    this.#times = times;
    link.hear((heard) => this.#take(heard));
  }

  /**
   * Takes over an open port: identity, capabilities, settings, resync. The port is closed when that fails, with
   * `device.protocol` when it is no imager or speaks another major version, `device.timeout` or `device.absent`.
   */
  static async open(port: HidPort, options: ImagerOptions = {}): Promise<FingerImager> {
    const clock = options.clock ?? systemClock;
    const times = { ...imagerTimes, ...options.times };
    const first = 1 + Math.floor((options.random ?? Math.random)() * 255);
    const link = new ImagerLink(port, clock, times, first);
    try {
      const identity = await link.readFeature(reportId.identity, decodeIdentity);
      const { minor } = identity;
      const can = await link.readFeature(reportId.capabilities, (report) =>
        decodeCapabilities(report, minor, options.mostFragmentBytes),
      );
      link.useFragments(can.fragmentReportBytes);
      if (options.settings) {
        const written = encodeSettings(options.settings, minor);
        await link.writeFeature(written);
        if (!(await link.readFeature(reportId.settings, (report) => settingsTaken(report, written, minor))))
          throw new Fault('device.protocol', 'settings were not taken');
      }
      // A device of minor version 0 has nothing to tell in its condition before it is used.
      const condition =
        minor < 1
          ? unknownCondition
          : await link.readFeature(reportId.condition, (report) => decodeCondition(report, minor));
      await link.ask(command.resync);
      return new FingerImager(link, identity, can, condition, clock, times);
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await link.fail(fault);
      throw fault;
    }
  }

  /** Day of the last calibration, YYYY-MM-DD; empty where the device does not tell. */
  get calibratedOn(): string {
    return this.#condition.calibratedOn;
  }

  /** Whether it takes several fingers at once. */
  get takesSlaps(): boolean {
    return this.#can.slaps;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  onFinger(hear: (present: boolean) => void): () => void {
    this.#fingerHearers.add(hear);
    return () => void this.#fingerHearers.delete(hear);
  }

  async *capture(options: CaptureOptions): AsyncGenerator<ScanEvent, void> {
    throwIfCancelled(options.signal);
    const done = this.#begin();
    const queue = new EventQueue<LinkEvent>();
    this.#queue = queue;
    try {
      const context = { link: this.#link, can: this.#can, clock: this.#clock, times: this.#times };
      yield* scan(context, queue, options);
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#link.fail(fault);
      throw fault;
    } finally {
      this.#queue = undefined;
      await this.#leaveIdle();
      done();
    }
  }

  async captureNow(): Promise<boolean> {
    if (!this.#queue || this.#minor < 1) return false;
    try {
      await this.#link.ask(command.capture);
      return true;
    } catch (error) {
      // The device holds an image already, or its answer was lost: either way the capture under way will find out.
      const fault = Fault.from(error);
      if (fault.code === 'device.protocol' || fault.code === 'device.timeout') return false;
      throw fault;
    }
  }

  /** Reads the condition, which is no command and so does not keep the device from sleeping. */
  async check(): Promise<void> {
    try {
      const decode = (report: Uint8Array): ImagerCondition => decodeCondition(report, this.#minor);
      this.#condition = await this.#link.readFeature(reportId.condition, decode);
      if (this.#condition.broken) throw new Fault('device.broken', 'the device says it is broken');
      if (this.#condition.finger !== undefined && !this.#using) this.#tellFinger(this.#condition.finger);
    } catch (error) {
      await this.#link.fail(Fault.from(error, 'device.absent'));
    }
  }

  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    throwIfCancelled(signal);
    const done = this.#begin();
    try {
      const options = { timeoutMs: this.#times.selfTestMs, signal };
      const answer = await this.#link.ask(command.selfTest, undefined, options);
      if (answer.byteLength < 2) throw new Fault('device.protocol', 'self-test answer cut short');
      const codes = answer.getUint16(0, true);
      return { passed: codes === 0, detail: selfTestDetail(codes) };
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code === 'device.timeout' || fault.code === 'capture.cancelled') await this.#leaveIdle();
      throw fault;
    } finally {
      done();
    }
  }

  close(): Promise<void> {
    return this.closePort();
  }

  closePort(): Promise<void> {
    return this.#link.fail(new Fault('device.absent', 'closed'));
  }

  #take(heard: LinkEvent): void {
    if (heard.type === 'event' && heard.message.transaction === 0) {
      // What happens on the glass outside of a scan. Should one of these be lost, the next check says how it stands.
      const { kind, payload } = heard.message;
      if (kind === event.finger && payload.byteLength > 0) this.#tellFinger(payload.getUint8(0) !== 0);
      return;
    }
    if (heard.type === 'lost') this.#queue?.fail(heard.fault);
    else this.#queue?.push(heard);
  }

  #tellFinger(present: boolean): void {
    if (!this.#can.fingerWatch || present === this.#finger) return;
    this.#finger = present;
    for (const hear of this.#fingerHearers) hear(present);
  }

  #begin(): () => void {
    if (this.#using) throw new Fault('device.busy');
    this.#using = true;
    this.#tellBusy?.(true);
    return () => {
      this.#using = false;
      this.#tellBusy?.(false);
    };
  }

  /** STOP ends any scan and wipes any image in the device. A device that does not answer it is given up. */
  async #leaveIdle(): Promise<void> {
    try {
      await this.#link.ask(command.stop);
    } catch (error) {
      await this.#link.fail(Fault.from(error));
    }
  }
}
