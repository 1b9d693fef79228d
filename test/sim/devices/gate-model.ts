import type { Clock } from '../../../main/devices/clock.ts';
import { encodeGateLine, type GateLine, GateLineReader } from '../../../main/devices/gate-lines.ts';

/** What the modelled gate is. */
export interface GateModelOptions {
  readonly clock: Clock;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  /** How long the door takes to open or to close. */
  readonly travelMs?: number;
  /** Silence of the host after which the board closes the door by itself. */
  readonly failSafeMs?: number;
}

type Door = 'CLOSED' | 'OPENING' | 'OPEN' | 'CLOSING' | 'BLOCKED';

/** The board's side of docs/gate.md: bytes in, bytes out, a door, a light and people who pass. */
export class GateModel {
  onInput: (bytes: Uint8Array) => void = () => {};
  readonly #options: Required<GateModelOptions>;
  readonly #lines = new GateLineReader();
  #door: Door = 'CLOSED';
  #light = 'RED';
  #last = '--';
  #passages = 0;
  #sequence = 0;
  #deafUntilMs = 0;
  #blocked = false;
  #cancelTravel: () => void = () => {};
  #cancelFailSafe: () => void = () => {};
  /** How often the door was set to opening: one OPEN, one opening. */
  openings = 0;
  failSafes = 0;

  constructor(options: GateModelOptions) {
    this.#options = {
      model: 'Reference gate',
      serial: 'GB-0001',
      firmware: '1.0.0',
      travelMs: 900,
      failSafeMs: 2_000,
      ...options,
    };
  }

  get door(): Door {
    return this.#door;
  }

  get light(): string {
    return this.#light;
  }

  /** Someone goes through. */
  passage(): void {
    if (this.#door !== 'OPEN') return;
    this.#passages = (this.#passages + 1) & 0xffff;
    this.#tell('PASS', ...this.#state());
  }

  /** Something stands in the door, or no more. */
  block(blocked: boolean): void {
    this.#blocked = blocked;
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
      this.#obey(line);
    }
  }

  #obey({ sequence, fields }: GateLine): void {
    const [verb, ...rest] = fields;
    const answer = (...body: string[]): void => this.#send({ mark: '$', sequence, fields: body });
    const { model, serial, firmware } = this.#options;
    if (verb === 'IDENT') return answer('ACK', 'IDENT', '1', '0', model, serial, firmware);
    if (verb === 'LIGHT' && /^(RED|GREEN|OFF)$/.test(rest[0] ?? '')) {
      this.#light = rest[0] === 'GREEN' && this.#door !== 'OPEN' ? 'RED' : rest[0]!;
    } else if (verb === 'OPEN' || verb === 'CLOSE') {
      const number = sequence.toString(16).toUpperCase().padStart(2, '0');
      if (number === this.#last) return answer('ACK', ...this.#state());
      this.#last = number;
      if (verb === 'OPEN') this.openings++;
      this.#move(verb === 'OPEN' ? 'OPEN' : 'CLOSED');
    } else if (verb !== 'STATE' && verb !== 'BEAT') return answer('NAK', 'VERB');
    answer('ACK', ...this.#state());
  }

  #move(to: 'OPEN' | 'CLOSED'): void {
    if (this.#door === to) return;
    this.#become(to === 'OPEN' ? 'OPENING' : 'CLOSING');
    this.#cancelTravel();
    this.#cancelTravel = this.#options.clock.after(this.#options.travelMs, () =>
      this.#become(this.#blocked ? 'BLOCKED' : to),
    );
  }

  #become(door: Door): void {
    this.#door = door;
    if (door !== 'OPEN') this.#light = 'RED';
    this.#tell('STATE', ...this.#state());
  }

  /** The host has been heard; from now on it must not fall silent while the door is not closed. */
  #watch(): void {
    this.#cancelFailSafe();
    this.#cancelFailSafe = this.#options.clock.after(this.#options.failSafeMs, () => {
      if (this.#door === 'CLOSED' || this.#door === 'CLOSING') return;
      this.failSafes++;
      this.#move('CLOSED');
    });
  }

  #state(): string[] {
    return [this.#door, this.#light, this.#last, this.#passages.toString(16).toUpperCase().padStart(4, '0')];
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
