import type { CameraMatch, CameraReport, CameraRole } from '../contract/camera.ts';
import { Fault } from '../contract/fault.ts';
import type { DeviceView } from '../contract/technician.ts';
import type { SelfTestResult } from './open-device.ts';
import { cancellable } from './wait.ts';

/** The name of a camera's role among the devices. */
const roleNames = { face: 'face-camera', document: 'document-camera' } as const;

/** A camera of the page as a device among the others: the page drives it, the core only hears how it does. */
export class PageCamera {
  readonly role: string;
  readonly #match: CameraMatch | null;
  #report: CameraReport | undefined;
  #changed = Promise.withResolvers<void>();

  /** `match` is null where no camera is configured: then any will do, and nobody minds that there is none. */
  constructor(role: CameraRole, match: CameraMatch | null) {
    this.role = roleNames[role];
    this.#match = match;
  }

  set(report: CameraReport): void {
    this.#report = report;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Whether a crossing may begin: the camera is there and well, or none is configured. */
  get ready(): boolean {
    return this.#match === null || (this.#report !== undefined && this.#report.state !== 'away');
  }

  /** Waits until the page has the camera; `capture.cancelled` when the signal fires first. */
  async present(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new Fault('capture.cancelled');
      if (this.#report && this.#report.state !== 'away') return;
      await cancellable(this.change(), signal);
    }
  }

  /** Settles when the page tells of the camera again. */
  change(): Promise<void> {
    return this.#changed.promise;
  }

  view(): DeviceView {
    const { state, label, fault, cameras, counters } = this.#report ?? unheard;
    const absent = fault === null || fault === 'camera.absent';
    const unmatched = fault === 'camera.unmatched';
    return {
      role: this.role,
      model: label.slice(0, 64),
      serial: '',
      firmware: '',
      state: state === 'running' ? 'busy' : state === 'present' ? 'ready' : absent || unmatched ? 'absent' : 'fault',
      fault: fault ?? '',
      counters,
      ...(unmatched && { mismatch: { wanted: this.#wanted(), found: [...cameras] } }),
    };
  }

  /** Passed when it is there and gave pictures when it was wanted last. */
  selfTest(): SelfTestResult {
    const { state, fault } = this.#report ?? unheard;
    const detail = state === 'away' ? (fault ?? 'not heard of yet') : 'passed';
    return { passed: state !== 'away', detail };
  }

  /** What the configuration asks for, written as Chromium writes the names of cameras. */
  #wanted(): string {
    const { label, vendorId, productId } = this.#match ?? {};
    const hex = (id: number | undefined) => (id === undefined ? '*' : id.toString(16).padStart(4, '0'));
    const ids = vendorId === undefined && productId === undefined ? [] : [`(${hex(vendorId)}:${hex(productId)})`];
    return [...(label === undefined ? [] : [label]), ...ids].join(' ');
  }
}

const unheard: Pick<CameraReport, 'state' | 'label' | 'fault' | 'cameras'> & { counters: Record<string, number> } = {
  state: 'away',
  label: '',
  fault: null,
  cameras: [],
  counters: {},
};
