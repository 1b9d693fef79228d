import type { DeviceHealth, DeviceView } from '../contract/technician.ts';
import { Fault } from '../contract/fault.ts';
import { calibrationWarning } from './calibration.ts';
import type { Clock } from './clock.ts';
import type { Device, OpenDevice } from './open-device.ts';
import { firstSlotState, type SlotEvent, type SlotState, step } from './slot-step.ts';
import { cancellable } from './wait.ts';

/** Where devices of a kind are found and opened; the slot knows no bus. */
export interface Finder<D extends OpenDevice> {
  /** Opens the device that fills the role; undefined when none is there. Tells when one is. May fail with any Fault. */
  open(signal: AbortSignal, found: () => void): Promise<D | undefined>;
  /** Called when a device has come or gone. */
  onChange(hear: () => void): () => void;
  /** Gives devices that were taken out another chance. */
  pardon?(): void;
}

/** What a slot needs to be told. */
export interface SlotOptions<D extends OpenDevice> {
  readonly role: string;
  readonly finder: Finder<D>;
  readonly clock: Clock;
  /** Milliseconds since 1970, for what people are told of times. */
  readonly wallMs: () => number;
  readonly random: () => number;
  /** Days from one calibration to the next, where that is watched. */
  readonly calibrationDays?: number | undefined;
  readonly log: (event: string, fields: Readonly<Record<string, string | number>>) => void;
  readonly changed: () => void;
}

/** An opening that takes longer than this is given up; the driver's own time-outs come first. */
const openingMs = 30_000;
/** How often an idle device is asked for a sign of life. */
const checkMs = 10_000;

const nobody: Device = { info: { model: '', serial: '', firmware: '', protocol: '' }, counters: {} };

/** One role and the device that fills it, for as long as the kiosk runs; what happens when stands in `slot-step.ts`. */
export class DeviceSlot<D extends OpenDevice> {
  readonly #options: SlotOptions<D>;
  readonly #ending = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #stopWatching: () => void;
  #state: SlotState;
  #cancelPause: () => void = () => {};
  #run: Promise<void> = Promise.resolve();
  #device: D | undefined;
  /** The device that was open last: its counters are shown when it is gone. */
  #known: Device = nobody;
  /** When it came to be as it is, and when the last fault was, as people tell time. */
  #sinceWallMs: number;
  #faultWallMs = 0;

  constructor(options: SlotOptions<D>) {
    this.#options = options;
    this.#state = firstSlotState(options.clock.nowMs());
    this.#sinceWallMs = options.wallMs();
    this.#stopWatching = options.finder.onChange(() => this.#happen({ type: 'plugged' }));
    this.#look();
  }

  /** The device as soon as it is ready; `capture.cancelled` when the signal fires first, or the slot is closed. */
  device(signal: AbortSignal): Promise<D> {
    return this.#until(() => this.#device, signal);
  }

  /** The device, opened now where that is possible, also one that was taken out. Undefined when it is not there. */
  async ask(signal: AbortSignal): Promise<D | undefined> {
    this.#options.finder.pardon?.();
    this.#happen({ type: 'asked' });
    await this.#until(() => (/^(looking|opening)$/.test(this.#state.stage) ? undefined : true), signal);
    return this.#device;
  }

  /** The device while it is open. */
  get now(): D | undefined {
    return this.#device;
  }

  view(): DeviceView {
    const { info, counters } = this.#known;
    const { shown, fault, opened, lost, failed, retried } = this.#state;
    return {
      role: this.#options.role.slice(0, 32),
      model: info.model.slice(0, 64),
      serial: info.serial.slice(0, 64),
      firmware: info.firmware.slice(0, 32),
      state: shown,
      fault,
      counters: { ...counters, opened, lost, failed, retried },
      health: this.#health(),
    };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#happen({ type: 'closed' });
    this.#stopWatching();
    this.#cancelPause();
    await this.#device?.closePort();
    await this.#run;
  }

