import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import {
  answered,
  command,
  controlReportBytes,
  decodeFragment,
  decodeMessage,
  encodeCommand,
  type Fragment,
  type Message,
  reportId,
  status,
} from './finger-imager-protocol.ts';
import type { HidPort } from './hid-port.ts';
import { Latencies } from './latency.ts';
import { LinkEnd } from './link-end.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, within } from './wait.ts';

/** Commands that change nothing when they are done twice (docs/hid-finger-imager.md, section 5). */
const repeatable: ReadonlySet<number> = new Set([command.resync, command.status, command.stop]);
/** What may take as long as it takes and so says nothing of how fast the device answers. */
const slow: ReadonlySet<number> = new Set([command.fetch, command.selfTest]);
const attempts = 3;
const noPayload = new Uint8Array(0);

interface Pending {
  readonly code: number;
  readonly transaction: number;
  readonly answer: PromiseWithResolvers<DataView>;
  readonly hearFragment: ((fragment: Fragment) => boolean) | undefined;
  restartTimer(): void;
}

/** What the link hands on: an event of the device, the news that one went missing, or that the device itself is lost. */
export type LinkEvent =
  | { readonly type: 'event'; readonly message: Message }
  | { readonly type: 'gap' }
  | { readonly type: 'lost'; readonly fault: Fault };

/** One conversation with an imager: commands one at a time, answers by transaction, messages by sequence. */
export class ImagerLink {
  readonly counters = {
    reports: 0,
    damaged: 0,
    duplicates: 0,
    gaps: 0,
    unexpected: 0,
    timeouts: 0,
    repeats: 0,
    images: 0,
    refetches: 0,
    previews: 0,
    previewsLost: 0,
  };
  readonly latencies: Latencies;
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #port: HidPort;
  readonly #clock: Clock;
  readonly #times: LinkTimes;
  readonly #tolerance: Tolerance;
  #fragmentReportBytes = 1024;
  readonly #commands = new TurnQueue();
  #pending: Pending | undefined;
  #transaction: number;
  #lastSequence: number | undefined;
  #hear: ((event: LinkEvent) => void) | undefined;

