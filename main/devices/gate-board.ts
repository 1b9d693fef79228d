import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { GateLink } from './gate-link.ts';
import { GateMovement } from './gate-movement.ts';
import { boardIdentity, type BoardState, boardState, type GateFeature, stepsOf } from './gate-state.ts';
import type { Buzz, DoorState, Gate, GateSight, Opening } from './gate.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';

/** Times in milliseconds; docs/gate.md, section 5. */
export const gateTimes = { answerMs: 300, beatMs: 500, moveMs: 10_000 } as const;
const openAttempts = 3;

/** How a gate is opened; all of it may be left out. */
export interface GateOptions {
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof gateTimes, number>>;
  readonly random?: () => number;
}

/** A gate board on a serial line or TCP (docs/gate.md). */
export class GateBoard implements Gate, OpenDevice {
  readonly counters: GateLink['counters'];
  readonly latencies: GateLink['latencies'];
  readonly lost: Promise<Fault>;
  readonly #link: GateLink;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof gateTimes, number>;
  readonly #movement: GateMovement;
  #info: DeviceInfo = { model: '', serial: '', firmware: '', protocol: '' };
  #features: readonly GateFeature[] = [];
  #board: BoardState | undefined;
  #state: DoorState = 'unknown';
  #cancelBeat: (() => void) | undefined;

