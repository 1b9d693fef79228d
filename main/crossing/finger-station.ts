import { extractFinger } from '../biometrics/finger/finger.ts';
import type { FingerHint, FingerPosition } from '../contract/biometrics.ts';
import type { Devices } from '../devices/registry.ts';
import type { Event } from '../journey/journey.ts';
import { untilPresent } from './document-station.ts';

export interface FingerStation {
  /** Captures one finger; ends with `finger-captured` or `finger-poor`. */
  capture(position: FingerPosition, signal: AbortSignal, send: (event: Event) => void): Promise<void>;
}

/** Captures a finger and extracts its template; an image below `quality` (0-100) is not accepted. */
export function openFingerStation({ devices, quality }: { devices: Devices; quality: number }): FingerStation {
  const captureOnce = async (position: FingerPosition, signal: AbortSignal, send: (event: Event) => void) => {
    const scanner = await devices.scanner(signal);
    send({ type: 'finger-hint', hint: 'place' });
    for await (const event of scanner.capture({ signal, position })) {
      if (event.type === 'finger') send({ type: 'finger-hint', hint: event.present ? 'hold' : 'place' });
      if (event.type === 'retry') send({ type: 'finger-hint', hint: event.reason });
      if (event.type !== 'image') continue;
      const { image } = event;
      const extracted = await extractFinger(image);
      if (extracted.quality >= quality)
        send({
          type: 'finger-captured',
          finger: { position, image, template: extracted.template, quality: extracted.quality },
        });
      else {
        image.pixels.fill(0);
        send({ type: 'finger-poor', hint: hints[extracted.causes[0] ?? 'small'] });
      }
      return;
    }
  };
  return {
    capture: (position, signal, send) =>
      untilPresent(
        () => captureOnce(position, signal, send),
        () => send({ type: 'finger-hint', hint: 'wait' }),
        signal,
      ),
  };
}

/** What the traveller can do about each cause of poor quality. */
const hints = {
  dry: 'press-harder',
  wet: 'clean',
  small: 'press-harder',
  smudged: 'clean',
  'off-centre': 'centre',
} as const satisfies Record<string, FingerHint>;
