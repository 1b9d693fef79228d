import type { DeviceView } from '../contract/technician.ts';
import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import type { OpenDevice } from './open-device.ts';
import { cancellable, pause } from './wait.ts';

/** Where devices of a kind are found and opened; the slot knows no bus. */
export interface Finder<D extends OpenDevice> {
  /** Opens the device that fills the role; undefined when none is there. Tells when one is. May fail with any Fault. */
  open(signal: AbortSignal, found: () => void): Promise<D | undefined>;
  /** Called when a device has come or gone. */
  onChange(hear: () => void): () => void;
}

/** What a slot needs to be told. */
export interface SlotOptions<D extends OpenDevice> {
  readonly role: string;
  readonly finder: Finder<D>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (event: string, fields: Readonly<Record<string, string | number>>) => void;
  readonly changed: () => void;
}

const backOffLeastMs = 250;
const backOffMostMs = 8_000;
/** An opening that takes longer than this is given up; the driver's own time-outs come first. */
const openingMs = 30_000;
/** A device that has held this long had a true start: its next loss begins with the short back-off again. */
const steadyMs = 10_000;
/** How often an idle device is asked for a sign of life. */
const checkMs = 10_000;

type State = DeviceView['state'];

/** One role and the device that fills it: absent, opening, ready, busy or at fault, for as long as the kiosk runs. */
export class DeviceSlot<D extends OpenDevice> {
  readonly #options: SlotOptions<D>;
  readonly #ending = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #run: Promise<void>;
  /** Fires when anything was plugged in or out since the role was last looked at. */
  #plugged = new AbortController();
  #state: State = 'absent';
  #fault = '';
  #device: D | undefined;
  #info = { model: '', serial: '', firmware: '' };
  #counters: Readonly<Record<string, number>> = {};
  #opened = 0;
  #lost = 0;

  constructor(options: SlotOptions<D>) {
    this.#options = options;
    this.#run = this.#keep();
  }

  /** The device as soon as it is ready; `capture.cancelled` when the signal fires first, or the slot is closed. */
  async device(signal: AbortSignal): Promise<D> {
    for (;;) {
      if (signal.aborted || this.#ending.signal.aborted) throw new Fault('capture.cancelled');
      if (this.#device) return this.#device;
      const changed = Promise.withResolvers<void>();
      this.#waiting.add(changed.resolve);
      try {
        await cancellable(changed.promise, signal);
      } finally {
        this.#waiting.delete(changed.resolve);
      }
    }
  }

  /** The device while it is open. */
  get now(): D | undefined {
    return this.#device;
  }

  view(): DeviceView {
    const { model, serial, firmware } = this.#info;
    return {
      role: this.#options.role.slice(0, 32),
      model: model.slice(0, 64),
      serial: serial.slice(0, 64),
      firmware: firmware.slice(0, 32),
      state: this.#state,
      fault: this.#fault,
      counters: { ...this.#counters, opened: this.#opened, lost: this.#lost },
    };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#wake();
    await this.#device?.closePort();
    await this.#run;
  }

  async #keep(): Promise<void> {
    const { clock, finder, random } = this.#options;
    const { signal } = this.#ending;
    let delayMs = backOffLeastMs;
    const stopWatching = finder.onChange(() => this.#plugged.abort());
    while (!signal.aborted) {
      const openedAtMs = clock.nowMs();
      this.#plugged = new AbortController();
      const fault = await this.#fill(signal);
      if (signal.aborted) break;
      if (clock.nowMs() - openedAtMs > steadyMs) delayMs = backOffLeastMs;
      const absent = fault.code === 'device.absent';
      this.#become(absent ? 'absent' : 'fault', fault.code);
      const jittered = delayMs * (0.5 + random() / 2);
      // An empty place is looked at again when something is plugged in; a device at fault is left alone for a while.
      const woken = await this.#rest(jittered, absent ? AbortSignal.any([signal, this.#plugged.signal]) : signal);
      delayMs = woken ? backOffLeastMs : Math.min(backOffMostMs, delayMs * 2);
    }
    stopWatching();
    this.#become('absent', '');
  }

  /** Opens and holds the device until it is lost; gives why. */
  async #fill(signal: AbortSignal): Promise<Fault> {
    const { clock, finder, role, log } = this.#options;
    let device: D | undefined;
    try {
      const giveUp = new AbortController();
      const late = clock.after(openingMs, () => giveUp.abort());
      const opening = finder.open(AbortSignal.any([signal, giveUp.signal]), () => this.#become('opening', this.#fault));
      // A device that opens after it was given up is closed at once, or its port would stay taken.
      const abandoned = (): boolean => signal.aborted || giveUp.signal.aborted;
      opening.then((opened) => (abandoned() ? opened?.closePort() : undefined)).catch(() => {});
      try {
        device = await cancellable(opening, AbortSignal.any([signal, giveUp.signal]));
      } catch (error) {
        const fault = Fault.from(error, 'device.absent');
        return fault.code === 'capture.cancelled' ? new Fault('device.timeout', 'opening took too long') : fault;
      } finally {
        late();
      }
      if (!device) return new Fault('device.absent');
      this.#opened++;
      this.#info = device.info;
      this.#counters = device.counters;
      this.#device = device;
      device.onBusy((busy) => {
        if (this.#device === device) this.#become(busy ? 'busy' : 'ready', '');
      });
      this.#become('ready', '');
      log('device.ready', { role, model: device.info.model, serial: device.info.serial });
      const fault = await this.#hold(device);
      this.#lost++;
      log('device.lost', { role, fault: fault.code });
      return fault;
    } finally {
      this.#device = undefined;
      await device?.closePort();
    }
  }

  /** Until the device is lost: asks it now and then, while nobody uses it, whether it is still there. */
  async #hold(device: D): Promise<Fault> {
    let cancelCheck: (() => void) | undefined;
    const checkLater = (): void => {
      cancelCheck = this.#options.clock.after(checkMs, () => {
        const checked = this.#state === 'ready' ? device.check() : Promise.resolve();
        void checked.then(() => this.#device === device && checkLater());
      });
    };
    checkLater();
    try {
      return await device.lost;
    } finally {
      cancelCheck?.();
    }
  }

  /** True when the signal ended it. */
  async #rest(delayMs: number, signal: AbortSignal): Promise<boolean> {
    try {
      await pause(this.#options.clock, delayMs, signal);
      return false;
    } catch {
      return true;
    }
  }

  #become(state: State, fault: string): void {
    if (state === this.#state && fault === this.#fault) return;
    this.#state = state;
    this.#fault = fault;
    this.#wake();
    this.#options.changed();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
