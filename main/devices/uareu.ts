import { Fault } from '../contract/fault.ts';
import type { GreyImage } from '../contract/image.ts';
import { type Clock, systemClock } from './clock.ts';
import type { CaptureOptions, FingerScanner, ScanEvent } from './finger-scanner.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import {
  decodeHeader,
  decodePicture,
  imageHeightPx,
  imageWidthPx,
  keysOf,
  setUpright,
  type UareuPicture,
} from './uareu-image.ts';
import { UareuLink } from './uareu-link.ts';
import { isAwake, type UareuPower, wakeUp } from './uareu-power.ts';
import { mode, register, signalCode, type UareuFamily, uareuFamilyOf } from './uareu-registers.ts';
import type { UsbPort } from './usb-port.ts';
import { throwIfCancelled } from './wait.ts';

/** Time-outs in milliseconds; docs/uareu.md, section 7, says why these. */
export const uareuTimes = { registerMs: 1_000, wakeMs: 1_000, silenceMs: 1_500, imageMs: 5_000, quietMs: 30 } as const;
/** The nominal resolution of all models; docs/uareu.md, section 6, says how sure that is. */
export const uareuDpi = 512;
const infoBytes = 16;
const wakingsMost = 3;
const incompleteMost = 10;

/** How a scanner is opened; all of it may be left out. */
export interface UareuOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof uareuTimes, number>>;
  /** 16 bytes; only the family that authenticates its host needs it. */
  readonly authenticationKey?: Uint8Array;
  readonly dpi?: number;
  /** Any 32-bit number; each image's key is mixed with a new one. */
  readonly seed?: () => number;
}

const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

