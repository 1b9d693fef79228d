import { isDeepStrictEqual } from 'node:util';
import { type FingerHint, type FingerPosition, fingerPositions } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { GreyImage } from '../contract/image.ts';
import { type Clock, systemClock } from './clock.ts';
import { EventQueue } from './event-queue.ts';
import { fetchImage } from './finger-imager-fetch.ts';
import { ImagerLink, type LinkEvent } from './finger-imager-link.ts';
import {
  command,
  decodeCapabilities,
  decodeCondition,
  decodeIdentity,
  decodeImageHeader,
  decodeSettings,
  encodeSettings,
  event,
  type ImageHeader,
  type ImagerCapabilities,
  type ImagerSettings,
  reportId,
  retryHints,
  state,
} from './finger-imager-protocol.ts';
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
const scanStarts = 3;

/** How an imager is opened; all of it may be left out. */
export interface ImagerOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof imagerTimes, number>>;
  readonly settings?: ImagerSettings;
  /** Any number 0 to 1: where transaction ids start, so that answers meant for an earlier opening do not fit. */
  readonly random?: () => number;
}

/** A fingerprint scanner that speaks the HID finger imager protocol (docs/hid-finger-imager.md). */
export class FingerImager implements FingerScanner, OpenDevice {
  readonly info: DeviceInfo;
  readonly counters: ImagerLink['counters'];
  readonly lost: Promise<Fault>;
  readonly #link: ImagerLink;
  readonly #can: ImagerCapabilities;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof imagerTimes, number>;
  #using = false;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(
    link: ImagerLink,
    info: DeviceInfo,
    can: ImagerCapabilities,
    clock: Clock,
    times: Record<keyof typeof imagerTimes, number>,
  ) {
    this.info = info;
    this.counters = link.counters;
    this.lost = link.lost;
    this.#link = link;
    this.#can = can;
    this.#clock = clock;
    this.#times = times;
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
      const info = await link.readFeature(reportId.identity, decodeIdentity);
      const can = await link.readFeature(reportId.capabilities, decodeCapabilities);
      link.useFragments(can.fragmentReportBytes);
      if (options.settings) {
        await link.writeFeature(encodeSettings(options.settings));
        const taken = await link.readFeature(reportId.settings, decodeSettings);
        if (!isDeepStrictEqual(taken, options.settings)) throw new Fault('device.protocol', 'settings were not taken');
      }
      await link.ask(command.resync);
      return new FingerImager(link, info, can, clock, times);
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await link.fail(fault);
      throw fault;
    }
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *capture(options: CaptureOptions): AsyncGenerator<ScanEvent, void> {
    const { signal, position = 'unknown' } = options;
    throwIfCancelled(signal);
    const done = this.#begin();
    const queue = new EventQueue<LinkEvent>();
    try {
      this.#link.hear((heard) => (heard.type === 'lost' ? queue.fail(heard.fault) : queue.push(heard)));
      yield* this.#scan(queue, signal, position);
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#link.fail(fault);
      throw fault;
    } finally {
      this.#link.hear(undefined);
      await this.#leaveIdle();
      done();
    }
  }

  /** Reads the condition, which is no command and so does not keep the device from sleeping. */
  async check(): Promise<void> {
    try {
      if (await this.#link.readFeature(reportId.condition, decodeCondition))
        throw new Fault('device.broken', 'the device says it is broken');
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
      return {
        passed: codes === 0,
        detail: codes === 0 ? 'passed' : `failed: 0x${codes.toString(16).padStart(4, '0')}`,
      };
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

  #begin(): () => void {
    if (this.#using) throw new Fault('device.busy');
    this.#using = true;
    this.#tellBusy?.(true);
    return () => {
      this.#using = false;
      this.#tellBusy?.(false);
    };
  }

  async *#scan(
    queue: EventQueue<LinkEvent>,
    signal: AbortSignal,
    position: FingerPosition,
  ): AsyncGenerator<ScanEvent, void> {
    let scan = await this.#start(signal, position);
    let starts = 1;
    let present = false;
    for (;;) {
      const heard = await queue.next(this.#clock, this.#times.silenceMs, signal);
      let told: Told;
      if (heard?.type === 'event') {
        const { message } = heard;
        told = message.transaction === scan ? this.#tellOf(message.kind, message.payload) : {};
      } else {
        told = this.#tellOfStatus(await this.#link.ask(command.status, undefined, { signal }), scan);
      }
      if (told.stopped) {
        // The device forgot the scan, as after a brown-out: begin again, but not for ever.
        if (++starts > scanStarts) throw new Fault('device.protocol', 'the device will not keep scanning');
        scan = await this.#start(signal, position);
      }
      if (told.present !== undefined && told.present !== present) {
        present = told.present;
        yield { type: 'finger', present };
      }
      if (told.retry !== undefined) yield { type: 'retry', reason: told.retry };
      if (told.header) return yield { type: 'image', image: await this.#fetch(told.header, signal) };
    }
  }

  /** Starts a scan and gives the transaction its events will carry. SCAN is not repeated blindly: RESYNC comes first. */
  async #start(signal: AbortSignal, position: FingerPosition): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      throwIfCancelled(signal);
      try {
        await this.#link.ask(command.scan, Uint8Array.of(fingerPositions.indexOf(position)), { signal });
        return this.#link.lastTransaction;
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout' || attempt === scanStarts) throw fault;
        await this.#link.ask(command.resync, undefined, { signal });
      }
    }
  }

  #tellOf(kind: number, payload: DataView): Told {
    const code = payload.byteLength > 0 ? payload.getUint8(0) : 0;
    if (kind === event.finger) return { present: code !== 0 };
    if (kind === event.retry) return { retry: retryHints[code] ?? 'place' };
    if (kind === event.image) return { header: decodeImageHeader(payload, 0, this.#can) };
    if (kind === event.error) throw new Fault('device.broken', `device error ${code}`);
    return {};
  }

  #tellOfStatus(payload: DataView, scan: number): Told {
    if (payload.byteLength < 3) throw new Fault('device.protocol', 'status cut short');
    const [now, present, of] = [payload.getUint8(0), payload.getUint8(1) !== 0, payload.getUint8(2)];
    if (now === state.broken) throw new Fault('device.broken', 'the device says it is broken');
    if (of !== scan || (now !== state.scanning && now !== state.holding)) return { stopped: true };
    return now === state.holding ? { present, header: decodeImageHeader(payload, 4, this.#can) } : { present };
  }

  async #fetch(header: ImageHeader, signal: AbortSignal): Promise<GreyImage> {
    const paceMs = (header.fragments * this.#can.fragmentIntervalUs) / 1000;
    return fetchImage(this.#link, header, this.#can, {
      clock: this.#clock,
      signal,
      fragmentTimeoutMs: this.#times.fragmentMs + (4 * this.#can.fragmentIntervalUs) / 1000,
      imageTimeoutMs: Math.min(60_000, this.#times.imageLeastMs + 4 * paceMs),
    });
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

interface Told {
  readonly present?: boolean;
  readonly retry?: FingerHint;
  readonly header?: ImageHeader;
  readonly stopped?: true;
}
