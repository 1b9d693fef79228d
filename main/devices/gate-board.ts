import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import type { DoorState, Gate } from './gate.ts';
import { encodeGateLine, type GateLine, GateLineReader } from './gate-lines.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { Tolerance } from './tolerance.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, throwIfCancelled, within } from './wait.ts';

/** Times in milliseconds; docs/gate.md, section 5. */
export const gateTimes = { answerMs: 300, beatMs: 500, moveMs: 10_000 } as const;
const attempts = 3;

/** What the board says of itself in every answer (docs/gate.md, section 3). */
interface BoardState {
  readonly door: string;
  /** Sequence of the last OPEN or CLOSE that was carried out, as two hex digits. */
  readonly last: string;
  readonly passages: number;
}

export interface GateOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof gateTimes, number>>;
  readonly random?: () => number;
}

/** A gate board on a serial line (docs/gate.md). */
export class GateBoard implements Gate, OpenDevice {
  readonly counters = { lines: 0, damaged: 0, stale: 0, timeouts: 0, passages: 0 };
  readonly lost: Promise<Fault>;
  readonly #lost = Promise.withResolvers<Fault>();
  readonly #port: BytePort;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof gateTimes, number>;
  readonly #reader = new GateLineReader();
  readonly #bytesAllowed: Tolerance;
  readonly #detach: (() => void)[];
  readonly #changed = new Set<(state: DoorState) => void>();
  readonly #passed = new Set<() => void>();
  readonly #moved = new Set<() => void>();
  #info: DeviceInfo = { model: '', serial: '', firmware: '', protocol: '' };
  #board: BoardState | undefined;
  #state: DoorState = 'unknown';
  #sequence: number;
  #pending: { sequence: number; answer: PromiseWithResolvers<readonly string[]> } | undefined;
  readonly #commands = new TurnQueue();
  readonly #moves = new TurnQueue();
  #cancelBeat: (() => void) | undefined;
  #fault: Fault | undefined;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(port: BytePort, options: GateOptions) {
    this.lost = this.#lost.promise;
    this.#port = port;
    this.#clock = options.clock ?? systemClock;
    this.#times = { ...gateTimes, ...options.times };
    this.#sequence = Math.floor((options.random ?? Math.random)() * 256);
    this.#bytesAllowed = new Tolerance(this.#clock, 64 * 1024, 8 * 1024);
    this.#detach = [port.onBytes((chunk) => this.#hear(chunk)), port.onClosed((why) => this.#end(why))];
  }

  /** Takes over an open port, asks who is there, closes the door and starts the heartbeat. */
  static async open(port: BytePort, options: GateOptions = {}): Promise<GateBoard> {
    const gate = new GateBoard(port, options);
    try {
      gate.#info = infoOf(await gate.#askAgain(['IDENT']));
      await gate.#askAgain(['LIGHT', 'RED']);
      await gate.#askAgain(['CLOSE']);
      gate.#beat();
      return gate;
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await gate.#fail(fault);
      throw fault;
    }
  }

  get info(): DeviceInfo {
    return this.#info;
  }

  get state(): DoorState {
    return this.#state;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  onChange(hear: (state: DoorState) => void): () => void {
    this.#changed.add(hear);
    return () => void this.#changed.delete(hear);
  }

  onPassage(hear: () => void): () => void {
    this.#passed.add(hear);
    return () => void this.#passed.delete(hear);
  }

  open({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#inTurn(async () => {
      throwIfCancelled(signal);
      try {
        await this.#openOnce(signal);
        await this.#until('OPEN', signal);
        await this.#askAgain(['LIGHT', 'GREEN'], signal);
      } catch (error) {
        // Whatever went wrong, nobody may find the door open.
        await this.#shut().catch((fault: unknown) => this.#fail(Fault.from(fault)));
        throw Fault.from(error);
      }
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#shut();
      await this.#until('CLOSED');
    });
  }

  /** The door is not moved: a board that answers and whose door is not blocked has passed. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    await this.#askAgain(['STATE'], signal);
    const door = this.#board?.door ?? '';
    return { passed: door !== 'BLOCKED', detail: `door ${door.toLowerCase()}` };
  }

  closePort(): Promise<void> {
    return this.#fail(new Fault('device.absent', 'closed'));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#moves.take(async () => {
      this.#tellBusy?.(true);
      try {
        await work();
      } finally {
        this.#tellBusy?.(false);
      }
    });
  }

  /**
   * OPEN is never sent again blindly: a second one might let a second person in. When its answer is lost the board is
   * asked which command it carried out last.
   */
  async #openOnce(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const sent = this.#ask(['OPEN'], signal);
      try {
        await sent.answer;
        return;
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout') throw fault;
        await this.#askAgain(['STATE'], signal);
        if (this.#board?.last === hex2(sent.sequence())) return;
        if (attempt === attempts) throw fault;
      }
    }
  }

  async #shut(): Promise<void> {
    await this.#askAgain(['LIGHT', 'RED']);
    await this.#askAgain(['CLOSE']);
  }

  /** Waits until the board says that the door stands so. */
  async #until(door: 'OPEN' | 'CLOSED', signal?: AbortSignal): Promise<void> {
    const there = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#fault) there.reject(this.#fault);
      else if (this.#board?.door === 'BLOCKED') there.reject(new Fault('device.broken', 'the door is blocked'));
      else if (this.#board?.door === door) there.resolve();
    };
    this.#moved.add(look);
    try {
      look();
      await cancellable(within(this.#clock, this.#times.moveMs, there.promise, `door not ${door}`), signal);
    } finally {
      this.#moved.delete(look);
    }
  }

  /** Sends a command that may be done twice until it is answered. */
  async #askAgain(fields: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask(fields, signal).answer;
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout' || attempt === attempts) throw fault;
      }
    }
  }

  #ask(
    fields: readonly string[],
    signal?: AbortSignal,
  ): { answer: Promise<readonly string[]>; sequence: () => number } {
    let sequence = -1;
    const answer = this.#commands.take(async () => {
      throwIfCancelled(signal);
      if (this.#fault) throw this.#fault;
      sequence = this.#sequence = (this.#sequence + 1) & 0xff;
      const answer = Promise.withResolvers<readonly string[]>();
      this.#pending = { sequence, answer };
      this.#port
        .write(encodeGateLine({ mark: '$', sequence, fields }))
        .catch((error: unknown) => answer.reject(Fault.from(error, 'device.absent')));
      try {
        return await within(this.#clock, this.#times.answerMs, answer.promise, `command ${fields[0]}`);
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code === 'device.timeout') this.counters.timeouts++;
        throw fault;
      } finally {
        this.#pending = undefined;
      }
    });
    return { answer, sequence: () => sequence };
  }

  #beat(): void {
    if (this.#fault) return;
    this.#cancelBeat = this.#clock.after(this.#times.beatMs, () => {
      this.#askAgain(['BEAT']).then(
        () => this.#beat(),
        (error: unknown) => this.#fail(Fault.from(error)),
      );
    });
  }

  #hear(chunk: Uint8Array): void {
    if (!this.#bytesAllowed.spend(chunk.length)) {
      void this.#fail(new Fault('device.protocol', 'the device floods'));
      return;
    }
    for (const line of this.#reader.push(chunk)) {
      this.counters.lines++;
      if (line.mark === '!') this.#takeEvent(line.fields);
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
      if (rest[0] !== 'IDENT') this.#takeState(rest);
      pending.answer.resolve(rest);
    } else {
      pending.answer.reject(new Fault(rest[0] === 'FAULT' ? 'device.broken' : 'device.protocol', `refused: ${kind}`));
    }
  }

  /** An event only hastens what the next answer says anyway; one that is lost or comes twice changes nothing. */
  #takeEvent([kind, ...rest]: readonly string[]): void {
    if (kind === 'STATE' || kind === 'PASS') this.#takeState(rest);
    else if (kind === 'FAULT')
      void this.#fail(new Fault('device.broken', `board fault ${(rest[0] ?? '').slice(0, 16)}`));
  }

  /** Door, light, last command, passages. A board that says less than that is not believed. */
  #takeState([door = '', , last = '', passages = '']: readonly string[]): void {
    if (!/^(CLOSED|OPENING|OPEN|CLOSING|BLOCKED)$/.test(door) || !/^[0-9A-F]{4}$/.test(passages)) {
      void this.#fail(new Fault('device.protocol', 'board state not understood'));
      return;
    }
    const count = Number.parseInt(passages, 16);
    const before = this.#board;
    this.#board = { door, last, passages: count };
    this.#become(door === 'OPEN' ? 'open' : door === 'CLOSED' ? 'closed' : 'unknown');
    const step = before ? (count - before.passages) & 0xffff : 0;
    // A great step, or one back, is a board that was reset: nobody went through.
    const people = step < 16 ? step : 0;
    for (let person = 0; person < people; person++) {
      this.counters.passages++;
      for (const hear of this.#passed) hear();
    }
    for (const look of this.#moved) look();
  }

  #become(state: DoorState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const hear of this.#changed) hear(state);
  }

  async #fail(fault: Fault): Promise<void> {
    this.#end(fault);
    await this.#port.close();
  }

  #end(fault: Fault): void {
    if (this.#fault) return;
    this.#fault = fault;
    for (const detach of this.#detach ?? []) detach();
    this.#cancelBeat?.();
    this.#pending?.answer.reject(fault);
    for (const look of this.#moved) look();
    this.#become('unknown');
    this.#lost.resolve(fault);
  }
}

const hex2 = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

const name = (text = ''): string => text.slice(0, 64);

/** IDENT, major, minor, model, serial, firmware. */
function infoOf([, major, minor, model, serial, firmware]: readonly string[]): DeviceInfo {
  if (major !== '1') throw new Fault('device.protocol', 'protocol version is not spoken');
  return { model: name(model), serial: name(serial), firmware: name(firmware), protocol: `gate/1.${name(minor)}` };
}