/** A DigitalPersona U.are.U 4000, 4000B or 4500, or one of the family 045e:00ca (docs/uareu.md). */
export class UareuScanner implements FingerScanner, OpenDevice {
  readonly info: DeviceInfo;
  readonly counters: UareuLink['counters'];
  readonly lost: Promise<Fault>;
  readonly #link: UareuLink;
  readonly #family: UareuFamily;
  readonly #power: UareuPower;
  readonly #times: Record<keyof typeof uareuTimes, number>;
  readonly #dpi: number;
  readonly #seed: () => number;
  #using = false;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(
    link: UareuLink,
    info: DeviceInfo,
    family: UareuFamily,
    power: UareuPower,
    options: UareuOptions,
  ) {
    this.info = info;
    this.counters = link.counters;
    this.lost = link.lost;
    this.#link = link;
    this.#family = family;
    this.#power = power;
    this.#times = { ...uareuTimes, ...options.times };
    this.#dpi = options.dpi ?? uareuDpi;
    this.#seed = options.seed ?? randomSeed;
  }

  /**
   * Takes over an open port and wakes the scanner up. The port is closed when that fails, with `device.protocol` when
   * it is no such scanner or does not accept the key, `config.invalid` when it needs a key and has none,
   * `device.timeout` or `device.absent`.
   */
  static async open(port: UsbPort, options: UareuOptions = {}): Promise<UareuScanner> {
    const clock = options.clock ?? systemClock;
    const times = { ...uareuTimes, ...options.times };
    const link = new UareuLink(port, clock, times);
    try {
      const family = uareuFamilyOf(port.info);
      if (!family) throw new Fault('device.protocol', 'no U.are.U scanner');
      const { authenticates } = family;
      const power = { clock, authenticates, authenticationKey: options.authenticationKey, wakeMs: times.wakeMs };
      await wakeUp(link, power);
      const firmware = firmwareOf(await link.read(register.info, infoBytes));
      await link.write(register.mode, [mode.off]);
      const info = { model: family.model, serial: port.info.serial, firmware, protocol: 'uareu' };
      return new UareuScanner(link, info, family, power, options);
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await link.fail(fault);
      throw fault;
    }
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *capture({ signal }: CaptureOptions): AsyncGenerator<ScanEvent, void> {
    throwIfCancelled(signal);
    const done = this.#begin();
    try {
      yield* this.#scan(signal);
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#link.fail(fault);
      throw fault;
    } finally {
      await this.#leaveIdle();
      done();
    }
  }

  /** Reads its power register, which changes nothing. */
  async check(): Promise<void> {
    try {
      await isAwake(this.#link);
    } catch (error) {
      await this.#link.fail(Fault.from(error, 'device.absent'));
    }
  }

  /** Puts the scanner to sleep and wakes it up: its sensor must say that it has power. It has no test of its own. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    throwIfCancelled(signal);
    const done = this.#begin();
    try {
      await wakeUp(this.#link, this.#power, signal);
      return { passed: true, detail: 'passed' };
    } finally {
      await this.#leaveIdle();
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

  async *#scan(signal: AbortSignal): AsyncGenerator<ScanEvent, void> {
    let incomplete = 0;
    for (;;) {
      await this.#fingerOn(signal);
      yield { type: 'finger', present: true };
      for (;;) {
        const taken = await this.#take(signal);
        if (taken.type === 'picture') return yield { type: 'image', image: this.#imageOf(taken.pixels) };
        this.counters[taken.type]++;
        if (taken.type === 'incomplete' && ++incomplete === incompleteMost)
          throw new Fault('device.protocol', 'no image is ever whole');
        yield { type: 'retry', reason: 'hold' };
        if (taken.type === 'blank') break;
        await this.#link.discard(signal);
      }
      // Nothing lies on the glass: the finger was lifted too soon.
      yield { type: 'finger', present: false };
    }
  }

  /** Waits for a finger; wakes a scanner that fell asleep over it, but not for ever. */
  async #fingerOn(signal: AbortSignal): Promise<void> {
    for (let wakings = 0; ;) {
      if (!(await isAwake(this.#link, signal))) {
        if (wakings++ === wakingsMost) throw new Fault('device.protocol', 'the scanner will not stay awake');
        await wakeUp(this.#link, this.#power, signal);
      }
      const finger = this.#link.expect(signalCode.fingerOn);
      try {
        await this.#link.write(register.mode, [mode.awaitOn], signal);
        await this.#link.discard(signal);
        do {
          if (await finger.heard(this.#times.silenceMs, signal)) return;
        } while (await isAwake(this.#link, signal));
      } finally {
        finger.forget();
      }
    }
  }

  async #take(signal: AbortSignal): Promise<UareuPicture> {
    await this.#link.write(register.mode, [mode.capture], signal);
    const transfer = await this.#link.image(signal);
    try {
      const header = decodeHeader(transfer);
      const keys: number[] = [];
      for (const number of keysOf(transfer, header)) keys.push(await this.#key(number, signal));
      return decodePicture(transfer, header, keys);
    } finally {
      transfer.fill(0);
    }
  }

  /** The key of a number: the scanner gives it mixed with the seed that it is told with the number. */
  async #key(number: number, signal: AbortSignal): Promise<number> {
    const request = new DataView(new ArrayBuffer(5));
    const seed = this.#seed() >>> 0;
    request.setUint8(0, number);
    request.setUint32(1, seed, true);
    await this.#link.write(register.seed, new Uint8Array(request.buffer), signal);
    const mixed = await this.#link.read(register.key, 4, signal);
    return (new DataView(mixed.buffer, mixed.byteOffset).getUint32(0, true) ^ seed) >>> 0;
  }

  #imageOf(pixels: Uint8Array): GreyImage {
    this.counters.images++;
    setUpright(pixels, this.#family.turned);
    return { widthPx: imageWidthPx, heightPx: imageHeightPx, dpi: this.#dpi, pixels };
  }

  /** Sensor off, light off. A scanner that does not take it is given up. */
  async #leaveIdle(): Promise<void> {
    try {
      await this.#link.write(register.mode, [mode.off]);
    } catch (error) {
      await this.#link.fail(Fault.from(error, 'device.absent'));
    }
  }
}

/** Two version numbers of the device's information, as it gives them. */
function firmwareOf(info: Uint8Array): string {
  const word = (at: number): string => Buffer.from(info.subarray(at, at + 2)).toString('hex');
  return `${word(4)}.${word(10)}`;
}
