import { crc32 } from 'node:zlib';
import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { crc16 } from '../../../main/devices/crc16.ts';
import { command, event, reportId, scanFlag, state, status } from '../../../main/devices/finger-imager-protocol.ts';
import { smaller } from '../../../main/devices/smaller-image.ts';

/** What the modelled imager is; figures as in the capabilities. */
export interface ImagerModelOptions {
  readonly clock: Clock;
  /** What the glass shows when a finger lies on it. */
  readonly image: () => GreyImage | Promise<GreyImage>;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly maxWidthPx?: number;
  readonly maxHeightPx?: number;
  readonly dpi?: number;
  readonly fragmentReportBytes?: number;
  readonly fragmentIntervalUs?: number;
  readonly fetchWindow?: number;
  /** From finger on to image. */
  readonly exposureMs?: number;
  /** From one preview to the next. */
  readonly previewMs?: number;
  /** Day of the last calibration; 1.1 only. */
  readonly calibratedOn?: { readonly year: number; readonly month: number; readonly day: number };
  /** Whether it takes slaps (docs/usb-slap-imager.md); of minor version 2. */
  readonly slaps?: boolean;
  /** The longer side of a preview. */
  readonly previewPx?: number;
  /** One bit a failed part of the self-test. */
  readonly selfTestCodes?: number;
}

interface Held {
  readonly number: number;
  readonly pixels: Uint8Array;
  readonly header: Uint8Array;
  readonly fragments: number;
}

/** The device side of docs/hid-finger-imager.md: reports in, reports out, and a hand that moves the finger. */
export class FingerImagerModel {
  onInput: (report: Uint8Array) => void = () => {};
  readonly #options: Required<ImagerModelOptions>;
  readonly #settings = new Uint8Array(64);
  readonly counters = { scans: 0, images: 0, damaged: 0 };
  #state: number = state.idle;
  #sequence = 0;
  #scan = 0;
  #finger = false;
  #imageNumber = 0;
  #held: Held | undefined;
  #preview: Held | undefined;
  #flags = 0;
  #faultCode = 0;
  #deafUntilMs = 0;
  #cancelExposure: () => void = () => {};
  #cancelPreview: () => void = () => {};
  #cancelSending: () => void = () => {};
  #sending = false;
  /** The device's own quality of what lies on the glass, 0 to 100. */
  qualityPercent = 80;
  /** Of a slap: a bit for each finger that lies on the glass, the first from the left lowest. */
  fingers = 0x0f;
  #missing = 0;
  #wanted = 0;

