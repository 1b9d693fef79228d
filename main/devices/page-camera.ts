import type { DeviceView } from '../contract/technician.ts';
import type { SelfTestResult } from './open-device.ts';

/** The role of the page's camera. */
export const cameraRole = 'camera';

/** What the page tells of its camera (contract/traveller.ts). */
export interface CameraReport {
  readonly state: 'running' | 'absent' | 'denied' | 'lost';
  readonly label: string;
}

/** The page's camera as a device among the others: the page drives it, the core only hears how it does. */
export class PageCamera {
  #report: CameraReport | undefined;

  set(report: CameraReport): void {
    this.#report = report;
  }

  view(): DeviceView {
    const { state, label } = this.#report ?? { state: 'absent', label: '' };
    const running = state === 'running';
    return {
      role: cameraRole,
      model: label.slice(0, 64),
      serial: '',
      firmware: '',
      state: running ? 'ready' : state === 'denied' ? 'fault' : 'absent',
      // Before it was wanted for the first time nobody knows that it is missing.
      fault: running || !this.#report ? '' : 'camera.absent',
      counters: {},
    };
  }

  /** Passed when it worked when it was wanted last. */
  selfTest(): SelfTestResult {
    const { state, fault } = this.view();
    return { passed: state === 'ready', detail: state === 'ready' ? 'passed' : fault || 'not used yet' };
  }
}
