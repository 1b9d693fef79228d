import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { mrzLines } from './document-frames.ts';
import { DocumentLink, type ReaderNews } from './document-link.ts';
import { fetchPage, offerOf, type PageOffer } from './document-page.ts';
import { type DocumentReader, type ReaderEvent, type ReaderPart, readerParts } from './document-reader.ts';
import { EventQueue } from './event-queue.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { throwIfCancelled } from './wait.ts';

/** Time-outs in milliseconds; docs/document-reader.md, sections 1, 4 and 6. */
export const readerTimes = { answerMs: 500, gapMs: 300, silenceMs: 3_000, documentMs: 10_000 } as const;
/** On HID a loss is told by the reports' sequence: a frame that pauses is only late (section 9). */
export const hidReaderTimes = { ...readerTimes, gapMs: 2_000 } as const;
const requests = 3;
const part = { lines: 1, portrait: 2, page: 4 } as const;

/** How a document reader is opened; all of it may be left out. */
export interface FramedReaderOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof readerTimes, number>>;
}

/** The document that lies on the reader: what of it has come, and how often it was asked for again. */
interface Lying {
  readonly number: number;
  got: number;
  asked: number;
  /** A portrait that came before the lines or the page waits for them. */
  portrait?: Uint8Array;
  /** Whether its page has been handed on. */
  paged?: boolean;
  cancelDeadline: () => void;
}

