import type { BiometricsRecord } from '../../main/contract/record.ts';
import type { StoredTemplate } from '../sbms/template.ts';
import { addYears } from './calendar.ts';
import type { Day } from './stay.ts';

/** From this age on fingers are taken (Reg. (EU) 2017/2226 Art. 17(3)). */
const fingersFromYears = 12;
const hands = {
  right: ['right-index', 'right-middle', 'right-ring', 'right-little'],
  left: ['left-index', 'left-middle', 'left-ring', 'left-little'],
} as const;

/** What a dossier says of its fingers: taken; asked for at the next crossing; or why there are none. */
export type FingerState = 'taken' | 'wanted' | 'too-young' | 'in-vis' | 'not-applicable' | 'temporarily-unable';

/** What decides whether fingers belong in the dossier. */
export interface Enrollee {
  readonly birthDate: Day;
  readonly day: Day;
  /** Holds a visa: the fingers are in VIS, the face alone is in EES (Art. 16). */
  readonly visa: boolean;
}

/** A template with the image it is from. */
export type Captured = Omit<StoredTemplate, 'kind'> & {
  readonly image: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
};

/** What of a capture the dossier takes. */
export interface Enrolment {
  readonly face?: Captured;
  readonly fingers: readonly Captured[];
  readonly fingerState: FingerState;
}

/**
 * What a dossier takes of what a crossing captured: the face, and up to four fingers of the right hand, else of the left one
 * (Art. 17(1)(c)). Children under twelve give no fingers, nor do those who cannot; who cannot for now is asked again.
 */
export function enrolmentOf(
  { face, finger, otherFingers = [], fingersUnable }: BiometricsRecord,
  { birthDate, day, visa }: Enrollee,
  isGood: (kind: 'finger' | 'face', quality: number) => boolean,
): Enrolment {
  const taken = face && isGood('face', face.quality) && captured({ ...face, position: 'unknown' });
  const given = (finger ? [finger, ...otherFingers] : otherFingers).filter(({ quality }) => isGood('finger', quality));
  const fingers = fingersOfOneHand(given).map(captured);
  const none = visa ? 'in-vis' : day < addYears(birthDate, fingersFromYears) ? 'too-young' : undefined;
  const unable = fingersUnable && (fingersUnable === 'impossible' ? 'not-applicable' : 'temporarily-unable');
  return {
    ...(taken && { face: taken }),
    fingers: none ? [] : fingers,
    // Fingers that were taken after all are the better answer (R27).
    fingerState: none ?? (fingers.length > 0 ? 'taken' : (unable ?? 'wanted')),
  };
}

type FingerRecord = NonNullable<BiometricsRecord['finger']>;

/** Each position once, the best image of it; a thumb or a finger nobody named is none of the four. */
function fingersOfOneHand(given: readonly FingerRecord[]): FingerRecord[] {
  const of = (positions: readonly string[]) =>
    positions.flatMap(
      (wanted) =>
        given.filter(({ position }) => position === wanted).toSorted((one, other) => other.quality - one.quality)[0] ??
        [],
    );
  const right = of(hands.right);
  return right.length > 0 ? right : of(hands.left);
}

function captured({
  position,
  model,
  modelVersion,
  template,
  quality,
  image,
  imageWidthPx,
  imageHeightPx,
}: Omit<FingerRecord, 'dpi'>): Captured {
  return {
    position,
    model,
    version: modelVersion,
    template,
    quality,
    image,
    widthPx: imageWidthPx,
    heightPx: imageHeightPx,
  };
}
