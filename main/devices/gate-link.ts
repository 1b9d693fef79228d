import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import type { Clock } from './clock.ts';
import { encodeGateLine, type GateLine, GateLineReader } from './gate-lines.ts';
import { Latencies } from './latency.ts';
import { LinkEnd } from './link-end.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, throwIfCancelled, within } from './wait.ts';

const attempts = 3;
/** What a board of version 1.1 says where it is sound, and people or doors stand as they must not. */
const refusals: ReadonlySet<string> = new Set(['PEOPLE', 'INTERLOCK', 'RELEASED']);

/** What a link needs to be told. */
export interface GateLinkOptions {
  readonly clock: Clock;
  readonly answerMs: number;
  readonly firstSequence: number;
  /** Takes the fields of an event, or of an answer that tells the board's state. */
  readonly hear: (fields: readonly string[]) => void;
}

/** One conversation with a gate board: commands one at a time, answers by sequence, events as they come. */
export class GateLink {
  readonly counters = { lines: 0, damaged: 0, stale: 0, timeouts: 0, passages: 0, tailgates: 0, failSafes: 0 };
  /** From a command to its answer. */
  readonly latencies: Latencies;
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #port: BytePort;
  readonly #options: GateLinkOptions;
  readonly #reader = new GateLineReader();
  readonly #bytesAllowed: Tolerance;
  readonly #commands = new TurnQueue();
  #sequence: number;
  #pending: { sequence: number; answer: PromiseWithResolvers<readonly string[]> } | undefined;

  constructor(port: BytePort, options: GateLinkOptions) {
    this.latencies = new Latencies(options.clock);
    this.#port = port;
    this.#options = options;
    this.#sequence = options.firstSequence & 0xff;
    this.#bytesAllowed = new Tolerance(options.clock, 64 * 1024, 8 * 1024);
    this.#end = new LinkEnd(port, [port.onBytes((chunk) => this.#take(chunk))], (fault) => {
      this.#pending?.answer.reject(fault);
      options.hear(['LOST']);
    });
    this.lost = this.#end.lost;
  }

  /** Why the link is no more. */
  get fault(): Fault | undefined {
    return this.#end.fault;
  }

  /**
   * Sends a command once. `sent` is told its sequence before it goes out. Gives the fields behind ACK, or `NAK` and why where
   * the board may not do it as people and doors stand.
   */
  ask(fields: readonly string[], signal?: AbortSignal, sent?: (sequence: number) => void): Promise<readonly string[]> {
    return this.#commands.take(async () => {
      throwIfCancelled(signal);
      this.#end.check();
      const sequence = (this.#sequence = (this.#sequence + 1) & 0xff);
      sent?.(sequence);
      const answer = Promise.withResolvers<readonly string[]>();
      this.#pending = { sequence, answer };
      this.#port
        .write(encodeGateLine({ mark: '$', sequence, fields }))
        .catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
      const { clock, answerMs } = this.#options;
      try {
        return await this.latencies.time('command', () =>
          cancellable(within(clock, answerMs, answer.promise, `command ${fields[0]}`), signal),
        );
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code === 'device.timeout') this.counters.timeouts++;
        throw fault;
      } finally {
        this.#pending = undefined;
      }
    });
  }

  /** Sends a command that may be done twice until it is answered, three times at most. */
  async askAgain(fields: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(fields, signal);
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout' || attempt === attempts) throw fault;
      }
    }
  }

  /** Gives the board up: the port is closed, every wait fails with the fault. */
  fail(fault: Fault): Promise<void> {
    return this.#end.fail(fault);
  }

  #take(chunk: Uint8Array): void {
    if (!this.#bytesAllowed.spend(chunk.length)) void this.fail(new Fault('device.protocol', 'the device floods'));
    for (const line of this.#reader.push(chunk)) {
      if (this.#end.fault) return;
      this.counters.lines++;
      if (line.mark === '!') this.#options.hear(line.fields);
      else this.#takeAnswer(line);
    }
    this.counters.damaged = this.#reader.damaged;
  }

  #takeAnswer({ sequence, fields }: GateLine): void {
    const pending = this.#pending;
    if (pending?.sequence !== sequence) {
      this.counters.stale++;
      return;
    }
    const [kind, ...rest] = fields;
    if (kind === 'ACK') {
      if (rest[0] !== 'IDENT') this.#options.hear(['STATE', ...rest]);
      pending.answer.resolve(rest);
    } else if (refusals.has(rest[0] ?? '')) {
      pending.answer.resolve(fields);
    } else {
      const code = rest[0] === 'FAULT' ? 'device.broken' : 'device.protocol';
      pending.answer.reject(new Fault(code, 'the board refused a command'));
    }
  }
}
