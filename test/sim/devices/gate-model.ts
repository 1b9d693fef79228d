import type { Clock } from '../../../main/devices/clock.ts';
import { encodeGateLine, type GateLine, GateLineReader } from '../../../main/devices/gate-lines.ts';
import { ModelDoor, type Place } from './model-door.ts';

/** What the modelled gate is. */
export interface GateModelOptions {
  readonly clock: Clock;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  /** Of a board of version 1.1: what it has, parted by blanks, such as `BUZZER TAILGATING`. Without it the board is of 1.0. */
  readonly features?: string;
  /** How long a door takes to open or to close. */
  readonly travelMs?: number;
  /** Silence of the host after which the board closes the door by itself. */
  readonly failSafeMs?: number;
}

const hex4 = (count: number): string => count.toString(16).toUpperCase().padStart(4, '0');
const alarmMs = 10_000;

/** The board's side of docs/gate.md: bytes in, bytes out, doors, a light, a buzzer, beams, and people who pass. */
export class GateModel {
  onInput: (bytes: Uint8Array) => void = () => {};
  readonly #options: Required<Omit<GateModelOptions, 'features'>>;
  readonly #features: string | undefined;
  readonly #lines = new GateLineReader();
  readonly #door: ModelDoor;
  readonly #entry: ModelDoor;
  #light = 'RED';
  #buzzer = 'OFF';
  #last = '--';
  #passages = 0;
  #tailgates = 0;
  #beams = { before: false, inside: false, tailgating: false };
  #people = 0;
  #mode: 'NORMAL' | 'FAILSAFE' | 'RELEASED' = 'NORMAL';
  #resetting = false;
  #sequence = 0;
  #deafUntilMs = 0;
  #cancelFailSafe: () => void = () => {};
  #cancelAlarm: () => void = () => {};
  /** How often the door was set to opening: one OPEN, one opening. */
  openings = 0;
  failSafes = 0;
  /** How often both doors of a mantrap were off their locks at once, but for a release. */
  breaches = 0;

