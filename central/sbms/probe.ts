import type { FaceTemplate } from '../../main/contract/biometrics.ts';
import type { SearchQuery } from '../../main/contract/search.ts';
import type { Asker } from './sbms-log.ts';
import { faceOf, type Finger, fingerOf, isSound } from './template.ts';

/** The fingers and the face of one person who is looked for. */
export interface Probe {
  readonly fingers: readonly Finger[];
  readonly face?: FaceTemplate;
  /** All are of images good enough that finding nothing means something. */
  readonly good: boolean;
}

/** The biometrics of a question, and who asks. */
export interface Biometrics {
  readonly probe: Probe;
  readonly asker: Asker;
}

/** The biometrics of a question; undefined where it has none, `malformed` where what it has is not what it says. */
export async function probeOf(
  { finger = [], face }: Pick<SearchQuery, 'finger' | 'face'>,
  least: { readonly finger: number; readonly face: number },
): Promise<Probe | 'malformed' | undefined> {
  if (finger.length === 0 && !face) return undefined;
  const fingers = finger.map((each) => ({ ...each, kind: 'finger' as const, template: bytesOf(each.template) }));
  const faces = face
    ? [{ ...face, kind: 'face' as const, position: 'unknown' as const, template: bytesOf(face.template) }]
    : [];
  const sound = await Promise.all([...fingers, ...faces].map(isSound));
  const direction = faces[0] && faceOf(faces[0]);
  if (sound.includes(false) || (face && !direction)) return 'malformed';
  return {
    fingers: fingers.map(fingerOf),
    ...(direction && { face: direction }),
    good: fingers.every(({ quality }) => quality >= least.finger) && (face?.quality ?? Infinity) >= least.face,
  };
}

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