  constructor(port: HidPort, clock: Clock, times: LinkTimes, firstTransaction: number) {
    this.#port = port;
    this.#clock = clock;
    this.latencies = new Latencies(clock);
    this.#times = times;
    this.#transaction = firstTransaction;
    this.#tolerance = new Tolerance(clock, 1_024, 200);
    this.#end = new LinkEnd(port, [port.onReport((report) => this.#take(report))], (fault) => {
      this.#pending?.answer.reject(fault);
      this.#hear?.({ type: 'lost', fault });
      this.#hear = undefined;
    });
    this.lost = this.#end.lost;
  }

  /** A feature report, decoded; read again when it comes late or damaged, for reading changes nothing. */
  async readFeature<T>(id: number, decode: (report: Uint8Array) => T): Promise<T> {
    const read = async (): Promise<T> => {
      this.#end.check();
      const report = this.#port.getFeature(id, controlReportBytes);
      return decode(await within(this.#clock, this.#times.featureMs, report, `feature report ${id}`));
    };
    return read().catch((error: unknown) => {
      if (error instanceof Fault && error.code === 'device.absent') throw error;
      return read();
    });
  }

  writeFeature(report: Uint8Array): Promise<void> {
    return within(this.#clock, this.#times.featureMs, this.#port.setFeature(report), 'feature report');
  }

  /** Size of a fragment report, once the capabilities are known. */
  useFragments(reportBytes: number): void {
    this.#fragmentReportBytes = reportBytes;
  }

  /** The one hearer of events; undefined when nobody cares. */
  hear(hear: ((event: LinkEvent) => void) | undefined): void {
    this.#hear = hear;
  }

  /**
   * Sends a command and gives the payload of its answer; commands wait for one another. Only repeatable commands are
   * sent again when no answer comes. Fails with `device.timeout`, `device.busy`, `device.broken`, `device.protocol`.
   */
  ask(code: number, payload: Uint8Array = noPayload, options: AskOptions = {}): Promise<DataView> {
    return this.#commands.take(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          const once = (): Promise<DataView> => this.#once(code, payload, options);
          return await (slow.has(code) ? once() : this.latencies.time('command', once));
        } catch (error) {
          const again = repeatable.has(code) && attempt < attempts && !this.#end.fault;
          if (!again || !(error instanceof Fault) || error.code !== 'device.timeout') throw error;
          this.counters.repeats++;
        }
      }
    });
  }

  /** The transaction id of the command that was sent last: events of a scan carry that of its SCAN. */
  get lastTransaction(): number {
    return this.#transaction;
  }

  /** Gives the device up: the port is closed, every wait fails with the fault. */
  fail(fault: Fault): Promise<void> {
    return this.#end.fail(fault);
  }

  async #once(code: number, payload: Uint8Array, options: AskOptions): Promise<DataView> {
    this.#end.check();
    this.#transaction = (this.#transaction % 255) + 1;
    const answer = Promise.withResolvers<DataView>();
    answer.promise.catch(() => {});
    const timeoutMs = options.timeoutMs ?? this.#times.commandMs;
    const expire = (): void => {
      this.counters.timeouts++;
      answer.reject(new Fault('device.timeout', `no answer to command ${code}`));
    };
    let cancelTimer = this.#clock.after(timeoutMs, expire);
    this.#pending = {
      code,
      transaction: this.#transaction,
      answer,
      hearFragment: options.hearFragment,
      restartTimer: () => {
        cancelTimer();
        cancelTimer = this.#clock.after(timeoutMs, expire);
      },
    };
    try {
      const report = encodeCommand(code, this.#transaction, payload);
      this.#port.write(report).catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
      return await cancellable(answer.promise, options.signal);
    } finally {
      cancelTimer();
      this.#pending = undefined;
    }
  }

  #take(report: Uint8Array): void {
    this.counters.reports++;
    if (report[0] === reportId.fragment) this.#takeFragment(report);
    else if (report[0] === reportId.message) this.#takeMessage(report);
    else this.#blame('damaged');
  }

  #takeFragment(report: Uint8Array): void {
    const fragment = decodeFragment(report, this.#fragmentReportBytes);
    if (!fragment) return this.#blame('damaged');
    const pending = this.#pending;
    const wanted = fragment.transaction === pending?.transaction && pending.hearFragment?.(fragment);
    if (wanted) pending.restartTimer();
    else this.#blame('unexpected');
  }

  #takeMessage(report: Uint8Array): void {
    const message = decodeMessage(report);
    if (!message) return this.#blame('damaged');
    const pending = this.#pending;
    const answers =
      message.kind === (pending ? answered | pending.code : -1) && message.transaction === pending?.transaction;
    const inOrder = this.#inOrder(message, answers && pending.code === command.resync);
    if (answers) return this.#settle(pending, message);
    if (!inOrder) return;
    if (message.kind >= answered) return this.#blame('unexpected');
    // Events are few by nature: each one is counted against the device, so that a storm of good ones ends too.
    if (!this.#tolerance.spend()) return this.#flooded();
    this.#hear?.({ type: 'event', message });
  }

  /** Whether nothing was lost before this message. After a loss the message itself is not believed: the state is asked. */
  #inOrder(message: Message, restart: boolean): boolean {
    const last = this.#lastSequence;
    this.#lastSequence = message.sequence;
    if (restart || last === undefined || message.sequence === ((last + 1) & 0xff)) return true;
    if (message.sequence === last) {
      this.#blame('duplicates');
    } else {
      this.#blame('gaps');
      this.#hear?.({ type: 'gap' });
    }
    return false;
  }

  #settle(pending: Pending, message: Message): void {
    if (message.status === status.ok) pending.answer.resolve(message.payload);
    else pending.answer.reject(refusal(pending.code, message.status));
  }

  #blame(what: 'damaged' | 'duplicates' | 'gaps' | 'unexpected'): void {
    this.counters[what]++;
    if (!this.#tolerance.spend()) this.#flooded();
  }

  #flooded(): void {
    void this.fail(new Fault('device.protocol', 'the device floods'));
  }
}

/** Longest waits in milliseconds. */
export interface LinkTimes {
  readonly featureMs: number;
  readonly commandMs: number;
}

/** How one command is waited for. */
export interface AskOptions {
  readonly timeoutMs?: number;
  /** Ends the wait with `capture.cancelled`; the command may have been done all the same. */
  readonly signal?: AbortSignal;
  /** Takes the fragments that answer this command; true when a fragment was of use, which restarts the time-out. */
  readonly hearFragment?: (fragment: Fragment) => boolean;
}

function refusal(code: number, refused: number): Fault {
  if (refused === status.busy) return new Fault('device.busy', `command ${code} refused: busy`);
  if (refused === status.broken) return new Fault('device.broken', `command ${code} refused: broken`);
  return new Fault('device.protocol', `command ${code} refused with status ${refused}`);
}
