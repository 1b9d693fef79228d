import type { CameraReport } from '../../../main/contract/camera.ts';

/** What a page tells of its camera, with what matters to a test. */
export function cameraReport(said: Partial<CameraReport> = {}): CameraReport {
  return {
    role: 'face',
    state: 'running',
    fault: null,
    label: 'Webcam (046d:0825)',
    cameras: ['Webcam (046d:0825)'],
    counters: { frames: 1, dropped: 0, frozen: 0, black: 0, white: 0, resized: 0 },
    ...said,
  };
}
