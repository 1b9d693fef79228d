import type { CameraFault, CameraRole, Cameras } from '../../../main/contract/camera.ts';
import type { Rect } from '../../../main/contract/image.ts';
import type { traveller } from '../../../main/contract/traveller.ts';
import type { Client } from '../../../main/contract/wire.ts';
import { pause } from '../../parts/pause.ts';
import { chooseCamera, presentCameras } from './choosing.ts';
import { type FrameSource, openFrameSource } from './frame-source.ts';
import type { Picture } from './picture.ts';
import { watchHealth } from './picture-health.ts';
import { type CameraNews, faultOf, reporter, standingOf } from './reporting.ts';

/** How the page's camera does, for whoever shows it. */
export type CameraState = 'opening' | 'running' | 'away';
/** The part of the browser's cameras that is needed. */
export type CameraDevices = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/** What is done with a camera's pictures. */
export interface CameraUse {
  /** What is asked for: the size, and what each picture should hold besides its luma. */
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  wants(): { readonly crop: Rect | null; readonly page: boolean };
  /** Takes a picture and tells whether more are wanted soon. Throws when nobody takes it. */
  take(picture: Picture, atMs: number): Promise<boolean>;
  /** The track, while it is open; gives what is to be done at its end. */
  opened?(track: MediaStreamTrack): () => void;
}

/** What the camera needs of the page and of the kiosk. */
export interface CameraRig {
  readonly role: CameraRole;
  readonly cameras: Cameras;
  readonly kiosk: Pick<Client<typeof traveller>, 'camera'>;
  readonly devices: CameraDevices;
  readonly video: HTMLVideoElement;
  readonly hearState: (state: CameraState) => void;
  /** Where the track's pictures come from; a test brings its own. */
  readonly openSource?: typeof openFrameSource;
}

const busyPeriodMs = 84;
const idlePeriodMs = 500;
const frameLimitMs = 5000;
const retryMs = 2000;
const failurePauseMs = 500;
/** An ailment may go away when the camera is opened anew. */
const reopenMs = 6000;
/** So long without an ailment proves a camera. */
const provenMs = 3500;
/** Plugging something in makes several changes. */
const settleMs = 300;

/** Why a camera could not be had, from the name of getUserMedia's DOMException (Media Capture and Streams, 10.3). */
export function cameraFaultOf(error: unknown): CameraFault {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'camera.denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'camera.absent' : 'camera.silent';
}

/** Milliseconds from the last frame to the next: twelve frames a second at most, slow when the core wants none. */
export function framePauseMs(wanted: boolean, sinceLastMs: number): number {
  return Math.max(0, (wanted ? busyPeriodMs : idlePeriodMs) - sinceLastMs);
}

/** Frames that the browser dropped; only Chromium counts them. */
function droppedBy(track: MediaStreamTrack & { readonly stats?: { readonly discardedFrames?: number } }): number {
  return track.stats?.discardedFrames ?? 0;
}

/** Looks at pictures until the camera gives no more; tells why, or nothing when it should be opened anew. */
async function lookAt(
  source: FrameSource,
  track: MediaStreamTrack,
  use: CameraUse,
  rig: CameraRig,
  report: (news: Pick<CameraNews, 'state' | 'fault'>) => void,
  doubt: { ailing: boolean },
  signal: AbortSignal,
): Promise<CameraFault | undefined> {
  const healthOf = watchHealth();
  const standing = standingOf(rig.role);
  const droppedBefore = standing.counters.dropped;
  const openedMs = performance.now();
  let unwellSinceMs: number | undefined;
  let wanted = true;
  let size = '';
  while (!signal.aborted) {
    const startedMs = performance.now();
    const { crop, page } = use.wants();
    const limit = pause(frameLimitMs, signal).then(() => undefined);
    const picture = await Promise.race([source.next(crop, page), limit]);
    if (signal.aborted) return undefined;
    if (!picture) return track.readyState === 'ended' ? 'camera.absent' : 'camera.silent';
    const nowMs = performance.now();
    standing.counters.frames++;
    standing.counters.dropped = droppedBefore + droppedBy(track);
    const sizeNow = `${picture.sourceWidthPx} ${picture.sourceHeightPx}`;
    if (size !== '' && size !== sizeNow) standing.counters.resized++;
    size = sizeNow;
    const health = healthOf(picture.luma, nowMs);
    if (health === 'well') {
      doubt.ailing = false;
      if (nowMs - openedMs > provenMs) standing.proven = true;
    } else if (health !== 'unsure') {
      standing.counters[health]++;
      doubt.ailing = true;
      unwellSinceMs ??= nowMs;
      report({ state: 'away', fault: faultOf(health) });
      if (nowMs - unwellSinceMs > reopenMs) return undefined;
    }
    // What ailed, and was opened anew, has to show that it is well.
    if (doubt.ailing) {
      await pause(busyPeriodMs, signal);
      continue;
    }
    unwellSinceMs = undefined;
    report({ state: 'running' });
    try {
      wanted = await use.take(picture, nowMs);
    } catch {
      // The core refused this picture or is away; it tells the page itself when that matters.
      await pause(failurePauseMs, signal);
    }
    await pause(framePauseMs(wanted, performance.now() - startedMs), signal);
  }
  return undefined;
}

