import { extractFinger } from '../biometrics/finger/finger.ts';
import type { FingerHint, FingerPosition } from '../contract/biometrics.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Devices } from '../devices/registry.ts';
import type { Event } from '../journey/journey.ts';
import { whenPresent } from './presence.ts';

export interface FingerStation {
  /** Captures one finger, with hints on the way. Gives `finger-captured` or `finger-poor`, nothing when it was aborted. */
  capture(position: FingerPosition, signal: AbortSignal, send: (event: Event) => void): Promise<Event | undefined>;
}

/** Captures a finger and extracts its template; an image below `quality` (0-100) is not accepted. */
export function openFingerStation({ devices, quality }: { devices: Devices; quality: number }): FingerStation {
  const examine = async (image: GreyImage, position: FingerPosition): Promise<Event> => {
    const extracted = await extractFinger(image).catch((error: unknown) => {
      image.pixels.fill(0);
      throw error;
    });
    if (extracted.quality >= quality) {
      const { template } = extracted;
      return { type: 'finger-captured', finger: { position, image, template, quality: extracted.quality } };
    }
    image.pixels.fill(0);
    extracted.template.bytes.fill(0);
    return { type: 'finger-poor', hint: causeHints[extracted.causes[0] ?? 'small'] };
  };

  const captureOnce = async (position: FingerPosition, signal: AbortSignal, send: (event: Event) => void) => {
    const scanner = await devices.scanner(signal);
    send({ type: 'finger-hint', hint: 'place' });
    let captured: GreyImage | undefined;
    for await (const event of scanner.capture({ signal, position })) {
      if (event.type === 'finger') send({ type: 'finger-hint', hint: event.present ? 'hold' : 'place' });
      if (event.type === 'retry') send({ type: 'finger-hint', hint: event.reason });
      if (event.type === 'image') captured = event.image;
    }
    return captured && examine(captured, position);
  };

  return {
    capture: (position, signal, send) =>
      whenPresent(
        () => captureOnce(position, signal, send),
        () => send({ type: 'finger-hint', hint: 'wait' }),
        signal,
      ),
  };
}

/** What the traveller can do about each cause of poor quality. */
export const causeHints = {
  dry: 'press-harder',
  wet: 'clean',
  small: 'press-harder',
  smudged: 'clean',
  'off-centre': 'centre',
} as const satisfies Record<string, FingerHint>;
