import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import type { Clock } from './clock.ts';
import {
  encodeModbus,
  exceptionOf,
  inputsOf,
  type ModbusFraming,
  type ModbusMessage,
  ModbusResponseReader,
  readInputs,
  writeCoil,
} from './modbus-frames.ts';
import { Latencies } from './latency.ts';
import { LinkEnd } from './link-end.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { pause, within } from './wait.ts';

const attempts = 3;
/** Section 7: `slave device failure` and `slave device busy`; the rest says that a request was wrong. */
const exception = { failure: 4, busy: 6 } as const;

/** What a link needs to be told; times in milliseconds. */
export interface ModbusLinkOptions {
  readonly clock: Clock;
  readonly framing: ModbusFraming;
  readonly unit: number;
  readonly answerMs: number;
  /** Silence between two frames on a serial line: 3.5 characters at the least. */
  readonly gapMs: number;
}

/** One conversation with a Modbus board: one request at a time, each of which may be done twice. */
export class ModbusLink {
  readonly counters = { requests: 0, skippedBytes: 0, timeouts: 0, stale: 0, exceptions: 0, passages: 0, tailgates: 0 };
  /** From a request to its response. */
  readonly latencies: Latencies;
  readonly lost: Promise<Fault>;
  readonly #end: LinkEnd;
  readonly #port: BytePort;
  readonly #options: ModbusLinkOptions;
  readonly #reader: ModbusResponseReader;
  readonly #bytesAllowed: Tolerance;
  readonly #requests = new TurnQueue();
  #transaction = 0;
  #pending: { transaction: number; answer: PromiseWithResolvers<Uint8Array> } | undefined;

  constructor(port: BytePort, options: ModbusLinkOptions) {
    this.latencies = new Latencies(options.clock);
    this.#port = port;
    this.#options = options;
    this.#reader = new ModbusResponseReader(options.framing);
    this.#bytesAllowed = new Tolerance(options.clock, 16 * 1024, 4 * 1024);
    const hearing = [port.onBytes((chunk) => this.#take(chunk))];
    this.#end = new LinkEnd(port, hearing, (fault) => this.#pending?.answer.reject(fault));
    this.lost = this.#end.lost;
  }

  /** Why the link is no more. */
  get fault(): Fault | undefined {
    return this.#end.fault;
  }

  /** So many discrete inputs from an address on. Fails with `device.timeout`, `device.protocol`, `device.broken`, `device.absent`. */
  async readInputs(address: number, count: number): Promise<boolean[]> {
    const inputs = inputsOf(await this.#ask(readInputs(address, count)), count);
    if (!inputs) throw new Fault('device.protocol', 'another number of inputs than was asked for');
    return inputs;
  }

  /** Switches a coil; fails as `readInputs` does. */
  async writeCoil(address: number, on: boolean): Promise<void> {
    const request = writeCoil(address, on);
    const echo = await this.#ask(request);
    if (echo.length !== request.length || request.some((byte, at) => byte !== echo[at]))
      throw new Fault('device.protocol', 'another coil than was meant');
  }

  /** Gives the board up: the port is closed, every wait fails with the fault. */
  fail(fault: Fault): Promise<void> {
    return this.#end.fail(fault);
  }

  #ask(pdu: Uint8Array): Promise<Uint8Array> {
    return this.#requests.take(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#once(pdu);
        } catch (error) {
          const fault = Fault.from(error);
          const again = fault.code === 'device.timeout' || fault.code === 'device.busy';
          if (this.#end.fault || !again || attempt === attempts) throw fault;
          // An answer that comes late must not be taken for that to the next request.
          await pause(this.#options.clock, this.#options.answerMs / 2);
        }
      }
    });
  }

  async #once(pdu: Uint8Array): Promise<Uint8Array> {
    const { clock, framing, unit, answerMs, gapMs } = this.#options;
    if (framing === 'rtu') await pause(clock, gapMs);
    this.#end.check();
    const transaction = framing === 'rtu' ? 0 : (this.#transaction = (this.#transaction + 1) & 0xffff);
    const answer = Promise.withResolvers<Uint8Array>();
    this.#reader.expect(unit, pdu[0]!);
    this.#pending = { transaction, answer };
    this.counters.requests++;
    this.#port
      .write(encodeModbus(framing, { transaction, unit, pdu }))
      .catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
    try {
      const response = await this.latencies.time('request', () =>
        within(clock, answerMs, answer.promise, `function ${pdu[0]}`),
      );
      this.#check(pdu, response);
      return response;
    } catch (error) {
      const fault = Fault.from(error);
      if (fault.code === 'device.timeout') this.counters.timeouts++;
      throw fault;
    } finally {
      this.#pending = undefined;
    }
  }

  #check(request: Uint8Array, response: Uint8Array): void {
    const refused = exceptionOf(response);
    if (refused !== undefined) {
      this.counters.exceptions++;
      if (refused === exception.busy) throw new Fault('device.busy', 'the board is busy');
      const code = refused === exception.failure ? 'device.broken' : 'device.protocol';
      throw new Fault(code, `function ${request[0]} refused: exception ${refused}`);
    }
    if (response[0] !== request[0]) throw new Fault('device.protocol', 'the answer to another function');
  }

  #take(chunk: Uint8Array): void {
    try {
      if (!this.#bytesAllowed.spend(chunk.length)) throw new Fault('device.protocol', 'the device floods');
      for (const message of this.#reader.push(chunk)) this.#answer(message);
      this.counters.skippedBytes = this.#reader.skippedBytes;
    } catch (error) {
      void this.fail(Fault.from(error, 'device.protocol'));
    }
  }

  #answer({ transaction, unit, pdu }: ModbusMessage): void {
    const pending = this.#pending;
    if (pending?.transaction === transaction && unit === this.#options.unit) pending.answer.resolve(pdu);
    else this.counters.stale++;
  }
}
