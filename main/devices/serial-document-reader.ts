import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { encodeFrame, type Frame, FrameReader, mrzLines } from './document-frames.ts';
import type { DocumentReader, ReaderEvent } from './document-reader.ts';
import { EventQueue } from './event-queue.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { throwIfCancelled, within } from './wait.ts';

/** Time-outs in milliseconds; docs/document-reader.md, section 6. */
export const readerTimes = { answerMs: 500, gapMs: 300, silenceMs: 3_000, documentMs: 10_000 } as const;
const attempts = 3;
const part = { lines: 1, portrait: 2 } as const;

export interface DocumentReaderOptions {
  /** `framed` speaks all of docs/document-reader.md; `ocr` is a plain reader that only sends text frames. */
  readonly protocol: 'framed' | 'ocr';
  /** Whether text frames end in a longitudinal redundancy check. */
  readonly lrc?: boolean;
  /** What a plain reader is called, as it cannot say so itself. */
  readonly model?: string;
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof readerTimes, number>>;
}

/** The document that lies on the reader: what of it has come, and how often it was asked for again. */
interface Lying {
  readonly number: number;
  got: number;
  /** A portrait that came before the lines waits for them. */
  portrait?: Uint8Array;
  asked: number;
  cancelDeadline: () => void;
}

