import type { Clock } from '../../../main/devices/clock.ts';
import { crc16Modbus, encodeModbus, type ModbusFraming } from '../../../main/devices/modbus-frames.ts';
import type { ModbusMap, Signal } from '../../../main/devices/modbus-gate.ts';
import { ModelDoor, type Place } from './model-door.ts';

/** What the modelled board is, and what hangs on its terminals. */
export interface ModbusBoardOptions {
  readonly clock: Clock;
  readonly map?: ModbusMap;
  readonly framing?: ModbusFraming;
  readonly unit?: number;
  readonly travelMs?: number;
  /** How long the pulse timer behind the dead man's output, or else the board's own watchdog, holds the door. */
  readonly holdMs?: number;
  /** From request to response. */
  readonly answerMs?: number;
}

const at = (address: number): Signal => ({ address, activeLow: false });
/** Every signal there is; the contact of a shut door and the release are wired so that a broken wire shows. */
export const fullMap: ModbusMap = {
  outputs: { door: at(0), green: at(1), red: at(2), buzzer: at(3), deadMan: at(4) },
  inputs: {
    closed: at(0),
    open: at(1),
    passage: at(2),
    before: at(3),
    inside: at(4),
    tailgating: at(5),
    released: { address: 6, activeLow: true },
  },
};
const coils = 32;
const pulseMs = 300;

/** A plain relay board that speaks Modbus, a door with contacts and beams behind it, and people who pass. */
export class ModbusBoardModel {
  onInput: (bytes: Uint8Array) => void = () => {};
  readonly #options: Required<ModbusBoardOptions>;
  readonly #door: ModelDoor;
  readonly #coils: boolean[] = Array.from({ length: coils }, () => false);
  readonly #lit = new Set<string>();
  #bytes: Uint8Array = new Uint8Array(0);
  #deafUntilMs = 0;
  #cancelHold: () => void = () => {};
  #held = false;
  #refusing = 0;
  #stuck: boolean | undefined;
  /** How often the door was set to opening. */
  openings = 0;

  constructor(options: ModbusBoardOptions) {
    this.#options = { map: fullMap, framing: 'rtu', unit: 1, travelMs: 900, holdMs: 2_000, answerMs: 5, ...options };
    this.#door = new ModelDoor(this.#options.clock, this.#options.travelMs, () => {});
  }

  get door(): Place {
    return this.#door.place;
  }

  /** Whether an output is switched on, as it is meant. */
  output(name: keyof ModbusMap['outputs']): boolean {
    const signal = this.#options.map.outputs[name];
    return signal !== undefined && this.#coils[signal.address] !== signal.activeLow;
  }

