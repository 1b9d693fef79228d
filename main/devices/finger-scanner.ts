import type { FingerHint, FingerPosition } from '../contract/biometrics.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Device, SelfTestResult } from './open-device.ts';

/** What happens on the glass. `retry` is not a fault: the traveller is told what would help and the scan goes on. */
export type ScanEvent =
  | { readonly type: 'finger'; readonly present: boolean }
  | { readonly type: 'retry'; readonly reason: FingerHint }
  | { readonly type: 'image'; readonly image: GreyImage };

/** What ends a capture, and which finger is asked for. */
export interface CaptureOptions {
  readonly signal: AbortSignal;
  readonly position?: FingerPosition;
}

/** A fingerprint scanner of any make. */
export interface FingerScanner extends Device {
  /**
   * Yields what happens until one image is captured. Fails with `capture.cancelled` when the signal fires and leaves
   * the device idle; with `device.busy`, `device.protocol`, `device.timeout`, `device.absent` or `device.broken` else.
   */
  capture(options: CaptureOptions): AsyncIterable<ScanEvent>;
  selfTest(signal: AbortSignal): Promise<SelfTestResult>;
  close(): Promise<void>;
}