/** A document reader on a serial line (docs/document-reader.md). */
export class SerialDocumentReader implements DocumentReader, OpenDevice {
  readonly counters = { frames: 0, damaged: 0, skippedBytes: 0, gaps: 0, timeouts: 0, stale: 0, documents: 0 };
  readonly lost: Promise<Fault>;
  readonly #lost = Promise.withResolvers<Fault>();
  readonly #port: BytePort;
  readonly #framed: boolean;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof readerTimes, number>;
  readonly #frames: FrameReader;
  readonly #bytesAllowed: Tolerance;
  readonly #detach: (() => void)[];
  #info: DeviceInfo;
  #fault: Fault | undefined;
  #events: EventQueue<ReaderEvent> | undefined;
  #lying: Lying | undefined;
  readonly #commands = new TurnQueue();
  #pending: { sequence: number; answer: PromiseWithResolvers<Uint8Array> } | undefined;
  #sequence = 0;
  #lastHeard: number | undefined;
  #cancelGap: (() => void) | undefined;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(port: BytePort, options: DocumentReaderOptions) {
    this.lost = this.#lost.promise;
    this.#port = port;
    this.#framed = options.protocol === 'framed';
    this.#clock = options.clock ?? systemClock;
    this.#times = { ...readerTimes, ...options.times };
    this.#frames = new FrameReader(options.lrc ?? false);
    this.#bytesAllowed = new Tolerance(this.#clock, 4 * 1024 * 1024, 128 * 1024);
    this.#info = { model: options.model ?? 'OCR reader', serial: port.info.serial, firmware: '', protocol: 'ocr' };
    this.#detach = [port.onBytes((chunk) => this.#hear(chunk)), port.onClosed((why) => this.#end(why))];
  }

  /** Takes over an open port; the port is closed when the reader does not identify itself. */
  static async open(port: BytePort, options: DocumentReaderOptions): Promise<SerialDocumentReader> {
    const reader = new SerialDocumentReader(port, options);
    try {
      if (reader.#framed) {
        reader.#info = infoOf(await reader.#ask('i'));
        await reader.#ask('d');
      }
      return reader;
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await reader.#fail(fault);
      throw fault;
    }
  }

  get info(): DeviceInfo {
    return this.#info;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *read({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<ReaderEvent, void> {
    throwIfCancelled(signal);
    if (this.#fault) throw this.#fault;
    if (this.#events) throw new Fault('device.busy');
    const events = new EventQueue<ReaderEvent>();
    this.#events = events;
    this.#tellBusy?.(true);
    try {
      this.#forget();
      if (this.#framed) await this.#ask('e', signal);
      for (;;) {
        const event = await events.next(this.#clock, this.#framed ? this.#times.silenceMs : Infinity, signal);
        if (event) yield event;
        else await this.#ask('i', signal);
      }
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#fail(fault);
      throw fault;
    } finally {
      this.#events = undefined;
      this.#forget();
      if (this.#framed && !this.#fault) await this.#ask('d').catch((error: unknown) => this.#fail(Fault.from(error)));
      this.#tellBusy?.(false);
    }
  }

  /** A reader that says who it is works as far as can be told without a document. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    if (!this.#framed) return { passed: true, detail: 'the port is open; this reader cannot be asked' };
    infoOf(await this.#ask('i', signal));
    return { passed: true, detail: 'answers' };
  }

  close(): Promise<void> {
    return this.closePort();
  }

  closePort(): Promise<void> {
    return this.#fail(new Fault('device.absent', 'closed'));
  }

  /** Sends a command until it is answered: all of them may be done twice. */
  #ask(kind: string, signal?: AbortSignal, payload = new Uint8Array(0)): Promise<Uint8Array> {
    return this.#commands.take(async () => {
      for (let attempt = 1; ; attempt++) {
        throwIfCancelled(signal);
        if (this.#fault) throw this.#fault;
        this.#sequence = (this.#sequence + 1) & 0xff;
        const answer = Promise.withResolvers<Uint8Array>();
        this.#pending = { sequence: this.#sequence, answer };
        this.#port
          .write(encodeFrame(kind, this.#sequence, payload))
          .catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
        try {
          return await within(this.#clock, this.#times.answerMs, answer.promise, `command ${kind}`);
        } catch (error) {
          const fault = Fault.from(error);
          if (fault.code !== 'device.timeout' || attempt === attempts) throw fault;
          this.counters.timeouts++;
        } finally {
          this.#pending = undefined;
        }
      }
    });
  }

  #hear(chunk: Uint8Array): void {
    const skippedBefore = this.#frames.skippedBytes;
    const frames = this.#frames.push(chunk);
    const skipped = this.#frames.skippedBytes - skippedBefore;
    this.counters.skippedBytes += skipped;
    // Noise is dearer than frames; a device that talks without end runs dry either way.
    if (!this.#bytesAllowed.spend(chunk.length + skipped * 32)) {
      void this.#fail(new Fault('device.protocol', 'the device floods'));
      return;
    }
    this.#cancelGap?.();
    this.#cancelGap = this.#frames.midway
      ? this.#clock.after(this.#times.gapMs, () => this.#takeAll(this.#frames.reset()))
      : undefined;
    this.#takeAll(frames);
  }

  #takeAll(frames: Frame[]): void {
    for (const frame of frames) {
      try {
        if (frame.type === 'binary') this.#takeBinary(frame.kind, frame.sequence, frame.payload);
        else if (frame.type === 'text') this.#takeText(frame.text);
        else this.#takeDamaged(frame.was);
      } catch (error) {
        void this.#fail(Fault.from(error, 'device.protocol'));
      }
    }
  }

  #takeText(text: string): void {
    this.counters.frames++;
    if (this.#framed) return;
    const lines = mrzLines(text);
    if (lines) this.counters.documents++;
    this.#events?.push(lines ? { type: 'lines', lines } : { type: 'retry', reason: 'again' });
  }

  #takeDamaged(was: 'text' | 'binary'): void {
    this.counters.damaged++;
    if (!this.#bytesAllowed.spend(1024)) void this.#fail(new Fault('device.protocol', 'the device floods'));
    else if (!this.#framed && was === 'text') this.#events?.push({ type: 'retry', reason: 'again' });
  }

  #takeBinary(kind: string, sequence: number, payload: Uint8Array): void {
    this.counters.frames++;
    if (!this.#framed) return;
    if (sequence === this.#lastHeard) return;
    const expected = this.#lastHeard === undefined ? sequence : (this.#lastHeard + 1) & 0xff;
    this.#lastHeard = sequence;
    if (kind === 'A' || kind === 'N') this.#takeAnswer(kind, payload);
    else if (this.#events) this.#takeNews(this.#events, kind, payload);
    if (sequence !== expected) {
      this.counters.gaps++;
      this.#askAgain(0);
    }
  }

  #takeAnswer(kind: string, payload: Uint8Array): void {
    const pending = this.#pending;
    if (pending?.sequence !== payload[0]) {
      this.counters.stale++;
    } else if (kind === 'A') {
      pending?.answer.resolve(payload.subarray(1));
    } else {
      const broken = payload[1] === 2;
      pending?.answer.reject(new Fault(broken ? 'device.broken' : 'device.protocol', `refused: ${payload[1]}`));
    }
  }

  #takeNews(events: EventQueue<ReaderEvent>, kind: string, payload: Uint8Array): void {
    if (kind === 'X') throw new Fault('device.broken', `device error ${payload[0] ?? 0}`);
    if (kind === 'R') {
      if (this.#lying) events.push({ type: 'removed' });
      this.#forget();
      return;
    }
    if (!'PMFTD'.includes(kind)) return;
    if (payload.length < 2) throw new Fault('device.protocol', `frame ${kind} cut short`);
    const number = payload[0]! | (payload[1]! << 8);
    const body = payload.subarray(2);
    if (kind === 'P') this.#place(events, number);
    const lying = this.#lying;
    if (lying?.number !== number) {
      // Something of a document whose placing was missed: ask what lies there, do not guess.
      this.counters.stale++;
      this.#askAgain(0);
    } else if (kind === 'M') {
      this.#takeLines(events, lying, body);
    } else if (kind === 'F' && !(lying.got & part.portrait)) {
      lying.got |= part.portrait;
      if (lying.got & part.lines) events.push({ type: 'portrait', bytes: body });
      else lying.portrait = body;
    } else if (kind === 'T') {
      events.push({ type: 'retry', reason: body[0] === 2 ? 'turn' : 'again' });
    } else if (kind === 'D') {
      this.#finish(events, lying, body[0] ?? 0);
    }
  }

  #place(events: EventQueue<ReaderEvent>, number: number): void {
    if (this.#lying?.number === number) return;
    if (this.#lying) events.push({ type: 'removed' });
    this.#forget();
    const lying: Lying = { number, got: 0, asked: 0, cancelDeadline: () => {} };
    lying.cancelDeadline = this.#clock.after(this.#times.documentMs, () => this.#finish(events, lying, part.lines));
    this.#lying = lying;
    this.counters.documents++;
    events.push({ type: 'placed' });
  }

  #takeLines(events: EventQueue<ReaderEvent>, lying: Lying, body: Uint8Array): void {
    if (lying.got & part.lines) return;
    lying.got |= part.lines;
    const lines = mrzLines(String.fromCharCode(...body.subarray(0, 256)));
    events.push(lines ? { type: 'lines', lines } : { type: 'retry', reason: 'again' });
    if (lying.portrait) events.push({ type: 'portrait', bytes: lying.portrait });
    delete lying.portrait;
  }

  /** The reader has sent what it has: what did not come is asked for again, and the traveller asked at last. */
  #finish(events: EventQueue<ReaderEvent>, lying: Lying, sent: number): void {
    lying.cancelDeadline();
    const missing = sent & ~lying.got & (part.lines | part.portrait);
    if (missing === 0) return;
    if (lying.asked++ < attempts) {
      lying.cancelDeadline = this.#clock.after(this.#times.documentMs, () => this.#finish(events, lying, missing));
      this.#askAgain(missing);
    } else {
      events.push({ type: 'retry', reason: 'again' });
    }
  }

  #askAgain(parts: number): void {
    if (!this.#events) return;
    this.#ask('s', undefined, Uint8Array.of(parts)).catch((error: unknown) => this.#fail(Fault.from(error)));
  }

  #forget(): void {
    this.#lying?.cancelDeadline();
    this.#lying = undefined;
  }

  async #fail(fault: Fault): Promise<void> {
    this.#end(fault);
    await this.#port.close();
  }

  #end(fault: Fault): void {
    if (this.#fault) return;
    this.#fault = fault;
    for (const detach of this.#detach ?? []) detach();
    this.#cancelGap?.();
    this.#forget();
    this.#pending?.answer.reject(fault);
    this.#events?.fail(fault);
    this.#lost.resolve(fault);
  }
}

/** Section 4: protocol major, minor, then model, serial and firmware, parted by 0x1F. */
function infoOf(answer: Uint8Array): DeviceInfo {
  const [major, minor, ...names] = answer;
  if (major !== 1) throw new Fault('device.protocol', `protocol version ${major} is not spoken`);
  const [model = '', serial = '', firmware = ''] = String.fromCharCode(...names.slice(0, 128)).split('\u001f');
  const printable = [model, serial, firmware].every((name) => /^[ -~]{0,64}$/.test(name));
  if (!printable) throw new Fault('device.protocol', 'a name that is not printable');
  return { model, serial, firmware, protocol: `document-reader/${major}.${minor ?? 0}` };
}
