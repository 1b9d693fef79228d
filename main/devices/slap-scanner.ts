import type { FingerHint, FingerPosition, SlapKind } from '../contract/biometrics.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Device, SelfTestResult } from './open-device.ts';

/** What happens on the glass while a slap is taken. `retry` is not a fault: the capture goes on. */
export type SlapEvent =
  | { readonly type: 'hand'; readonly present: boolean }
  | { readonly type: 'retry'; readonly reason: FingerHint }
  | {
      readonly type: 'preview';
      /** A small picture of the glass; whoever asked for it overwrites it. */
      readonly image: GreyImage;
      readonly qualityPercent: number;
      /** Of the fingers asked for, those that lie on the glass as the scanner sees it. */
      readonly present: readonly FingerPosition[];
    }
  | { readonly type: 'image'; readonly image: GreyImage };

/** What is to be taken, and how. */
export interface SlapCaptureOptions {
  readonly signal: AbortSignal;
  readonly kind: SlapKind;
  /** Fingers that cannot be there: the scanner does not wait for them. */
  readonly missing?: readonly FingerPosition[];
  readonly previews?: boolean;
  /** Wait for `captureNow` instead of capturing as soon as all fingers lie well. */
  readonly onCommand?: boolean;
}

/** A scanner of any make that takes four fingers of a hand, or both thumbs, at once. */
export interface SlapScanner extends Device {
  /** Yields what happens until one image is captured; fails as `FingerScanner.capture` does. */
  captureSlap(options: SlapCaptureOptions): AsyncIterable<SlapEvent>;
  /** Takes the image of the capture under way as the glass is now. False when there is none or the device will not. */
  captureNow(): Promise<boolean>;
  selfTest(signal: AbortSignal): Promise<SelfTestResult>;
  close(): Promise<void>;
}
