import type { DeviceView } from '../contract/technician.ts';

/** What the page tells of its camera (contract/traveller.ts). */
export interface CameraReport {
  readonly state: 'running' | 'absent' | 'denied' | 'lost';
  readonly label: string;
}

/** The page's camera as a device among the others: the page drives it, the core only hears how it does. */
export class PageCamera {
  #report: CameraReport = { state: 'absent', label: '' };
  readonly #changed: () => void;

  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  set(report: CameraReport): void {
    this.#report = report;
    this.#changed();
  }

  view(): DeviceView {
    const { state, label } = this.#report;
    const running = state === 'running';
    return {
      role: 'camera',
      model: label.slice(0, 64),
      serial: '',
      firmware: '',
      state: running ? 'ready' : state === 'denied' ? 'fault' : 'absent',
      fault: running ? '' : 'camera.absent',
      counters: {},
    };
  }
}
