import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../contract/fault.ts';
import type { BytePort } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { GateMovement } from './gate-movement.ts';
import type { Buzz, DoorState, Gate, GateSight, Opening } from './gate.ts';
import type { ModbusFraming } from './modbus-frames.ts';
import { ModbusLink } from './modbus-link.ts';
import type { DeviceInfo, OpenDevice, SelfTestResult } from './open-device.ts';
import { throwIfCancelled } from './wait.ts';

/** Times in milliseconds; docs/gate.md, section 9. */
export const modbusTimes = { answerMs: 300, gapMs: 4, pollMs: 100, pulseMs: 500, moveMs: 10_000 } as const;
/** Readings in a row that say that the door is shut and open at once, before a contact or its wire is held to be broken. */
const contradictions = 5;
/** How long the buzzer is on, off, on ...; an alarm ends by itself. */
const buzzMs: Readonly<Record<Buzz, readonly number[]>> = {
  once: [200],
  twice: [200, 200, 200],
  alarm: [10_000],
  off: [],
};

/** Where a signal is on a board. With `activeLow` it is meant when the coil or the input is off. */
export interface Signal {
  readonly address: number;
  readonly activeLow: boolean;
}

/** What the coils of a board switch. */
export const gateOutputs = ['door', 'green', 'red', 'buzzer', 'deadMan'] as const;
/** What its discrete inputs tell. */
export const gateInputs = ['closed', 'open', 'passage', 'before', 'inside', 'tailgating', 'released'] as const;
type Output = (typeof gateOutputs)[number];
type Input = (typeof gateInputs)[number];

/** Which signal is where; what is not there is left out. */
export interface ModbusMap {
  readonly outputs: { readonly door: Signal } & { readonly [K in Output]?: Signal | undefined };
  readonly inputs: { readonly closed: Signal; readonly passage: Signal } & {
    readonly [K in Input]?: Signal | undefined;
  };
}

/** How a gate is opened. */
export interface ModbusGateOptions {
  readonly map: ModbusMap;
  readonly framing: ModbusFraming;
  readonly unit: number;
  readonly model?: string | undefined;
  readonly clock?: Clock;
  readonly times?: Partial<Record<keyof typeof modbusTimes, number>>;
}

type Inputs = { readonly [K in Input]?: boolean };

/**
 * A gate behind a plain relay board that speaks Modbus (docs/gate.md, section 9). The board knows nothing of doors: what
 * shuts it on silence is the board's own watchdog, or a pulse timer behind the output `deadMan`.
 */
export class ModbusGate implements Gate, OpenDevice {
  readonly info: DeviceInfo;
  readonly counters: ModbusLink['counters'];
  readonly latencies: ModbusLink['latencies'];
  readonly lost: Promise<Fault>;
  readonly #link: ModbusLink;
  readonly #map: ModbusMap;
  readonly #clock: Clock;
  readonly #times: Record<keyof typeof modbusTimes, number>;
  readonly #movement: GateMovement;
  #inputs: Inputs = {};
  #state: DoorState = 'unknown';
  #contradicted = 0;
  /** Whether the door is to be held open. */
  #holding = false;
  #pulse = false;
  #cancelPulse: () => void = () => {};
  #cancelPoll: () => void = () => {};
  #cancelBuzz: () => void = () => {};

  private constructor(port: BytePort, options: ModbusGateOptions) {
    const { map, framing, unit, model = 'Modbus board', clock = systemClock, times } = options;
    this.#map = map;
    this.#clock = clock;
    this.#times = { ...modbusTimes, ...times };
    this.info = { model, serial: port.info.serial, firmware: '', protocol: `modbus-${framing}` };
    const { answerMs, gapMs, moveMs } = this.#times;
    this.#link = new ModbusLink(port, { clock, framing, unit, answerMs, gapMs });
    this.#movement = new GateMovement(() => this.#link, clock, moveMs);
    this.counters = this.#link.counters;
    this.latencies = this.#link.latencies;
    this.lost = this.#link.lost;
    void this.lost.then(() => this.#end());
  }

  /** Takes over an open port: shuts the door, shows red, and begins to look. The port is closed when the board does not answer. */
  static async open(port: BytePort, options: ModbusGateOptions): Promise<ModbusGate> {
    const gate = new ModbusGate(port, options);
    try {
      await gate.#shut();
      await gate.#switch('buzzer', false);
      await gate.#look();
      gate.#poll();
      return gate;
    } catch (error) {
      const fault = Fault.from(error, 'device.absent');
      await gate.#link.fail(fault);
      throw fault;
    }
  }

  get state(): DoorState {
    return this.#state;
  }

  get sight(): GateSight {
    const { before, inside, released } = this.#inputs;
    return {
      mode: released ? 'released' : 'normal',
      ...(before !== undefined && { before }),
      ...(inside !== undefined && { inside }),
    };
  }

  get seesTailgating(): boolean {
    return this.#map.inputs.tailgating !== undefined;
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
      if (this.sight.mode === 'released') throw new Fault('device.broken', 'the emergency release is pulled');
      this.#holding = true;
      await this.#switch('door', true);
      await this.#beat();
      await this.#until('open', either);
      await this.#switch('red', false);
      await this.#switch('green', true);
      throwIfCancelled(either);
      return 'opened';
    };
    return this.#movement.open(signal, work, () => this.#shut());
  }