/** A document reader that speaks binary frames, on a serial line or over HID (docs/document-reader.md). */
export class FramedDocumentReader implements DocumentReader, OpenDevice {
  readonly counters: DocumentLink['counters'];
  readonly latencies: DocumentLink['latencies'];
  readonly lost: Promise<Fault>;
  readonly #link: DocumentLink;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof readerTimes, number>;
  #info: DeviceInfo = { model: '', serial: '', firmware: '', protocol: '' };
  #gives: readonly ReaderPart[] = [];
  #events: EventQueue<ReaderEvent> | undefined;
  #lying: Lying | undefined;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(port: BytePort, options: FramedReaderOptions) {
    const { clock = systemClock, times } = options;
    this.#clock = clock;
    this.#times = { ...readerTimes, ...times };
    const { answerMs, gapMs } = this.#times;
    this.#link = new DocumentLink(port, { clock, answerMs, gapMs, hear: (news) => this.#hear(news) });
    this.counters = this.#link.counters;
    this.latencies = this.#link.latencies;
    this.lost = this.#link.lost;
  }

  /** Takes over an open port; the port is closed when the reader does not identify itself. */
  static async open(port: BytePort, options: FramedReaderOptions = {}): Promise<FramedDocumentReader> {
    const reader = new FramedDocumentReader(port, options);
    try {
      const { info, gives } = identityOf(await reader.#link.ask('i'));
      reader.#info = info;
      reader.#gives = gives;
      await reader.#link.ask('d');
      return reader;
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await reader.#link.fail(fault);
      throw fault;
    }
  }

  get info(): DeviceInfo {
    return this.#info;
  }

  get gives(): readonly ReaderPart[] {
    return this.#gives;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  async *read({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<ReaderEvent, void> {
    throwIfCancelled(signal);
    if (this.#link.fault) throw this.#link.fault;
    if (this.#events) throw new Fault('device.busy');
    const events = new EventQueue<ReaderEvent>();
    this.#events = events;
    this.#tellBusy?.(true);
    try {
      await this.#link.ask('e', signal);
      for (;;) {
        const event = await events.next(this.#clock, this.#times.silenceMs, signal);
        if (event) yield event;
        else await this.#link.ask('i', signal);
      }
    } catch (error) {
      const fault = Fault.from(error, 'device.protocol');
      if (fault.code !== 'capture.cancelled') await this.#link.fail(fault);
      throw fault;
    } finally {
      this.#events = undefined;
      this.#forget();
      if (!this.#link.fault) await this.#link.ask('d').catch(this.#giveUp);
      this.#tellBusy?.(false);
    }
  }

  async check(): Promise<void> {
    await this.#link.ask('i').catch(this.#giveUp);
  }

  /** A reader that says who it is works as far as can be told without a document. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    identityOf(await this.#link.ask('i', signal));
    return { passed: true, detail: 'answers' };
  }

  close(): Promise<void> {
    return this.closePort();
  }

  closePort(): Promise<void> {
    return this.#link.fail(new Fault('device.absent', 'closed'));
  }

  readonly #giveUp = (error: unknown): Promise<void> => this.#link.fail(Fault.from(error));

  #hear(news: ReaderNews): void {
    const events = this.#events;
    if (news.type === 'lost') {
      this.#forget();
      events?.fail(news.fault);
    } else if (!events) {
      // Nobody reads: whatever it says is not kept.
    } else if (news.type === 'gap') this.#askAgain(0);
    else this.#takeFrame(events, news.kind, news.payload);
  }

  #takeFrame(events: EventQueue<ReaderEvent>, kind: string, payload: Uint8Array): void {
    if (kind === 'X') throw new Fault('device.broken', `device error ${payload[0] ?? 0}`);
    if (kind === 'R') {
      if (this.#lying) events.push({ type: 'removed' });
      this.#forget();
      return;
    }
    if (!/^[PMFTD]$/.test(kind)) return;
    if (payload.length < 2) throw new Fault('device.protocol', `frame ${kind} cut short`);
    const number = payload[0]! | (payload[1]! << 8);
    const body = payload.subarray(2);
    if (kind === 'P') this.#place(events, number);
    const lying = this.#lying;
    if (lying?.number !== number) {
      // Something of a document whose placing was missed: ask what lies there, do not guess.
      this.counters.stale++;
      this.#askAgain(0);
    } else if (kind === 'M') this.#takeLines(events, lying, body);
    else if (kind === 'F') this.#takePortrait(events, lying, body);
    else if (kind === 'T') events.push({ type: 'retry', reason: body[0] === 2 ? 'turn' : 'again' });
    else if (kind === 'D') {
      const sent = body[0] ?? 0;
      // A reader that read the lines is believed; its picture stays where it is.
      if (sent & part.page && !(sent & part.lines) && this.#gives.includes('page')) {
        this.#takePage(events, lying, offerOf(body.subarray(1)));
      }
      this.#finish(events, lying, sent);
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
    events.push(linesOrRetry(String.fromCharCode(...body.subarray(0, 256))));
    this.#releasePortrait(events, lying);
  }

  #takePage(events: EventQueue<ReaderEvent>, lying: Lying, offer: PageOffer): void {
    if (lying.got & part.page) return;
    lying.got |= part.page;
    const ask = (request: Uint8Array) => this.#link.ask('g', undefined, request);
    const take = async () => {
      const page = await fetchPage(lying.number, offer, ask, () => this.#lying === lying);
      if (page === 'damaged') events.push({ type: 'retry', reason: 'again' });
      else if (page) {
        events.push({ type: 'page', bytes: page });
        lying.paged = true;
        this.#releasePortrait(events, lying);
      } else if (this.#lying === lying) {
        // It reads the document once more, and will offer it again.
        lying.got &= ~part.page;
        this.#finish(events, lying, part.lines);
      }
    };
    take().catch(this.#giveUp);
  }

  #releasePortrait(events: EventQueue<ReaderEvent>, lying: Lying): void {
    if (lying.portrait) events.push({ type: 'portrait', bytes: lying.portrait });
    delete lying.portrait;
  }

  #takePortrait(events: EventQueue<ReaderEvent>, lying: Lying, bytes: Uint8Array): void {
    if (lying.got & part.portrait) return;
    lying.got |= part.portrait;
    if (lying.got & part.lines || lying.paged) events.push({ type: 'portrait', bytes });
    else lying.portrait = bytes;
  }

  /** The reader has sent what it has: what did not come is asked for again, and the traveller asked at last. */
  #finish(events: EventQueue<ReaderEvent>, lying: Lying, sent: number): void {
    lying.cancelDeadline();
    const missing = sent & ~lying.got & (part.lines | part.portrait);
    if (missing === 0) return;
    if (lying.asked++ < requests) {
      lying.cancelDeadline = this.#clock.after(this.#times.documentMs, () => this.#finish(events, lying, missing));
      this.#askAgain(missing);
    } else {
      events.push({ type: 'retry', reason: 'again' });
    }
  }

  #askAgain(parts: number): void {
    this.#link.ask('s', undefined, Uint8Array.of(parts)).catch(this.#giveUp);
  }

  #forget(): void {
    this.#lying?.cancelDeadline();
    this.#lying = undefined;
  }
}

function linesOrRetry(text: string): ReaderEvent {
  const lines = mrzLines(text);
  return lines ? { type: 'lines', lines } : { type: 'retry', reason: 'again' };
}

/** docs/document-reader.md, section 5.1: major, minor, then model, serial, firmware and what it gives, parted by 0x1F. */
function identityOf(answer: Uint8Array): { info: DeviceInfo; gives: readonly ReaderPart[] } {
  const [major, minor, ...names] = answer;
  if (major !== 1) throw new Fault('device.protocol', `protocol version ${major} is not spoken`);
  const told = String.fromCharCode(...names.slice(0, 192)).split('\u001f');
  const [model = '', serial = '', firmware = '', gives = 'lines portrait'] = told;
  const printable = [model, serial, firmware, gives].every((name) => /^[ -~]{0,64}$/.test(name));
  if (!printable) throw new Fault('device.protocol', 'a name that is not printable');
  return {
    info: { model, serial, firmware, protocol: `document-reader/${major}.${minor ?? 0}` },
    gives: readerParts.filter((one) => gives.split(' ').includes(one)),
  };
}