  passage(): void {
    if (this.#door.place === 'OPEN') this.#flash('passage');
  }

  tailgate(): void {
    if (this.#door.place !== 'CLOSED') this.#flash('tailgating');
  }

  /** What the beams show. */
  see(beams: { readonly before?: boolean; readonly inside?: boolean }): void {
    for (const [name, lit] of Object.entries(beams)) {
      if (lit) this.#lit.add(name);
      else this.#lit.delete(name);
    }
  }

  release(pulled: boolean): void {
    if (!pulled) {
      this.#lit.delete('released');
      return this.#drive();
    }
    this.#lit.add('released');
    this.#door.force();
  }

  /** Something stands in the door, or no more. */
  block(blocked: boolean): void {
    this.#door.blocked = blocked;
  }

  /** The contact of the shut door sticks as it is, or no more. */
  stick(stuck: boolean | undefined): void {
    this.#stuck = stuck;
  }

  /** Answers everything with an exception, or 0 for nothing. */
  refuse(exception: number): void {
    this.#refusing = exception;
  }

  sleep(delayMs: number): void {
    this.#deafUntilMs = this.#options.clock.nowMs() + delayMs;
  }

  receive(bytes: Uint8Array): void {
    const { clock, answerMs, framing } = this.#options;
    if (clock.nowMs() < this.#deafUntilMs) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]).subarray(-520);
    for (let request = this.#next(); request; request = this.#next()) {
      const { transaction, unit, pdu } = request;
      if (unit !== this.#options.unit) continue;
      this.#hold();
      const response = encodeModbus(framing, { transaction, unit, pdu: this.#obey(pdu) });
      clock.after(answerMs, () => {
        if (clock.nowMs() >= this.#deafUntilMs) this.onInput(response);
      });
    }
  }

  /** The next request in what has come: of five bytes of data, as all that are known here. */
  #next(): { transaction: number; unit: number; pdu: Uint8Array } | undefined {
    const serial = this.#options.framing === 'rtu';
    const frameBytes = serial ? 8 : 12;
    for (; this.#bytes.length >= frameBytes; this.#bytes = this.#bytes.subarray(1)) {
      const frame = this.#bytes.subarray(0, frameBytes);
      const sound = serial ? crc16Modbus(frame) === 0 : frame[2] === 0 && frame[3] === 0 && frame[5] === 6;
      if (!sound) continue;
      this.#bytes = this.#bytes.subarray(frameBytes);
      return serial
        ? { transaction: 0, unit: frame[0]!, pdu: frame.subarray(1, 6) }
        : { transaction: (frame[0]! << 8) | frame[1]!, unit: frame[6]!, pdu: frame.subarray(7) };
    }
    return undefined;
  }

  #obey(pdu: Uint8Array): Uint8Array {
    const fields = new DataView(pdu.buffer, pdu.byteOffset, pdu.length);
    const [code, address, value] = [fields.getUint8(0), fields.getUint16(1), fields.getUint16(3)];
    const refusal = (exception: number): Uint8Array => Uint8Array.of(code | 0x80, exception);
    if (this.#refusing > 0) return refusal(this.#refusing);
    if (code === 5) {
      if (address >= coils) return refusal(2);
      if (value !== 0 && value !== 0xff00) return refusal(3);
      this.#write(address, value !== 0);
      return pdu;
    }
    if (code !== 2) return refusal(1);
    if (value < 1 || value > 2000 || address + value > 64) return refusal(value < 1 || value > 2000 ? 3 : 2);
    const bits = new Uint8Array(Math.ceil(value / 8));
    for (let bit = 0; bit < value; bit++) if (this.#input(address + bit)) bits[bit >> 3]! |= 1 << (bit & 7);
    return Uint8Array.of(code, bits.length, ...bits);
  }

  #write(address: number, on: boolean): void {
    const { deadMan, door } = this.#options.map.outputs;
    const changed = this.#coils[address] !== on;
    this.#coils[address] = on;
    if (changed && address === deadMan?.address) this.#pulse();
    if (address === door.address) {
      if (changed && this.output('door')) this.openings++;
      if (!deadMan) this.#hold();
    }
    this.#drive();
  }

  /** Something was heard: a board with a watchdog of its own goes on. */
  #hold(): void {
    if (!this.#options.map.outputs.deadMan) this.#pulse();
  }

  #pulse(): void {
    this.#cancelHold();
    this.#held = true;
    this.#cancelHold = this.#options.clock.after(this.#options.holdMs, () => {
      this.#held = false;
      this.#drive();
    });
  }

  #drive(): void {
    if (!this.#lit.has('released')) this.#door.move(this.output('door') && this.#held ? 'OPEN' : 'CLOSED');
  }

  #flash(name: string): void {
    this.#lit.add(name);
    this.#options.clock.after(pulseMs, () => this.#lit.delete(name));
  }

  #input(address: number): boolean {
    const found = Object.entries(this.#options.map.inputs).find(([, signal]) => signal?.address === address);
    if (!found?.[1]) return false;
    const [name, { activeLow }] = found;
    const closed = this.#stuck ?? this.#door.place === 'CLOSED';
    const on = name === 'closed' ? closed : name === 'open' ? this.#door.place === 'OPEN' : this.#lit.has(name);
    return on !== activeLow;
  }
}