  private constructor(port: BytePort, options: GateOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#times = { ...gateTimes, ...options.times };
    this.#movement = new GateMovement(() => this.#link, this.#clock, this.#times.moveMs);
    this.#link = new GateLink(port, {
      clock: this.#clock,
      answerMs: this.#times.answerMs,
      firstSequence: Math.floor((options.random ?? Math.random)() * 256),
      hear: (fields) => this.#hear(fields),
    });
    this.counters = this.#link.counters;
    this.latencies = this.#link.latencies;
    this.lost = this.#link.lost;
  }

  /** Takes over an open port, asks who is there, closes the door and starts the heartbeat. */
  static async open(port: BytePort, options: GateOptions = {}): Promise<GateBoard> {
    const gate = new GateBoard(port, options);
    try {
      const { info, features } = boardIdentity(await gate.#link.askAgain(['IDENT']));
      gate.#info = info;
      gate.#features = features;
      if (features.includes('mantrap') && !features.includes('people'))
        throw new Fault('device.protocol', 'a mantrap that does not count people');
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

  get sight(): GateSight {
    return this.#board?.sight ?? { mode: 'normal' };
  }

  get seesTailgating(): boolean {
    return this.#features.includes('tailgating');
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#movement.onBusy(hear);
  }

  onChange(hear: (state: DoorState) => void): () => void {
    return this.#movement.onChange(hear);
  }

  onPassage(hear: () => void): () => void {
    return this.#movement.onPassage(hear);
  }

  onTailgating(hear: () => void): () => void {
    return this.#movement.onTailgating(hear);
  }

  open({ signal }: { readonly signal: AbortSignal }): Promise<Opening> {
    const work = async (either: AbortSignal): Promise<Opening> => {
      if (this.#mantrap) await this.#closeEntry(either);
      // The board sees to it too; a border has two locks.
      if (this.#mantrap && this.sight.people !== 1) return 'not-alone';
      if (!(await this.#openOnce(either))) return 'not-alone';
      await this.#until('door', 'OPEN', either);
      await this.#link.askAgain(['LIGHT', 'GREEN'], either);
      return 'opened';
    };
    return this.#movement.open(signal, work, () => this.#shut());
  }

  close(): Promise<void> {
    return this.#movement.inTurn(async () => {
      await this.#shut();
      await this.#until('door', 'CLOSED');
    });
  }

  async buzz(pattern: Buzz): Promise<void> {
    if (this.#features.includes('buzzer')) await this.#link.askAgain(['BUZZ', pattern.toUpperCase()]);
  }

  /** The heartbeat sees to it already. */
  async check(): Promise<void> {}

  /** The door is not moved: a board that answers, whose doors are not blocked and not released, has passed. */
  async selfTest(signal: AbortSignal): Promise<SelfTestResult> {
    await this.#link.askAgain(['STATE'], signal);
    const { door = '', entry = '', sight } = this.#board ?? {};
    const detail = [`door ${door}`, entry && `entry ${entry}`, sight?.mode, ...this.#features].filter(Boolean);
    return {
      passed: door !== 'BLOCKED' && entry !== 'BLOCKED' && sight?.mode !== 'released',
      detail: detail.join(', ').toLowerCase(),
    };
  }

  closePort(): Promise<void> {
    return this.#link.fail(new Fault('device.absent', 'closed'));
  }

  /**
   * OPEN is never sent again blindly: a second one might let a second person in. When its answer is lost the board is
   * asked which command it carried out last. False when not exactly one person is in the passage.
   */
  async #openOnce(signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      let sent = -1;
      try {
        const answer = await this.#link.ask(['OPEN'], signal, (sequence) => (sent = sequence));
        if (answer[0] !== 'NAK') return true;
        if (answer[1] === 'PEOPLE') return false;
        throw new Fault('device.broken', `the door may not open: ${answer[1]?.toLowerCase()}`);
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'device.timeout') throw fault;
        await this.#link.askAgain(['STATE'], signal);
        if (this.#board && Number.parseInt(this.#board.last, 16) === sent) return true;
        if (attempt === openAttempts) throw fault;
      }
    }
  }

  async #shut(): Promise<void> {
    await this.#link.askAgain(['LIGHT', 'RED']);
    await this.#link.askAgain(['CLOSE']);
  }

  /** Closes the door of a mantrap by which one comes in. */
  async #closeEntry(signal: AbortSignal): Promise<void> {
    const answer = await this.#link.askAgain(['ENTRY', 'CLOSE'], signal);
    if (answer[0] === 'NAK') throw new Fault('device.broken', `the entry may not close: ${answer[1]?.toLowerCase()}`);
    await this.#until('entry', 'CLOSED', signal);
  }

  /** Waits until the board says that a door stands so. */
  #until(which: 'door' | 'entry', place: 'OPEN' | 'CLOSED', signal?: AbortSignal): Promise<void> {
    const there = (): boolean => {
      if (this.#board?.[which] === 'BLOCKED') throw new Fault('device.broken', `the ${which} is blocked`);
      return this.#board?.[which] === place;
    };
    return this.#movement.until(`${which} not ${place}`, there, signal);
  }

  #beat(): void {
    if (this.#link.fault) return;
    this.#cancelBeat = this.#clock.after(this.#times.beatMs, () => {
      this.#link.askAgain(this.#sign()).then(
        () => this.#beat(),
        (error: unknown) => this.#link.fail(Fault.from(error)),
      );
    });
  }

  /**
   * The sign of life. Nobody is left locked in a mantrap: while the door is shut and nothing is being moved the entry stands
   * open.
   */
  #sign(): readonly string[] {
    const shutIn =
      this.#mantrap && !this.#movement.moving && this.#board?.door === 'CLOSED' && this.#board.entry === 'CLOSED';
    return shutIn ? ['ENTRY', 'OPEN'] : ['BEAT'];
  }

  get #mantrap(): boolean {
    return this.#features.includes('mantrap');
  }

  /** An event only hastens what the next answer says anyway; one that is lost or comes twice changes nothing. */
  #hear([kind, ...rest]: readonly string[]): void {
    if (/^(STATE|PASS|SIGHT|TAILGATE|MODE)$/.test(kind ?? '')) this.#takeState(rest);
    else if (kind === 'FAULT') void this.#link.fail(new Fault('device.broken', 'the board says it cannot work'));
    else if (kind === 'LOST') {
      this.#cancelBeat?.();
      this.#movement.look();
      this.#become('unknown');
    }
  }

  /** A board that says less than it must is not believed. */
  #takeState(fields: readonly string[]): void {
    const board = boardState(fields, this.#features);
    if (!board) {
      void this.#link.fail(new Fault('device.protocol', 'board state not understood'));
      return;
    }
    const doorsFree = board.door !== 'CLOSED' && board.entry !== 'CLOSED' && board.entry !== '';
    if (doorsFree && board.sight.mode !== 'released') {
      void this.#link.fail(new Fault('device.broken', 'both doors of the mantrap are off their locks'));
      return;
    }
    const before = this.#board;
    this.#board = board;
    const seen = !isDeepStrictEqual(before?.sight, board.sight);
    if (board.sight.mode === 'fail-safe' && before?.sight.mode !== 'fail-safe') this.counters.failSafes++;
    // Who followed is told first: the door that is then shut is the consequence.
    this.#tellTimes(stepsOf(before?.tailgates, board.tailgates), 'tailgates', () => this.#movement.tellTailgating());
    this.#become(board.door === 'OPEN' ? 'open' : board.door === 'CLOSED' ? 'closed' : 'unknown', seen);
    this.#tellTimes(stepsOf(before?.passages, board.passages), 'passages', () => this.#movement.tellPassage());
    this.#movement.look();
  }

  #tellTimes(times: number, counter: 'tailgates' | 'passages', tell: () => void): void {
    for (let person = 0; person < times; person++) {
      this.counters[counter]++;
      tell();
    }
  }

  #become(state: DoorState, seen = false): void {
    if (state === this.#state && !seen) return;
    this.#state = state;
    this.#movement.tellChange(state);
  }
}
