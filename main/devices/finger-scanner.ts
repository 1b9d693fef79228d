import type { FingerHint, FingerPosition, SlapKind } from '../contract/biometrics.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Device, SelfTestResult } from './open-device.ts';

/** What happens on the glass. `retry` is not a fault: the traveller is told what would help and the scan goes on. */
export type ScanEvent =
  | { readonly type: 'finger'; readonly present: boolean }
  | { readonly type: 'retry'; readonly reason: FingerHint }
  /** A small picture of what lies on the glass now, and the device's own quality of it, 0 to 100. Only when asked for. */
  | {
      readonly type: 'preview';
      readonly image: GreyImage;
      readonly qualityPercent: number;
      /** Of a slap: a bit for each finger that lies on the glass, the first one from the left lowest. */
      readonly fingers?: number;
    }
  | { readonly type: 'image'; readonly image: GreyImage };

/** What ends a capture, and how it is done. */
export interface CaptureOptions {
  readonly signal: AbortSignal;
  /** Which finger is asked for. */
  readonly position?: FingerPosition;
  /** What is asked for in place of a finger where several are taken at once; a bit of `missing` for each that cannot be there. */
  readonly slap?: { readonly kind: SlapKind; readonly missing: number };
  /** Whether previews are wanted; a scanner that has none gives none. Whoever asks for them overwrites them. */
  readonly previews?: boolean;
  /** Wait for `captureNow`; a scanner that cannot wait captures by itself. */
  readonly onCommand?: boolean;
}

/** A fingerprint scanner of any make. */
export interface FingerScanner extends Device {
  /**
   * Yields what happens until one image is captured. Fails with `capture.cancelled` when the signal fires and leaves
   * the device idle; with `device.busy`, `device.protocol`, `device.timeout`, `device.absent` or `device.broken` else.
   */
  capture(options: CaptureOptions): AsyncIterable<ScanEvent>;
  /** Takes the image of the capture under way as the glass is now. False when there is none or the device will not. */
  captureNow?(): Promise<boolean>;
  /** Hears of fingers that come and go outside of captures, where the scanner can tell. */
  onFinger?(hear: (present: boolean) => void): () => void;
  selfTest(signal: AbortSignal): Promise<SelfTestResult>;
  close(): Promise<void>;
}