  constructor(options: ImagerModelOptions) {
    this.#options = {
      model: 'Reference imager',
      serial: 'FI-0001',
      firmware: '1.0.0',
      major: 1,
      minor: 1,
      maxWidthPx: 640,
      maxHeightPx: 640,
      dpi: 500,
      fragmentReportBytes: 64,
      fragmentIntervalUs: 0,
      fetchWindow: 128,
      exposureMs: 120,
      previewMs: 100,
      calibratedOn: { year: 2026, month: 3, day: 14 },
      slaps: false,
      previewPx: 80,
      selfTestCodes: 0,
      ...options,
    };
  }

  /** What the model is doing: one of `state`. */
  get state(): number {
    return this.#state;
  }

  finger(present: boolean): void {
    if (present === this.#finger) return;
    this.#finger = present;
    if (this.#state === state.idle && this.#watching) return this.#say(event.finger, 0, status.ok, bit(present));
    if (this.#state !== state.scanning) return;
    this.#tell(event.finger, bit(present));
    if (present) return this.#expose();
    this.#cancelExposure();
    this.#cancelPreview();
    this.#tell(event.retry, Uint8Array.of(1));
  }

  retry(code: number): void {
    if (this.#state === state.scanning) this.#tell(event.retry, Uint8Array.of(code));
  }

  error(code: number): void {
    this.#faultCode = code;
    this.#state = state.broken;
    this.#tell(event.error, Uint8Array.of(code));
  }

  /** Hears nothing and says nothing for a while. */
  sleep(delayMs: number): void {
    this.#deafUntilMs = this.#options.clock.nowMs() + delayMs;
  }

  /** As after a brown-out: everything is forgotten. */
  reset(): void {
    this.#idle();
    this.#scan = 0;
    this.#sequence = 0;
  }

  getFeature(id: number): Uint8Array | undefined {
    if (this.#deaf) return undefined;
    const report = new Uint8Array(64);
    const fields = new DataView(report.buffer);
    report[0] = id;
    const { model, serial, firmware, major, minor, dpi } = this.#options;
    if (id === reportId.identity) {
      const text = (value: string, at: number): void => report.set(Buffer.from(value, 'latin1'), at);
      text('HFIP', 1);
      report[5] = major;
      report[6] = minor;
      text(model, 8);
      text(serial, 32);
      text(firmware, 48);
    } else if (id === reportId.capabilities) {
      const { maxWidthPx, maxHeightPx, fragmentReportBytes, fragmentIntervalUs, fetchWindow } = this.#options;
      const figures = [maxWidthPx, maxHeightPx, dpi, fragmentReportBytes, fragmentIntervalUs, fetchWindow];
      for (const [at, figure] of figures.entries()) fields.setUint16(1 + at * 2, figure, true);
      report[13] = (this.#modern ? 0x0f : 0x01) | (this.#slaps ? 0x10 : 0);
      for (const at of this.#modern ? [14, 16] : []) fields.setUint16(at, this.#options.previewPx, true);
    } else if (id === reportId.settings) {
      report.set(this.#settings.subarray(1, 62), 1);
    } else if (id === reportId.condition) {
      report[1] = this.#state;
      report[2] = this.#faultCode;
      fields.setUint32(3, this.counters.scans, true);
      fields.setUint32(7, this.counters.images, true);
      if (this.#modern) {
        const { year, month, day } = this.#options.calibratedOn;
        fields.setUint16(11, year, true);
        report.set([month, day, this.#finger ? 1 : 0], 13);
      }
    }
    return sealed(report);
  }

  setFeature(report: Uint8Array): void {
    if (report[0] === reportId.settings && sound(report)) this.#settings.set(report.subarray(0, 64));
  }

  output(report: Uint8Array): void {
    if (this.#deaf) return;
    const [id, code = 0, transaction = 0, length = 255] = report;
    if (id !== reportId.command || !sound(report) || length > 58) {
      this.counters.damaged++;
      return;
    }
    this.#obey(code, transaction, report.subarray(4, 4 + length));
  }

  #obey(code: number, transaction: number, payload: Uint8Array): void {
    const answer = (result: number, body: Uint8Array = new Uint8Array(0)): void =>
      this.#say(0x80 | code, transaction, result, body);
    if (code === command.resync) {
      this.#idle();
      this.#sequence = 0;
      return answer(status.ok);
    }
    if (code === command.status) return answer(status.ok, this.#describe());
    if (code === command.stop) {
      this.#idle();
      return answer(status.ok);
    }
    if (this.#state === state.broken) return answer(status.broken);
    if (code === command.scan) {
      if (payload.length < 1) return answer(status.badPayload);
      if (this.#state !== state.idle) return answer(status.wrongState);
      this.#wanted = !this.#slaps || payload[0]! < 13 ? 0 : payload[0] === 15 ? 0x03 : 0x0f;
      this.#missing = payload[2] ?? 0;
      this.#state = state.scanning;
      this.#flags = this.#modern ? (payload[1] ?? 0) : 0;
      this.#scan = transaction;
      this.counters.scans++;
      answer(status.ok);
      if (!this.#finger) return;
      this.#tell(event.finger, Uint8Array.of(1));
      return this.#expose();
    }
    if (code === command.selfTest) {
      if (this.#state !== state.idle) return answer(status.wrongState);
      const codes = this.#options.selfTestCodes;
      return answer(status.ok, Uint8Array.of(codes & 0xff, codes >> 8));
    }
    if (code === command.capture && this.#modern) {
      if (this.#state !== state.scanning) return answer(status.wrongState);
      answer(status.ok);
      if (this.#finger) void this.#shoot();
      else this.#tell(event.retry, Uint8Array.of(6));
      return;
    }
    if (code === command.fetch) return this.#fetch(payload, transaction, answer);
    answer(status.unknownCommand);
  }

  #idle(): void {
    this.#cancelExposure();
    this.#cancelPreview();
    this.#cancelSending();
    this.#sending = false;
    this.#held?.pixels.fill(0);
    this.#preview?.pixels.fill(0);
    this.#held = this.#preview = undefined;
    if (this.#state !== state.broken) this.#state = state.idle;
  }

  #expose(): void {
    const { clock, exposureMs } = this.#options;
    if (this.#flags & scanFlag.previews) this.#previewSoon();
    if (!(this.#flags & scanFlag.onCommand)) this.#cancelExposure = clock.after(exposureMs, () => this.#judge());
  }

  /** Captures by itself as soon as the finger is good enough, and says what would help until then. */
  #judge(): void {
    const lacking = this.#wanted & ~(this.fingers | this.#missing);
    if (!lacking && this.qualityPercent >= (this.#settings[4] ?? 0)) return void this.#shoot();
    this.#tell(event.retry, Uint8Array.of(lacking ? 7 : 2));
    this.#cancelExposure = this.#options.clock.after(1_000, () => this.#judge());
  }

  async #shoot(): Promise<void> {
    const scan = this.#scan;
    const taken = await this.#options.image();
    if (this.#state !== state.scanning || this.#scan !== scan || !this.#finger) return;
    this.#cancelExposure();
    this.#cancelPreview();
    this.#held = this.#announce(taken);
    this.#state = state.holding;
    this.counters.images++;
    this.#tell(event.image, this.#held.header);
  }

  #previewSoon(): void {
    const show = async (): Promise<void> => {
      const scan = this.#scan;
      const picture = smaller(await this.#options.image(), this.#options.previewPx);
      if (this.#state !== state.scanning || this.#scan !== scan || !this.#finger) return;
      // A picture that is being fetched stays as it is until that is over.
      if (!this.#sending) {
        this.#preview?.pixels.fill(0);
        this.#preview = this.#announce(picture);
        const seen = this.#slaps ? [this.qualityPercent, this.fingers & this.#wanted] : [this.qualityPercent];
        this.#tell(event.preview, Buffer.concat([this.#preview.header, Uint8Array.from(seen)]));
      }
      this.#previewSoon();
    };
    this.#cancelPreview = this.#options.clock.after(this.#options.previewMs, () => void show());
  }

  /** An image under the next number, with the header that announces it. */
  #announce(image: GreyImage): Held {
    this.#imageNumber = (this.#imageNumber + 1) & 0xffff;
    const pixels = image.pixels.slice();
    const fragments = Math.ceil(pixels.length / (this.#options.fragmentReportBytes - 10));
    const header = new Uint8Array(20);
    const fields = new DataView(header.buffer);
    const figures = [this.#imageNumber, image.widthPx, image.heightPx, image.dpi, 0, fragments];
    for (const [at, figure] of figures.entries()) fields.setUint16(at * 2, figure, true);
    fields.setUint32(12, pixels.length, true);
    fields.setUint32(16, crc32(pixels, crc32(header.subarray(0, 16))), true);
    return { number: this.#imageNumber, pixels, header, fragments };
  }

  #describe(): Uint8Array {
    const head = Uint8Array.of(this.#state, this.#finger ? 1 : 0, this.#scan, this.#faultCode);
    return this.#held ? Buffer.concat([head, this.#held.header]) : head;
  }

  #fetch(payload: Uint8Array, transaction: number, answer: (result: number) => void): void {
    const number = payload.length < 2 ? -1 : payload[0]! | (payload[1]! << 8);
    const held = [this.#held, this.#preview].find((image) => image?.number === number);
    const fields = new DataView(payload.buffer, payload.byteOffset, payload.length);
    if (payload.length < 6 || (payload.length - 2) % 4 !== 0) return answer(status.badPayload);
    if (!held) return answer(status.unknownImage);
    const wanted: number[] = [];
    for (let at = 2; at < payload.length; at += 4) {
      const [first, count] = [fields.getUint16(at, true), fields.getUint16(at + 2, true)];
      if (first + count > held.fragments || wanted.length + count > this.#options.fetchWindow)
        return answer(status.badPayload);
      for (let index = first; index < first + count; index++) wanted.push(index);
    }
    this.#cancelSending();
    this.#sending = true;
    const step = (at: number): void => {
      const index = wanted[at];
      if (index === undefined) {
        this.#sending = false;
        return answer(status.ok);
      }
      this.#sendFragment(held, index, transaction);
      const { clock, fragmentIntervalUs } = this.#options;
      if (fragmentIntervalUs === 0) return step(at + 1);
      this.#cancelSending = clock.after(fragmentIntervalUs / 1000, () => step(at + 1));
    };
    step(0);
  }

  #sendFragment(held: Held, index: number, transaction: number): void {
    const { fragmentReportBytes } = this.#options;
    const piece = fragmentReportBytes - 10;
    const payload = held.pixels.subarray(index * piece, (index + 1) * piece);
    const report = new Uint8Array(fragmentReportBytes);
    const fields = new DataView(report.buffer);
    report.set([reportId.fragment, transaction]);
    fields.setUint16(2, held.number, true);
    fields.setUint16(4, index, true);
    fields.setUint16(6, payload.length, true);
    report.set(payload, 8);
    this.#send(sealed(report));
  }

  #tell(kind: number, payload: Uint8Array): void {
    this.#say(kind, this.#scan, status.ok, payload);
  }

  #say(kind: number, transaction: number, result: number, payload: Uint8Array): void {
    const report = new Uint8Array(64);
    report.set([reportId.message, kind, transaction, this.#sequence, result, payload.length]);
    report.set(payload, 6);
    this.#sequence = (this.#sequence + 1) & 0xff;
    this.#send(sealed(report));
  }

  #send(report: Uint8Array): void {
    if (!this.#deaf) this.onInput(report);
  }

  /** Whether it speaks minor version 1. */
  get #modern(): boolean {
    return this.#options.minor >= 1;
  }

  get #slaps(): boolean {
    return this.#options.minor >= 2 && this.#options.slaps;
  }

  get #watching(): boolean {
    return this.#modern && ((this.#settings[5] ?? 0) & 1) !== 0;
  }

  get #deaf(): boolean {
    return this.#options.clock.nowMs() < this.#deafUntilMs;
  }
}

function sealed(report: Uint8Array): Uint8Array {
  const sum = crc16(report.subarray(0, -2));
  report.set([sum & 0xff, sum >> 8], report.length - 2);
  return report;
}

function sound(report: Uint8Array): boolean {
  if (report.length < 64) return false;
  return crc16(report.subarray(0, 62)) === (report[62]! | (report[63]! << 8));
}

const bit = (set: boolean): Uint8Array => Uint8Array.of(set ? 1 : 0);
