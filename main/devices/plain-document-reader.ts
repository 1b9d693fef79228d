import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import type { DocumentReader, ReaderEvent } from './document-reader.ts';
import { EventQueue } from './event-queue.ts';
import { LinkEnd } from './link-end.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { TextFrameReader, type TextNews, type TextOptions } from './text-frames.ts';
import { Tolerance } from './tolerance.ts';
import { throwIfCancelled } from './wait.ts';

/** Times in milliseconds; docs/document-reader.md, section 2. */
export const plainReaderTimes = { quietMs: 500, documentMs: 5_000 } as const;

/** How a plain reader is opened; all of it may be left out. */
export interface PlainReaderOptions extends TextOptions {
  /** What it is called, as it cannot say so itself. */
  readonly model?: string | undefined;
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof plainReaderTimes, number>>;
}

/** A reader that only sends the lines of a zone as text and cannot be asked anything (docs/document-reader.md, section 2). */
export class PlainDocumentReader implements DocumentReader, OpenDevice {
  readonly gives = ['lines'] as const;
  readonly info: DeviceInfo;
  readonly counters = { documents: 0, partial: 0, unread: 0, tooLong: 0, lrc: 0, parity: 0, bytes: 0 };
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof plainReaderTimes, number>;
  readonly #text: TextFrameReader;
  readonly #bytesAllowed: Tolerance;
  #events: EventQueue<ReaderEvent> | undefined;
  #begunAtMs = 0;
  #cancelRest: () => void = () => {};
  #tellBusy: ((busy: boolean) => void) | undefined;

  constructor(port: BytePort, options: PlainReaderOptions = {}) {
    const { model = 'OCR reader', clock = systemClock, times, ...text } = options;
    this.info = { model, serial: port.info.serial, firmware: '', protocol: 'ocr' };
    this.#clock = clock;
    this.#times = { ...plainReaderTimes, ...times };
    this.#text = new TextFrameReader(text);
    // A zone is a hundred bytes: three hundred at once are more than any hand can swipe.
    this.#bytesAllowed = new Tolerance(clock, 32 * 1024, 1024);
    this.#end = new LinkEnd(port, [port.onBytes((chunk) => this.#take(chunk))], (fault) => {
      this.#cancelRest();
      this.#events?.fail(fault);
    });
    this.lost = this.#end.lost;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *read({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<ReaderEvent, void> {
    throwIfCancelled(signal);
    this.#end.check();
    if (this.#events) throw new Fault('device.busy');
    const events = new EventQueue<ReaderEvent>();
    this.#events = events;
    this.#tellBusy?.(true);
    try {
      for (;;) {
        const event = await events.next(this.#clock, Infinity, signal);
        if (event) yield event;
      }
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#end.fail(fault);
      throw fault;
    } finally {
      this.#events = undefined;
      this.#tellBusy?.(false);
    }
  }

  /** It cannot be asked: an open port is all there is to know. */
  async check(): Promise<void> {}

  /** Says how it was found to send, so that a technician sees whether the zone arrives and with which check. */
  async selfTest(): Promise<SelfTestResult> {
    return { passed: true, detail: this.#text.describe() };
  }

  close(): Promise<void> {
    return this.closePort();
  }

  closePort(): Promise<void> {
    return this.#end.fail(new Fault('device.absent', 'closed'));
  }

  #take(chunk: Uint8Array): void {
    this.counters.bytes += chunk.length;
    if (!this.#bytesAllowed.spend(chunk.length)) {
      void this.#end.fail(new Fault('device.protocol', 'the device floods'));
      return;
    }
    const nowMs = this.#clock.nowMs();
    if (!this.#text.midway) this.#begunAtMs = nowMs;
    this.#tell(this.#text.push(chunk));
    this.#cancelRest();
    if (!this.#text.midway) return;
    // A reader that never falls quiet has no document in it for longer than one may take.
    const { quietMs, documentMs } = this.#times;
    const restMs = Math.min(quietMs, Math.max(0, this.#begunAtMs + documentMs - nowMs));
    this.#cancelRest = this.#clock.after(restMs, () => this.#tell(this.#text.rest()));
  }

  #tell(news: readonly TextNews[]): void {
    for (const one of news) {
      this.counters[one.type === 'lines' ? 'documents' : one.why]++;
      // While nobody reads, whatever it says is not kept.
      this.#events?.push(one.type === 'lines' ? one : { type: 'retry', reason: 'again' });
    }
  }
}
