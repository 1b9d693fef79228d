import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import type { Clock } from './clock.ts';
import { encodeFrame, type Frame, FrameReader } from './document-frames.ts';
import { Latencies } from './latency.ts';
import { LinkEnd } from './link-end.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, throwIfCancelled, within } from './wait.ts';

const attempts = 3;
/** An answer waits behind a long frame that is on its way, but not for ever. */
const longestFrameMs = 60_000;

/** What the link hands on. `gap` is the news that a frame went missing. */
export type ReaderNews =
  | { readonly type: 'frame'; readonly kind: string; readonly payload: Uint8Array }
  | { readonly type: 'gap' }
  | { readonly type: 'lost'; readonly fault: Fault };

/** What a link needs to be told; times in milliseconds, docs/document-reader.md. */
export interface DocumentLinkOptions {
  readonly clock: Clock;
  readonly answerMs: number;
  readonly gapMs: number;
  /** May throw a Fault, which gives the reader up. */
  readonly hear: (news: ReaderNews) => void;
}

/** One conversation with a document reader: commands one at a time, answers by sequence, everything else as news. */
export class DocumentLink {
  readonly counters = { frames: 0, damaged: 0, skippedBytes: 0, gaps: 0, timeouts: 0, stale: 0, documents: 0 };
  /** From a command to its answer. */
  readonly latencies: Latencies;
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #port: BytePort;
  readonly #options: DocumentLinkOptions;
  readonly #frames = new FrameReader();
  readonly #bytesAllowed: Tolerance;
  readonly #commands = new TurnQueue();
  #pending: { sequence: number; answer: PromiseWithResolvers<Uint8Array> } | undefined;
  #sequence = 0;
  #lastHeard: number | undefined;
  #cancelGap: (() => void) | undefined;

  constructor(port: BytePort, options: DocumentLinkOptions) {
    this.latencies = new Latencies(options.clock);
    this.#port = port;
    this.#options = options;
    this.#bytesAllowed = new Tolerance(options.clock, 4 * 1024 * 1024, 128 * 1024);
    const heard = port.onBytes(
      (chunk) => this.#take(chunk),
      () => this.#takeAll(this.#frames.reset()),
    );
    this.#end = new LinkEnd(port, [heard], (fault) => {
      this.#cancelGap?.();
      this.#pending?.answer.reject(fault);
      options.hear({ type: 'lost', fault });
    });
    this.lost = this.#end.lost;
  }

  /** Why the link is no more. */
  get fault(): Fault | undefined {
    return this.#end.fault;
  }

  /** Sends a command until it is answered, three times at most: every one of them may be done twice. */
  ask(kind: string, signal?: AbortSignal, payload: Uint8Array = new Uint8Array(0)): Promise<Uint8Array> {
    return this.#commands.take(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.latencies.time('command', () => this.#once(kind, signal, payload));
        } catch (error) {
          const fault = Fault.from(error);
          if (fault.code !== 'device.timeout' || attempt === attempts) throw fault;
          this.counters.timeouts++;
        }
      }
    });
  }

  /** Gives the reader up: the port is closed, every wait fails with the fault. */
  fail(fault: Fault): Promise<void> {
    return this.#end.fail(fault);
  }

  async #once(kind: string, signal: AbortSignal | undefined, payload: Uint8Array): Promise<Uint8Array> {
    throwIfCancelled(signal);
    this.#end.check();
    this.#sequence = (this.#sequence + 1) & 0xff;
    const answer = Promise.withResolvers<Uint8Array>();
    this.#pending = { sequence: this.#sequence, answer };
    this.#port
      .write(encodeFrame(kind, this.#sequence, payload))
      .catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
    const { clock, answerMs } = this.#options;
    try {
      const endMs = clock.nowMs() + longestFrameMs;
      for (;;) {
        try {
          return await cancellable(within(clock, answerMs, answer.promise, `command ${kind}`), signal);
        } catch (error) {
          if (Fault.from(error).code !== 'device.timeout' || !this.#frames.midway || clock.nowMs() > endMs) throw error;
        }
      }
    } finally {
      this.#pending = undefined;
    }
  }

  #take(chunk: Uint8Array): void {
    const skippedBefore = this.#frames.skippedBytes;
    const frames = this.#frames.push(chunk);
    const skipped = this.#frames.skippedBytes - skippedBefore;
    this.counters.skippedBytes += skipped;
    // Noise is dearer than frames; a device that talks without end runs dry either way.
    this.#spend(chunk.length + skipped * 32);
    this.#cancelGap?.();
    this.#cancelGap =
      this.#frames.midway && !this.#end.fault
        ? this.#options.clock.after(this.#options.gapMs, () => this.#takeAll(this.#frames.reset()))
        : undefined;
    this.#takeAll(frames);
  }

  #spend(cost: number): void {
    if (!this.#bytesAllowed.spend(cost)) void this.fail(new Fault('device.protocol', 'the device floods'));
  }

  #takeAll(frames: Frame[]): void {
    for (const frame of frames) {
      if (this.#end.fault) return;
      if (frame.type === 'damaged') {
        this.counters.damaged++;
        this.#spend(1024);
      } else {
        this.counters.frames++;
        this.#takeBinary(frame.kind, frame.sequence, frame.payload);
      }
    }
  }

  #takeBinary(kind: string, sequence: number, payload: Uint8Array): void {
    if (sequence === this.#lastHeard) return;
    const expected = this.#lastHeard === undefined ? sequence : (this.#lastHeard + 1) & 0xff;
    this.#lastHeard = sequence;
    if (kind === 'A' || kind === 'N') this.#takeAnswer(kind, payload);
    else this.#tell({ type: 'frame', kind, payload });
    if (sequence === expected) return;
    this.counters.gaps++;
    this.#tell({ type: 'gap' });
  }

  #takeAnswer(kind: string, payload: Uint8Array): void {
    const pending = this.#pending;
    if (!pending || pending.sequence !== payload[0]) {
      this.counters.stale++;
    } else if (kind === 'A') {
      // What the host asked for is no flood.
      this.#spend(-payload.length);
      pending.answer.resolve(payload.subarray(1));
    } else {
      const code = payload[1] === 2 ? 'device.broken' : 'device.protocol';
      pending.answer.reject(new Fault(code, `refused: ${payload[1]}`));
    }
  }

  #tell(news: ReaderNews): void {
    try {
      this.#options.hear(news);
    } catch (error) {
      void this.fail(Fault.from(error, 'device.protocol'));
    }
  }
}