  close(): Promise<void> {
    return this.#movement.inTurn(async () => {
      await this.#shut();
      await this.#until('closed');
    });
  }

  async buzz(pattern: Buzz): Promise<void> {
    this.#cancelBuzz();
    await this.#sound(buzzMs[pattern], true);
  }

  /** It is looked at all the time. */
  async check(): Promise<void> {}

  /** The door is not moved: a board that answers, with contacts that agree and no release, has passed. */
  async selfTest(): Promise<SelfTestResult> {
    if (this.#link.fault) throw this.#link.fault;
    const on = gateInputs.filter((input) => this.#inputs[input]);
    const agree = !(this.#inputs.closed && this.#inputs.open);
    return {
      passed: agree && this.sight.mode === 'normal',
      detail: `door ${this.#state}; inputs on: ${on.join(', ') || 'none'}`,
    };
  }

  async closePort(): Promise<void> {
    if (!this.#link.fault) await this.#shut().catch(() => {});
    await this.#link.fail(new Fault('device.absent', 'closed'));
  }

  async #switch(output: Output, on: boolean): Promise<void> {
    const signal = this.#map.outputs[output];
    if (signal) await this.#link.writeCoil(signal.address, on !== signal.activeLow);
  }

  /** The door first: what shows red can wait. */
  async #shut(): Promise<void> {
    this.#holding = false;
    this.#pulse = false;
    this.#cancelPulse();
    await this.#switch('door', false);
    await this.#switch('deadMan', false);
    await this.#switch('green', false);
    await this.#switch('red', true);
  }

  /** While the door is to stand open the dead man's output changes again and again: a pulse timer behind it holds the door. */
  async #beat(): Promise<void> {
    this.#pulse = !this.#pulse;
    await this.#switch('deadMan', this.#pulse);
    if (this.#holding) this.#cancelPulse = this.#clock.after(this.#times.pulseMs, () => this.#undertake(this.#beat()));
  }

  async #sound([onMs, ...rest]: readonly number[], on: boolean): Promise<void> {
    await this.#switch('buzzer', on && onMs !== undefined);
    if (onMs !== undefined) this.#cancelBuzz = this.#clock.after(onMs, () => this.#undertake(this.#sound(rest, !on)));
  }

  #poll(): void {
    if (this.#link.fault) return;
    this.#cancelPoll = this.#clock.after(this.#times.pollMs, () =>
      this.#undertake(this.#look().then(() => this.#poll())),
    );
  }

  /** Work that nobody waits for: where it fails the board is given up. */
  #undertake(work: Promise<void>): void {
    work.catch((error: unknown) => this.#link.fail(Fault.from(error)));
  }

  /** Reads all inputs at once and tells what has changed. */
  async #look(): Promise<void> {
    const signals = gateInputs.flatMap((input) => {
      const signal = this.#map.inputs[input];
      return signal ? [[input, signal] as const] : [];
    });
    const first = Math.min(...signals.map(([, { address }]) => address));
    const count = Math.max(...signals.map(([, { address }]) => address)) - first + 1;
    const read = await this.#link.readInputs(first, count);
    const inputs: Inputs = Object.fromEntries(
      signals.map(([input, { address, activeLow }]) => [input, read[address - first] !== activeLow]),
    );
    const before = this.#inputs;
    this.#inputs = inputs;
    this.#contradicted = inputs.closed && inputs.open ? this.#contradicted + 1 : 0;
    if (this.#contradicted >= contradictions)
      throw new Fault('device.broken', 'the door is shut and open at once: a contact or its wire is broken');
    const rose = (input: Input): boolean => inputs[input] === true && before[input] === false;
    if (rose('tailgating')) {
      this.counters.tailgates++;
      // The board does not close by itself: that is for whoever sees it.
      await this.#shut();
      this.#movement.tellTailgating();
    }
    if (rose('passage')) {
      this.counters.passages++;
      this.#movement.tellPassage();
    }
    const state = doorOf(inputs);
    const changed = state !== this.#state || !isDeepStrictEqual(before, inputs);
    this.#state = state;
    if (changed) this.#movement.tellChange(state);
    this.#movement.look();
  }

  #until(state: 'open' | 'closed', signal?: AbortSignal): Promise<void> {
    return this.#movement.until(`door not ${state}`, () => this.#state === state, signal);
  }

  #end(): void {
    this.#cancelPoll();
    this.#cancelPulse();
    this.#cancelBuzz();
    this.#state = 'unknown';
    this.#movement.look();
    this.#movement.tellChange('unknown');
  }
}

/** Without a contact of its own, a door that is not shut is open. */
function doorOf({ closed, open = !closed }: Inputs): DoorState {
  if (closed === open) return 'unknown';
  return closed ? 'closed' : 'open';
}
