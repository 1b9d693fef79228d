import type { traveller } from '../../../main/contract/traveller.ts';
import type { Client } from '../../../main/contract/wire.ts';
import { pause } from '../../parts/pause.ts';
import { openFrameSource } from './frame-source.ts';

type Kiosk = Pick<Client<typeof traveller>, 'frame' | 'camera'>;
/** What the core answers to a frame. */
export type Reply = Awaited<ReturnType<Kiosk['frame']>>;
/** How the page's camera does. */
export type CameraState = 'opening' | 'running' | 'absent' | 'denied' | 'lost';

/** What the camera needs of the page and of the kiosk. */
export interface CameraRig {
  readonly kiosk: Kiosk;
  readonly devices: Pick<MediaDevices, 'getUserMedia' | 'addEventListener' | 'removeEventListener'>;
  readonly video: HTMLVideoElement;
  readonly hearState: (state: CameraState) => void;
  readonly hearReply: (reply: Reply) => void;
}

const busyPeriodMs = 84;
const idlePeriodMs = 500;
const frameLimitMs = 5000;
const retryMs = 2000;
const failurePauseMs = 500;

// Counts the frames of this page, not of one camera: the core may see two cameras in one crossing.
let sequence = 0;

/** Why a camera could not be had, from the name of getUserMedia's DOMException (Media Capture and Streams, 10.3). */
export function cameraStateOf(error: unknown): 'absent' | 'denied' | 'lost' {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'absent' : 'lost';
}

/** Milliseconds from the last frame to the next: twelve frames a second at most, slow when the core wants none. */
export function framePauseMs(wanted: boolean, sinceLastMs: number): number {
  return Math.max(0, (wanted ? busyPeriodMs : idlePeriodMs) - sinceLastMs);
}

async function sendFrames(rig: CameraRig, track: MediaStreamTrack, signal: AbortSignal): Promise<void> {
  const source = openFrameSource(track, rig.video);
  signal.addEventListener('abort', source.close, { once: true });
  let reply: Reply | undefined;
  try {
    while (!signal.aborted) {
      const startedMs = performance.now();
      const limit = pause(frameLimitMs, signal).then(() => undefined);
      const picture = await Promise.race([source.next(reply?.crop ?? null), limit]);
      if (!picture || signal.aborted) return;
      try {
        reply = await rig.kiosk.frame({ sequence: sequence++, ...picture });
        rig.hearReply(reply);
      } catch {
        // The core refused this frame or is away; it tells the page itself when that matters.
        await pause(failurePauseMs, signal);
      }
      await pause(framePauseMs(reply?.wanted ?? true, performance.now() - startedMs), signal);
    }
  } finally {
    signal.removeEventListener('abort', source.close);
    source.close();
  }
}

async function watchOnce(rig: CameraRig, signal: AbortSignal, report: (state: CameraState, label: string) => void) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await rig.devices.getUserMedia({ audio: false, video: size });
  const [track] = stream.getVideoTracks();
  const lost = new AbortController();
  const either = AbortSignal.any([signal, lost.signal]);
  try {
    if (!track || signal.aborted) return;
    track.addEventListener('ended', () => lost.abort(), { once: true });
    rig.video.srcObject = stream;
    // A picture that cannot be shown does not hinder the capture; the frames come from the track.
    rig.video.play().catch(() => undefined);
    report('running', track.label);
    await sendFrames(rig, track, either);
  } finally {
    for (const each of stream.getTracks()) each.stop();
    rig.video.srcObject = null;
  }
}

/** Waits for a camera to be plugged in, or a little while: not every loss is told of. */
async function anotherChance(devices: CameraRig['devices'], signal: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const change = () => changed.abort();
  devices.addEventListener('devicechange', change);
  await pause(retryMs, AbortSignal.any([signal, changed.signal]));
  devices.removeEventListener('devicechange', change);
}

/**
 * Shows the camera in the video element and sends its frames, one at a time, until the signal aborts. A camera that is
 * denied, absent or lost is reported and tried again. When it ends every track is stopped and the picture is gone.
 */
export async function runCamera(rig: CameraRig, signal: AbortSignal): Promise<void> {
  let told = '';
  const report = (state: CameraState, label: string) => {
    if (signal.aborted) return;
    rig.hearState(state);
    const news = `${state} ${label}`;
    if (state === 'opening' || news === told) return;
    told = news;
    rig.kiosk.camera({ state, label: label.slice(0, 128) }).catch(() => undefined);
  };
  report('opening', '');
  while (!signal.aborted) {
    try {
      await watchOnce(rig, signal, report);
      report('lost', '');
    } catch (error) {
      report(cameraStateOf(error), '');
    }
    await anotherChance(rig.devices, signal);
  }
}
