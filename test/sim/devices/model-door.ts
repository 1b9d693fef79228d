import type { Clock } from '../../../main/devices/clock.ts';

export type Place = 'CLOSED' | 'OPENING' | 'OPEN' | 'CLOSING' | 'BLOCKED';

/** A door with a motor: it takes its time, and stops where something stands in it. */
export class ModelDoor {
  place: Place = 'CLOSED';
  blocked = false;
  readonly #clock: Clock;
  readonly #travelMs: number;
  readonly #changed: (place: Place) => void;
  #cancelTravel: () => void = () => {};

  constructor(clock: Clock, travelMs: number, changed: (place: Place) => void) {
    this.#clock = clock;
    this.#travelMs = travelMs;
    this.#changed = changed;
  }

  move(to: 'OPEN' | 'CLOSED'): void {
    const moving = to === 'OPEN' ? 'OPENING' : 'CLOSING';
    if (this.place === to || this.place === moving) return;
    this.#become(moving);
    this.#cancelTravel();
    this.#cancelTravel = this.#clock.after(this.#travelMs, () => this.#become(this.blocked ? 'BLOCKED' : to));
  }

  /** The lock lets go and someone pushes: it is open, whatever it was doing. */
  force(): void {
    this.#cancelTravel();
    this.#become('OPEN');
  }

  #become(place: Place): void {
    this.place = place;
    this.#changed(place);
  }
}