async function watchOnce(
  rig: CameraRig,
  use: CameraUse,
  report: (news: CameraNews) => void,
  doubt: { ailing: boolean },
  signal: AbortSignal,
): Promise<void> {
  const present = await presentCameras(rig.devices);
  const cameras = present.map(({ label }) => label);
  const chosen = chooseCamera(rig.role, rig.cameras, present);
  if (typeof chosen === 'string') return report({ state: 'away', fault: chosen, cameras });
  const { widthPx, heightPx } = use.size;
  const video = {
    width: { ideal: widthPx },
    height: { ideal: heightPx },
    // As the camera gives it: Chromium would cut off what does not fit the shape that is asked for.
    resizeMode: { ideal: 'none' },
    // Without leave to use cameras the browser hides their ids.
    ...(chosen.deviceId !== '' && { deviceId: { exact: chosen.deviceId } }),
  };
  const stream = await rig.devices.getUserMedia({ audio: false, video });
  const [track] = stream.getVideoTracks();
  const lost = new AbortController();
  const either = AbortSignal.any([signal, lost.signal]);
  try {
    if (!track || signal.aborted) return;
    track.addEventListener('ended', () => lost.abort(), { once: true });
    rig.video.srcObject = stream;
    // A picture that cannot be shown does not hinder the capture; the frames come from the track.
    rig.video.play().catch(() => undefined);
    const source = (rig.openSource ?? openFrameSource)(track, rig.video);
    const closed = use.opened?.(track);
    either.addEventListener('abort', source.close, { once: true });
    try {
      const named = (news: Pick<CameraNews, 'state' | 'fault'>) => report({ ...news, label: track.label, cameras });
      const fault = await lookAt(source, track, use, rig, named, doubt, either);
      if (lost.signal.aborted) named({ state: 'away', fault: 'camera.absent' });
      else if (fault) named({ state: 'away', fault });
    } finally {
      either.removeEventListener('abort', source.close);
      source.close();
      closed?.();
    }
  } finally {
    for (const each of stream.getTracks()) each.stop();
    rig.video.srcObject = null;
  }
}

/**
 * Listens, until the signal aborts, for cameras that are plugged in or out. What it gives waits for the next change, also one
 * that came since it last waited, or for a while: not every loss is told of.
 */
export function listenForChanges(devices: CameraDevices, signal: AbortSignal): (waitMs: number) => Promise<void> {
  let changed = new AbortController();
  const change = () => changed.abort();
  devices.addEventListener('devicechange', change);
  signal.addEventListener('abort', () => devices.removeEventListener('devicechange', change), { once: true });
  return async (waitMs) => {
    await pause(waitMs, AbortSignal.any([signal, changed.signal]));
    if (changed.signal.aborted) await pause(settleMs, signal);
    changed = new AbortController();
  };
}

/**
 * Shows the role's camera in the video element and hands over its pictures, one at a time, until the signal aborts. A
 * camera that cannot be had, is lost, or gives no true pictures is reported and tried again. At the end every track is
 * stopped and the picture is gone.
 */
export async function runCamera(rig: CameraRig, use: CameraUse, signal: AbortSignal): Promise<void> {
  const tell = reporter(rig.kiosk, rig.role);
  const report = (news: CameraNews) => {
    if (signal.aborted) return;
    rig.hearState(news.state === 'running' ? 'running' : 'away');
    tell(news, performance.now());
  };
  const doubt = { ailing: false };
  const anotherChance = listenForChanges(rig.devices, signal);
  rig.hearState('opening');
  while (!signal.aborted) {
    try {
      await watchOnce(rig, use, report, doubt, signal);
    } catch (error) {
      report({ state: 'away', fault: cameraFaultOf(error) });
    }
    await anotherChance(retryMs);
  }
}