  constructor(options: GateModelOptions) {
    this.#features = options.features;
    this.#options = {
      model: 'Reference gate',
      serial: 'GB-0001',
      firmware: '1.0.0',
      travelMs: 900,
      failSafeMs: 2_000,
      ...options,
    };
    const { clock, travelMs } = this.#options;
    const changed = (): void => {
      if (this.#door.place !== 'OPEN') this.#light = 'RED';
      const bothFree = this.#door.place !== 'CLOSED' && this.#entry.place !== 'CLOSED';
      if (bothFree && this.#has('MANTRAP') && this.#mode !== 'RELEASED') this.breaches++;
      this.#tell('STATE', ...this.#state());
      if (this.#resetting && this.#doors.every(({ place }) => place === 'CLOSED')) this.#become('NORMAL');
    };
    this.#entry = new ModelDoor(clock, travelMs, changed);
    this.#door = new ModelDoor(clock, travelMs, (place) => {
      changed();
      // Nobody is left locked in by a board that closed because it heard nothing.
      if (place === 'CLOSED' && this.#mode === 'FAILSAFE' && this.#has('MANTRAP')) this.#entry.move('OPEN');
    });
  }

  get door(): Place {
    return this.#door.place;
  }

  /** The door of a mantrap by which one comes in. */
  get entry(): Place {
    return this.#entry.place;
  }

  get light(): string {
    return this.#light;
  }

  get buzzer(): string {
    return this.#buzzer;
  }

  /** Someone goes through. */
  passage(): void {
    if (this.#door.place !== 'OPEN') return;
    this.#passages = (this.#passages + 1) & 0xffff;
    this.#people = Math.max(0, this.#people - 1);
    this.#tell('PASS', ...this.#state());
  }

  /** Someone follows another through; the board closes on its own, as far as nobody stands in the door. */
  tailgate(): void {
    if (!this.#has('TAILGATING') || this.#door.place === 'CLOSED') return;
    this.#tailgates = (this.#tailgates + 1) & 0xffff;
    this.#light = 'RED';
    this.#tell('TAILGATE', ...this.#state());
    this.#door.move('CLOSED');
  }

  /** People and beams, as they stand now. */
  see({
    people = this.#people,
    ...beams
  }: {
    before?: boolean;
    inside?: boolean;
    tailgating?: boolean;
    people?: number;
  }): void {
    this.#people = people;
    this.#beams = { ...this.#beams, ...beams };
    if (this.#features !== undefined) this.#tell('SIGHT', ...this.#state());
  }

  /** The emergency release is pulled, or reset by hand: it is over when the doors are shut again. */
  release(pulled: boolean): void {
    this.#resetting = !pulled;
    if (pulled) this.#become('RELEASED');
    for (const door of this.#doors) {
      if (pulled) door.force();
      else door.move('CLOSED');
    }
  }

  /** Something stands in the door, or no more. */
  block(blocked: boolean): void {
    this.#door.blocked = blocked;
  }

  error(code: string): void {
    this.#tell('FAULT', code);
  }

  sleep(delayMs: number): void {
    this.#deafUntilMs = this.#options.clock.nowMs() + delayMs;
  }

  receive(bytes: Uint8Array): void {
    if (this.#deaf) return;
    for (const line of this.#lines.push(bytes)) {
      if (line.mark !== '$') continue;
      this.#watch();
      this.#send({ mark: '$', sequence: line.sequence, fields: this.#obey(line) });
    }
  }

  /** Does what a line says; gives the answer. */
  #obey({ sequence, fields: [verb, what = ''] }: GateLine): string[] {
    const { model, serial, firmware } = this.#options;
    const acknowledged = (): string[] => ['ACK', ...this.#state()];
    if (verb === 'IDENT') {
      const about = [model, serial, firmware, ...(this.#features === undefined ? [] : [this.#features])];
      return ['ACK', 'IDENT', '1', this.#features === undefined ? '0' : '1', ...about];
    }
    if (verb === 'LIGHT' && /^(RED|GREEN|OFF)$/.test(what)) {
      this.#light = what === 'GREEN' && this.#door.place !== 'OPEN' ? 'RED' : what;
      return acknowledged();
    }
    if (verb === 'OPEN' || verb === 'CLOSE') {
      const number = sequence.toString(16).toUpperCase().padStart(2, '0');
      if (number === this.#last) return acknowledged();
      const refusal = verb === 'OPEN' ? this.#refusal() : undefined;
      if (refusal) return ['NAK', refusal];
      this.#last = number;
      if (this.#mode === 'FAILSAFE') this.#mode = 'NORMAL';
      if (verb === 'OPEN') this.openings++;
      if (this.#mode !== 'RELEASED') this.#door.move(verb === 'OPEN' ? 'OPEN' : 'CLOSED');
      return acknowledged();
    }
    if (verb === 'ENTRY' && this.#has('MANTRAP') && /^(OPEN|CLOSE)$/.test(what)) {
      if (this.#mode === 'RELEASED') return ['NAK', 'RELEASED'];
      if (what === 'OPEN' && this.#door.place !== 'CLOSED') return ['NAK', 'INTERLOCK'];
      this.#entry.move(what === 'OPEN' ? 'OPEN' : 'CLOSED');
      return acknowledged();
    }
    if (verb === 'BUZZ' && this.#has('BUZZER') && /^(OFF|ONCE|TWICE|ALARM)$/.test(what)) {
      this.#sound(what);
      return acknowledged();
    }
    return verb === 'STATE' || verb === 'BEAT' ? acknowledged() : ['NAK', 'VERB'];
  }

  /** Why the door may not open now. */
  #refusal(): string | undefined {
    if (this.#mode === 'RELEASED') return 'RELEASED';
    if (!this.#has('MANTRAP')) return undefined;
    if (this.#entry.place !== 'CLOSED') return 'INTERLOCK';
    return this.#people === 1 ? undefined : 'PEOPLE';
  }

  get #doors(): ModelDoor[] {
    return this.#has('MANTRAP') ? [this.#door, this.#entry] : [this.#door];
  }

  #become(mode: 'NORMAL' | 'FAILSAFE' | 'RELEASED'): void {
    this.#mode = mode;
    if (mode === 'NORMAL') this.#resetting = false;
    if (this.#features !== undefined) this.#tell('MODE', ...this.#state());
  }

  #sound(pattern: string): void {
    this.#cancelAlarm();
    this.#buzzer = pattern;
    if (pattern === 'ALARM') this.#cancelAlarm = this.#options.clock.after(alarmMs, () => (this.#buzzer = 'OFF'));
  }

  /** The host has been heard; from now on it must not fall silent while the door is not closed. */
  #watch(): void {
    this.#cancelFailSafe();
    this.#cancelFailSafe = this.#options.clock.after(this.#options.failSafeMs, () => {
      const shut = this.#door.place === 'CLOSED' || this.#door.place === 'CLOSING';
      if (this.#mode === 'RELEASED' || (shut && !this.#has('MANTRAP'))) return;
      this.#mode = 'FAILSAFE';
      if (shut) return void (this.#door.place === 'CLOSED' && this.#entry.move('OPEN'));
      this.failSafes++;
      this.#door.move('CLOSED');
    });
  }

  #state(): string[] {
    const state = [this.#door.place, this.#light, this.#last, hex4(this.#passages)];
    if (this.#features === undefined) return state;
    const { before, inside, tailgating } = this.#beams;
    const beams = [before && 'B', inside && 'I', tailgating && 'T'].filter(Boolean).join('');
    return [
      ...state,
      this.#has('MANTRAP') ? this.#entry.place : '-',
      this.#has('PRESENCE') || this.#has('TAILGATING') ? beams || '-' : '-',
      this.#has('PEOPLE') ? String(Math.min(9, this.#people)) : '-',
      hex4(this.#tailgates),
      this.#mode,
    ];
  }

  #has(feature: string): boolean {
    return (this.#features ?? '').split(' ').includes(feature);
  }

  #tell(...fields: string[]): void {
    this.#send({ mark: '!', sequence: this.#sequence, fields });
    this.#sequence = (this.#sequence + 1) & 0xff;
  }

  #send(line: GateLine): void {
    if (!this.#deaf) this.onInput(encodeGateLine(line));
  }

  get #deaf(): boolean {
    return this.#options.clock.nowMs() < this.#deafUntilMs;
  }
}
