import type { CameraFault, CameraReport } from '../contract/camera.ts';
import { Fault } from '../contract/fault.ts';

/** How a camera does, for those who wait for its pictures. */
export interface CameraWatch {
  /** It went away, or to fault, and has not come back. */
  readonly away: boolean;
  set(report: Pick<CameraReport, 'state' | 'fault'>): void;
  /** Fails with the camera's fault once it has had one for too long. Never settles while it is well, or may be plugged in yet. */
  broken(signal: AbortSignal): Promise<never>;
}

/** Somebody may come and plug it in: that is waited for as long as a stage lasts. */
const waitedFor: ReadonlySet<CameraFault> = new Set(['camera.absent', 'camera.unmatched']);

/** Watches a camera; a fault that lasts `patienceMs` is one that waiting does not mend. */
export function watchCamera(patienceMs: number): CameraWatch {
  const failing = new Set<(fault: Fault) => void>();
  let due: NodeJS.Timeout | undefined;
  let away = false;
  let broken: Fault | undefined;
  return {
    get away() {
      return away;
    },
    set({ state, fault }) {
      away = state === 'away';
      if (!away || fault === null || waitedFor.has(fault)) {
        clearTimeout(due);
        due = broken = undefined;
        return;
      }
      due ??= setTimeout(() => {
        broken = new Fault(fault);
        for (const fail of failing) fail(broken);
      }, patienceMs).unref();
    },
    broken(signal) {
      const { promise, reject } = Promise.withResolvers<never>();
      promise.catch(() => {});
      if (broken) reject(broken);
      else failing.add(reject);
      signal.addEventListener('abort', () => failing.delete(reject), { once: true });
      return promise;
    },
  };
}
