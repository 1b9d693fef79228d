import { Fault } from '../contract/fault.ts';
import type { technician } from '../contract/technician.ts';
import type { Handlers } from '../contract/wire.ts';
import type { FingerTrial } from '../crossing/finger-trial.ts';
import type { PageCamera } from '../devices/page-camera.ts';
import type { Devices } from '../devices/registry.ts';
import type { Log } from '../log.ts';
import { exportLog } from '../store/export-log.ts';
import type { Store } from '../store/store.ts';

/** What the technician's calls act on. */
export interface TechnicianCallsOptions {
  readonly store: Pick<Store, 'note' | 'outbox' | 'audit'>;
  /** Where the log is written to when it is asked for. */
  readonly logFile: string;
  readonly trial: FingerTrial;
  readonly cameras: readonly PageCamera[];
  readonly devices: Pick<Devices, 'selfTest'>;
  readonly log: Log;
  /** Packets that were parked are to be sent. */
  readonly onUnparked: () => void;
}

const selfTestMs = 20_000;

/** What the technician may ask for; the log is told of each before it is done. */
export function technicianCalls(options: TechnicianCallsOptions): Handlers<typeof technician> {
  const { store, logFile, trial, cameras, devices, log, onUnparked } = options;
  let exporting = false;
  return {
    tryFinger() {
      store.note({ event: 'technician-acted', action: 'try-finger' });
      return trial.run();
    },
    endTrial: () => trial.stop(),
    unpark({ id }) {
      store.note({ event: 'technician-acted', action: 'unpark' });
      const packets = store.outbox.unpark(id);
      log('packet tried again', { count: packets });
      onUnparked();
      return { packets };
    },
    async exportLog() {
      if (exporting) throw new Fault('contract.breach', 'it is being written');
      exporting = true;
      try {
        store.note({ event: 'technician-acted', action: 'export-log' });
        await exportLog(store.audit, logFile);
        return { file: logFile, key: store.audit.state().key };
      } finally {
        exporting = false;
      }
    },
    selfTest({ role }) {
      store.note({ event: 'technician-acted', action: 'self-test', role });
      const camera = cameras.find((camera) => camera.role === role);
      return camera?.selfTest() ?? devices.selfTest(role, AbortSignal.timeout(selfTestMs));
    },
  };
}
