import type { CameraFault, CameraRole } from '../../../main/contract/camera.ts';
import { cameraFaultOf, type CameraRig, type CameraUse, listenForChanges, runCamera } from './camera.ts';
import { chooseCamera, presentCameras } from './choosing.ts';
import { reporter, standingOf } from './reporting.ts';

const lookAgainMs = 10_000;
/** Long enough for an ailment to show. */
const trialMs = 5000;

/** A look at pictures that nobody gets to see, until they have proven the camera. */
function trial(role: CameraRole, done: () => void): CameraUse {
  return {
    size: { widthPx: 640, heightPx: 480 },
    wants: () => ({ crop: null, page: false }),
    take() {
      if (standingOf(role).proven) done();
      return Promise.resolve(true);
    },
  };
}

/** Tells the kiosk of a trial only what is wrong: that it runs means nothing yet. */
function onlyFaults({ camera }: CameraRig['kiosk']): CameraRig['kiosk'] {
  return { camera: (report) => (report.state === 'running' ? Promise.resolve() : camera(report)) };
}

/**
 * Watches between crossings whether the cameras are there. One that a role is configured for, and that has not yet shown
 * that it gives true pictures, is tried for a few seconds; what it shows stays in the page. Ends when the signal aborts.
 */
export async function watchCameras(rig: Omit<CameraRig, 'role' | 'hearState'>, signal: AbortSignal): Promise<void> {
  const roles: CameraRole[] = rig.cameras.document ? ['face', 'document'] : ['face'];
  const reporters = new Map(roles.map((role) => [role, reporter(rig.kiosk, role)] as const));
  const look = async (role: CameraRole) => {
    const tell = reporters.get(role);
    const present = await presentCameras(rig.devices);
    if (signal.aborted) return;
    const cameras = present.map(({ label }) => label);
    const chosen = chooseCamera(role, rig.cameras, present);
    if (typeof chosen === 'string') return tell?.({ state: 'away', fault: chosen, cameras }, performance.now());
    if (rig.cameras[role] && !standingOf(role).proven) {
      const done = new AbortController();
      const trying = AbortSignal.any([signal, done.signal, AbortSignal.timeout(trialMs)]);
      const tried = { ...rig, role, kiosk: onlyFaults(rig.kiosk), hearState: () => undefined };
      await runCamera(
        tried,
        trial(role, () => done.abort()),
        trying,
      );
      // What ails it was told by the trial.
      if (signal.aborted || !standingOf(role).proven) return undefined;
    }
    return tell?.({ state: 'present', label: chosen.label, cameras }, performance.now());
  };
  const change = listenForChanges(rig.devices, signal);
  while (!signal.aborted) {
    for (const role of roles) {
      await look(role).catch((error: unknown) => {
        const fault: CameraFault = cameraFaultOf(error);
        reporters.get(role)?.({ state: 'away', fault }, performance.now());
      });
    }
    await change(lookAgainMs);
  }
}
