import { segmentSlap, type SegmentedFinger, type SegmentedSlap, type SlapFault } from '../biometrics/finger/slap.ts';
import {
  type FingerEvidence,
  type FingerHint,
  type FingerPosition,
  slapFingers,
  slapKinds,
  type SlapKind,
} from '../contract/biometrics.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Devices } from '../devices/registry.ts';
import type { Event } from '../journey/journey.ts';
import { causeHints, type FingerStation } from './finger-station.ts';
import { whenPresent } from './presence.ts';

/**
 * Captures a finger with a four-finger scanner: the scanner waits for the one that is asked for, and what lies beside it is
 * taken along. An image of the finger below `quality` (0-100) is not accepted, and then none is kept.
 */
export function openSlapStation({ devices, quality }: { devices: Devices; quality: number }): FingerStation {
  const examine = async (image: GreyImage, kind: SlapKind, position: FingerPosition): Promise<Event> => {
    const slap = await segmentSlap(image, { kind }).finally(() => image.pixels.fill(0));
    const finger = fingerOf(slap, position);
    if (finger && finger.quality >= quality) {
      const others = slap.fingers.filter((other) => other !== finger).map((other) => evidenceOf(other, other.position));
      return { type: 'finger-captured', finger: evidenceOf(finger, position), others };
    }
    for (const { image: print, template } of slap.fingers) {
      print.pixels.fill(0);
      template.bytes.fill(0);
    }
    return { type: 'finger-poor', hint: hintOf(slap, finger) };
  };

  const captureOnce = async (position: FingerPosition, signal: AbortSignal, send: (event: Event) => void) => {
    const scanner = await devices.slapScanner(signal);
    const kind = kindOf(position);
    const missing = slapFingers[kind].filter((name) => name !== position);
    send({ type: 'finger-hint', hint: 'place' });
    let captured: GreyImage | undefined;
    for await (const event of scanner.captureSlap({ signal, kind, missing: position === 'unknown' ? [] : missing })) {
      if (event.type === 'hand') send({ type: 'finger-hint', hint: event.present ? 'hold' : 'place' });
      if (event.type === 'retry') send({ type: 'finger-hint', hint: event.reason });
      if (event.type === 'image') captured = event.image;
    }
    return captured && examine(captured, kind, position);
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

/** The slap that a finger belongs to; the right hand's where any will do. */
function kindOf(position: FingerPosition): SlapKind {
  return slapKinds.find((kind) => slapFingers[kind].some((name) => name === position)) ?? 'right-four';
}

/** The finger that was asked for: by its place among others, or, of any or one by itself, whichever there is. */
function fingerOf(slap: SegmentedSlap, position: FingerPosition): SegmentedFinger | undefined {
  if (slap.faults.includes('wrong-hand')) return undefined;
  if (position === 'unknown') return slap.fingers.toSorted((a, b) => b.quality - a.quality)[0];
  if (slap.fingers.length === 1) return slap.fingers[0];
  return slap.fingers.find((finger) => finger.position === position);
}

function evidenceOf({ image, template, quality }: SegmentedFinger, position: FingerPosition): FingerEvidence {
  return { position, image, template, quality };
}

function hintOf(slap: SegmentedSlap, finger: SegmentedFinger | undefined): FingerHint {
  const [fault] = slap.faults;
  if (fault) return faultHints[fault];
  return finger ? causeHints[finger.causes[0] ?? 'small'] : 'place';
}

/** What the traveller can do about each fault. */
const faultHints = {
  empty: 'place',
  'wrong-hand': 'place',
  'too-few': 'place',
  'not-missing': 'place',
  'unknown-hand': 'place',
  'cut-off': 'centre',
  turned: 'centre',
  faint: 'press-harder',
} as const satisfies Record<SlapFault, FingerHint>;
