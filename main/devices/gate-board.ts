import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { GateLink } from './gate-link.ts';
import type { DoorState, Gate } from './gate.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, throwIfCancelled, within } from './wait.ts';

/** Times in milliseconds; docs/gate.md, section 5. */
export const gateTimes = { answerMs: 300, beatMs: 500, moveMs: 10_000 } as const;
const openAttempts = 3;

/** What the board says of itself in every answer (docs/gate.md, section 3). */
interface BoardState {
  readonly door: string;
  /** Sequence of the last OPEN or CLOSE that was carried out, as two hexadecimal digits. */
  readonly last: string;
  readonly passages: number;
}

/** How a gate is opened; all of it may be left out. */
export interface GateOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof gateTimes, number>>;
  readonly random?: () => number;
}

/** A gate board on a serial line (docs/gate.md). */
export class GateBoard implements Gate, OpenDevice {
  readonly counters: GateLink['counters'];
  readonly lost: Promise<Fault>;
  readonly #link: GateLink;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof gateTimes, number>;
  readonly #changed = new Set<(state: DoorState) => void>();
  readonly #passed = new Set<() => void>();
  readonly #moved = new Set<() => void>();
  readonly #moves = new TurnQueue();
  #info: DeviceInfo = { model: '', serial: '', firmware: '', protocol: '' };
  #board: BoardState | undefined;
  #state: DoorState = 'unknown';
  #cancelBeat: (() => void) | undefined;
  #tellBusy: ((busy: boolean) => void) | undefined;

  private constructor(port: BytePort, options: GateOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#times = { ...gateTimes, ...options.times };
    this.#link = new GateLink(port, {
      clock: this.#clock,
      answerMs: this.#times.answerMs,
      firstSequence: Math.floor((options.random ?? Math.random)() * 256),
      hear: (fields) => this.#hear(fields),
    });
    this.counters = this.#link.counters;
    this.lost = this.#link.lost;
  }

  /** Takes over an open port, asks who is there, closes the door and starts the heartbeat. */
  static async open(port: BytePort, options: GateOptions = {}): Promise<GateBoard> {
    const gate = new GateBoard(port, options);
    try {
      gate.#info = infoOf(await gate.#link.askAgain(['IDENT']));
      await gate.#shut();
      gate.#beat();
      return gate;
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await gate.#link.fail(fault);
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
        await this.#link.askAgain(['LIGHT', 'GREEN'], signal);
      } catch (error) {
        // Whatever went wrong, nobody may find the door open.
        await this.#shut().catch((fault: unknown) => this.#link.fail(Fault.from(fault)));
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

  /** The heartbeat sees to it already. */
  async check(): Promise<void> {}

  /** The door is not moved: a board that answers and whose door is not blocked has passed. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    await this.#link.askAgain(['STATE'], signal);
    const door = this.#board?.door ?? '';
    return { passed: door !== 'BLOCKED', detail: `door ${door.toLowerCase()}` };
  }

  closePort(): Promise<void> {
    return this.#link.fail(new Fault('device.absent', 'closed'));
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
      let sent = -1;
      try {
        await this.#link.ask(['OPEN'], signal, (sequence) => (sent = sequence));
        return;
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout') throw fault;
        await this.#link.askAgain(['STATE'], signal);
        if (this.#board && Number.parseInt(this.#board.last, 16) === sent) return;
        if (attempt === openAttempts) throw fault;
      }
    }
  }

  async #shut(): Promise<void> {
    await this.#link.askAgain(['LIGHT', 'RED']);
    await this.#link.askAgain(['CLOSE']);
  }

  /** Waits until the board says that the door stands so. */
  async #until(door: 'OPEN' | 'CLOSED', signal?: AbortSignal): Promise<void> {
    const there = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#link.fault) there.reject(this.#link.fault);
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

  #beat(): void {
    if (this.#link.fault) return;
    this.#cancelBeat = this.#clock.after(this.#times.beatMs, () => {
      this.#link.askAgain(['BEAT']).then(
        () => this.#beat(),
        (error: unknown) => this.#link.fail(Fault.from(error)),
      );
    });
  }

  /** An event only hastens what the next answer says anyway; one that is lost or comes twice changes nothing. */
  #hear([kind, ...rest]: readonly string[]): void {
    if (kind === 'STATE' || kind === 'PASS') this.#takeState(rest);
    else if (kind === 'FAULT') void this.#link.fail(new Fault('device.broken', 'the board says it cannot work'));
    else if (kind === 'LOST') {
      this.#cancelBeat?.();
      for (const look of this.#moved) look();
      this.#become('unknown');
    }
  }

  /** Door, light, last command, passages. A board that says less than that is not believed. */
  #takeState([door = '', , last = '', passages = '']: readonly string[]): void {
    if (!/^(CLOSED|OPENING|OPEN|CLOSING|BLOCKED)$/.test(door) || !/^[0-9A-F]{4}$/.test(passages)) {
      void this.#link.fail(new Fault('device.protocol', 'board state not understood'));
      return;
    }
    const count = Number.parseInt(passages, 16);
    const step = this.#board ? (count - this.#board.passages) & 0xffff : 0;
    this.#board = { door, last, passages: count };
    this.#become(door === 'OPEN' ? 'open' : door === 'CLOSED' ? 'closed' : 'unknown');
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
}

const name = (text = ''): string => text.slice(0, 64);

/** IDENT, major, minor, model, serial, firmware. */
function infoOf([, major, minor, model, serial, firmware]: readonly string[]): DeviceInfo {
  if (major !== '1') throw new Fault('device.protocol', 'protocol version is not spoken');
  return { model: name(model), serial: name(serial), firmware: name(firmware), protocol: `gate/1.${name(minor)}` };
}
