import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CameraReport, Cameras } from '../../main/contract/camera.ts';
import { type CameraRig, type CameraUse, runCamera } from '../../renderer/traveller/camera/camera.ts';
import type { Picture } from '../../renderer/traveller/camera/picture.ts';
import { watchCameras } from '../../renderer/traveller/camera/watching.ts';

const live: MediaStreamTrackState = 'live';

interface FakeTrack extends EventTarget {
  readonly label: string;
  readyState: MediaStreamTrackState;
  stop(): void;
}

/** A browser into which cameras are plugged, and what its page tells the kiosk. */
function browser() {
  const plugged: MediaDeviceInfo[] = [];
  const open: FakeTrack[] = [];
  const asked: unknown[] = [];
  const reports: CameraReport[] = [];
  const hearers = new Set<() => void>();
  let brightness = 0;
  const picture = (): Picture => ({
    takenAtMs: 0,
    sourceWidthPx: 64,
    sourceHeightPx: 64,
    widthPx: 16,
    heightPx: 16,
    luma: new Uint8Array(256).fill(60 + (brightness++ % 90)),
  });
  const devices = Object.assign(new EventTarget(), {
    enumerateDevices: async () => [...plugged],
    async getUserMedia({ video }: MediaStreamConstraints): Promise<MediaStream> {
      const { deviceId } = video as { deviceId?: { exact: string } };
      asked.push(deviceId?.exact);
      const found = plugged.find((each) => each.deviceId === deviceId?.exact);
      if (!found) throw new DOMException('', 'NotFoundError');
      const track: FakeTrack = Object.assign(new EventTarget(), {
        label: found.label,
        readyState: live,
        stop: () => void (track.readyState = 'ended'),
      });
      open.push(track);
      return { getVideoTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
    },
  });
  const rig: Omit<CameraRig, 'role' | 'cameras'> = {
    kiosk: {
      async camera(report) {
        reports.push(report);
        for (const hear of hearers) hear();
      },
    },
    devices,
    video: { play: () => Promise.resolve(), srcObject: null } as unknown as HTMLVideoElement,
    hearState: () => {},
    openSource: () => ({ next: async () => picture(), close: () => {} }),
  };
  return {
    rig,
    open,
    asked,
    reports,
    plug(label: string) {
      plugged.push({ kind: 'videoinput', label, deviceId: `id of ${label}` } as MediaDeviceInfo);
      devices.dispatchEvent(new Event('devicechange'));
    },
    unplug() {
      plugged.length = 0;
      for (const track of open.splice(0)) {
        track.readyState = 'ended';
        track.dispatchEvent(new Event('ended'));
      }
      devices.dispatchEvent(new Event('devicechange'));
    },
    /** Waits until the page has told of something. */
    told: (fits: (report: CameraReport) => boolean) =>
      new Promise<CameraReport>((resolve) => {
        const look = () => {
          const found = reports.find(fits);
          if (!found) return;
          hearers.delete(look);
          resolve(found);
        };
        hearers.add(look);
        look();
      }),
  };
}

const cameras: Cameras = { face: { vendorId: 0x046d }, document: null };
const nothing: CameraUse = {
  size: { widthPx: 640, heightPx: 480 },
  wants: () => ({ crop: null, page: false }),
  take: async () => true,
};

test('the camera that is configured is opened when it is plugged in, and its going is told at once', async () => {
  const page = browser();
  const leave = new AbortController();
  const running = runCamera({ ...page.rig, role: 'face', cameras }, nothing, leave.signal);
  assert.equal((await page.told(({ state }) => state === 'away')).fault, 'camera.absent');
  page.plug('Scanner (0bda:5830)');
  const unmatched = await page.told(({ fault }) => fault === 'camera.unmatched');
  assert.deepEqual(unmatched.cameras, ['Scanner (0bda:5830)']);
  assert.deepEqual(page.asked, []);
  page.plug('Webcam (046d:0825)');
  const started = await page.told(({ state }) => state === 'running');
  assert.deepEqual([started.label, page.asked], ['Webcam (046d:0825)', ['id of Webcam (046d:0825)']]);
  page.reports.length = 0;
  page.unplug();
  assert.equal((await page.told(({ state }) => state === 'away')).fault, 'camera.absent');
  page.reports.length = 0;
  page.plug('Webcam (046d:0825)');
  await page.told(({ state }) => state === 'running');
  leave.abort();
  await running;
  assert.equal(page.open.at(-1)?.readyState, 'ended');
});

test('between crossings cameras that come and go are told of without being opened, where none is configured', async () => {
  const page = browser();
  const leave = new AbortController();
  const watching = watchCameras({ ...page.rig, cameras: { face: null, document: null } }, leave.signal);
  await page.told(({ fault }) => fault === 'camera.absent');
  page.plug('Any');
  assert.equal((await page.told(({ state }) => state === 'present')).label, 'Any');
  assert.deepEqual(page.asked, []);
  leave.abort();
  await watching;
});

test('a camera that gives no more pictures is told of as silent', async () => {
  const page = browser();
  page.plug('Webcam (046d:0825)');
  const leave = new AbortController();
  const openSource = () => ({ next: async () => undefined, close: () => {} });
  const running = runCamera({ ...page.rig, openSource, role: 'face', cameras }, nothing, leave.signal);
  assert.equal((await page.told(({ state }) => state === 'away')).fault, 'camera.silent');
  leave.abort();
  await running;
});

test('a camera that refuses to open is told of with the reason', async () => {
  const page = browser();
  page.plug('Webcam (046d:0825)');
  const devices = Object.assign(page.rig.devices, {
    getUserMedia: () => Promise.reject(new DOMException('', 'NotReadableError')),
  });
  const leave = new AbortController();
  const watching = watchCameras({ ...page.rig, devices, cameras }, leave.signal);
  const report = await page.told(({ state }) => state === 'away');
  assert.deepEqual([report.fault, report.role], ['camera.silent', 'face']);
  leave.abort();
  await watching;
});