  #health(): DeviceHealth {
    const { wallMs, calibrationDays } = this.#options;
    const { latencies, calibratedOn = '', info } = this.#known;
    const warning = info.model === '' ? undefined : calibrationWarning(calibratedOn, calibrationDays, wallMs());
    return {
      sinceMs: this.#sinceWallMs,
      lastFault: this.#state.lastFault,
      lastFaultAtMs: this.#faultWallMs,
      latencies: latencies?.view() ?? {},
      calibratedOn,
      warnings: warning ? [warning] : [],
    };
  }

  #happen(event: SlotEvent): void {
    const { clock, wallMs, random, changed } = this.#options;
    const before = this.#state;
    const [after, effect] = step(before, event, { nowMs: clock.nowMs(), random: random() });
    this.#state = after;
    if (after.sinceMs !== before.sinceMs) this.#sinceWallMs = Math.round(wallMs());
    if (after.lastFaultAtMs !== before.lastFaultAtMs) this.#faultWallMs = Math.round(wallMs());
    if (effect.type === 'look') {
      this.#cancelPause();
      this.#look();
    } else if (effect.type === 'pause') {
      this.#cancelPause = clock.after(effect.delayMs, () => this.#happen({ type: 'due' }));
    }
    if (after.stage !== before.stage) for (const wake of this.#waiting) wake();
    if (after.shown !== before.shown || after.fault !== before.fault) changed();
  }

  #look(): void {
    this.#run = this.#run.then(() => this.#fill());
  }

  /** Opens and holds the device until it is lost. */
  async #fill(): Promise<void> {
    const { clock, finder, role, log } = this.#options;
    const { signal } = this.#ending;
    if (signal.aborted) return;
    const giveUp = new AbortController();
    const late = clock.after(openingMs, () => giveUp.abort());
    const either = AbortSignal.any([signal, giveUp.signal]);
    const opening = finder.open(either, () => this.#happen({ type: 'found' }));
    // A device that opens after it was given up is closed at once, or its port would stay taken.
    opening.then((opened) => (either.aborted ? opened?.closePort() : undefined)).catch(() => {});
    let device: D | undefined;
    try {
      device = await cancellable(opening, either);
    } catch (error) {
      const { code } = Fault.from(error, 'device.absent');
      if (!signal.aborted)
        this.#happen({ type: 'failed', fault: code === 'capture.cancelled' ? 'device.timeout' : code });
      return;
    } finally {
      late();
    }
    if (!device) return this.#happen({ type: 'missing' });
    this.#device = device;
    this.#known = device;
    device.onBusy((busy) => {
      if (this.#device === device) this.#happen({ type: busy ? 'used' : 'unused' });
    });
    this.#happen({ type: 'opened' });
    log('device.ready', { role, model: device.info.model, serial: device.info.serial });
    const fault = await this.#hold(device);
    this.#device = undefined;
    log('device.lost', { role, fault: fault.code });
    await device.closePort();
    this.#happen({ type: 'lost', fault: fault.code });
  }

  /** Until the device is lost: asks it now and then, while nobody uses it, whether it is still there. */
  async #hold(device: D): Promise<Fault> {
    let cancelCheck: (() => void) | undefined;
    const checkLater = (): void => {
      cancelCheck = this.#options.clock.after(checkMs, () => {
        const checked = this.#state.stage === 'ready' ? device.check() : Promise.resolve();
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

  /** What `look` gives, as soon as it gives something. */
  async #until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (signal.aborted || this.#ending.signal.aborted) throw new Fault('capture.cancelled');
      const seen = look();
      if (seen !== undefined) return seen;
      const changed = Promise.withResolvers<void>();
      this.#waiting.add(changed.resolve);
      try {
        await cancellable(changed.promise, signal);
      } finally {
        this.#waiting.delete(changed.resolve);
      }
    }
  }
}
