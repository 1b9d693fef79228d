import type { FaceHint, FrameAnswer } from '../../contract/biometrics.ts';
import type { CameraFrame, Rect } from '../../contract/image.ts';
import { meanDirection } from './embedder.ts';
import { compareFaces } from './face-comparison.ts';
import { type FaceDefect, patienceWith } from './face-quality.ts';
import type { FaceShot, FrameReading } from './face-reader.ts';
import { discard, type FrameGate, gateFrames } from './frame-gate.ts';

/** One attempt to capture the live face: ends with the best of several good frames of one person. */
export type FaceCapture = FrameGate<FrameAnswer, FaceShot>;

/** Where a face may be, as fractions of the frame. Fits a booth camera at arm's length and a person of any height. */
const place = { minHeight: 0.16, maxHeight: 0.75, maxOffCentre: 0.25, maxOffMiddle: 0.3 } as const;
/** A second face at least this wide beside the first is another traveller; a smaller one is somebody behind. */
const rivalWidth = 0.65;
/** The crop asked for around the face: room for the landmarks, for the token image and for a little motion. */
const cropWidening = { across: 2.4, up: 1.1, down: 1.6 } as const;

const hintOf: Readonly<Record<FaceDefect, FaceHint>> = {
  'inter-eye-distance': 'closer',
  'under-exposure': 'light',
  'over-exposure': 'light',
  'dynamic-range': 'light',
  'head-pose-yaw': 'straight',
  'head-pose-pitch': 'straight',
  'head-pose-roll': 'straight',
  sharpness: 'still',
  'eyes-open': 'eyes',
  'mouth-closed': 'mouth',
  'mouth-occlusion': 'uncover',
  'face-occlusion': 'uncover',
  'eyes-visible': 'uncover-eyes',
};

/** Captures a face from frames that `read` reads. The template is the mean direction of those of `wantedShots` good frames. */
export function captureFace(
  read: (frame: CameraFrame) => Promise<FrameReading>,
  signal: AbortSignal,
  wantedShots: number,
): FaceCapture {
  /** Frames with defects that can be borne. */
  let borne = 0;
  let shots: FaceShot[] = [];

  function collect(shot: FaceShot): void {
    const [first] = shots;
    // Somebody else has stepped in: begin again with them.
    if (first && !compareFaces(shot.template, first.template).matched) {
      discard(shots);
      shots = [];
    }
    shots = [...shots, shot];
  }

  return gateFrames<FrameAnswer, FaceShot>({
    read,
    signal,
    first: { wanted: true, hint: 'find', box: null, crop: null, progress: 0 },
    hear({ faces: [face, rival], closeUp }, _, frozen) {
      const progress = () => shots.length / wantedShots;
      const box = face ? clip(face) : null;
      const hint = face ? placeHint(face, rival) : 'find';
      if (hint !== null || !face) {
        return { answer: { wanted: true, hint: hint ?? 'find', box, crop: null, progress: progress() } };
      }
      const defects = closeUp?.defects ?? [];
      const [defect] = defects;
      const shot = closeUp?.shot;
      if (shot && !frozen && (!defect || ++borne > patienceWith(defects))) collect(shot);
      return {
        answer: {
          wanted: true,
          hint: defect ? hintOf[defect] : 'hold',
          box,
          crop: clip(widen(face)),
          progress: progress(),
        },
        ...(shots.length >= wantedShots && { result: chosen(shots) }),
      };
    },
    forget: () => discard(shots),
  });
}

/** What is wrong with where the face is and whether it is alone; null when nothing is. */
export function placeHint(face: Rect, rival: Rect | undefined): FaceHint | null {
  if (rival && rival.width >= face.width * rivalWidth) return 'one-person';
  if (face.height < place.minHeight) return 'closer';
  if (face.height > place.maxHeight) return 'back';
  const offCentre = Math.abs(face.x + face.width / 2 - 0.5);
  const offMiddle = Math.abs(face.y + face.height / 2 - 0.5);
  const outside = face.x < 0 || face.y < 0 || face.x + face.width > 1 || face.y + face.height > 1;
  return outside || offCentre > place.maxOffCentre || offMiddle > place.maxOffMiddle ? 'centre' : null;
}

/** The best picture, with the mean of all templates: steadier than any one of them. */
function bestShot(shots: readonly FaceShot[]): FaceShot {
  const best = shots.reduce((one, other) => (other.quality > one.quality ? other : one));
  const values = meanDirection(shots.map(({ template }) => template.values));
  return { ...best, template: { ...best.template, values } };
}

/** The best, when the others are overwritten. */
function chosen(shots: readonly FaceShot[]): FaceShot {
  const best = bestShot(shots);
  discard(shots.filter(({ live }) => live !== best.live));
  return best;
}

export function widen({ x, y, width, height }: Rect): Rect {
  const { across, up, down } = cropWidening;
  return {
    x: x + width / 2 - (width * across) / 2,
    y: y + height / 2 - height * up,
    width: width * across,
    height: height * (up + down),
  };
}

/** The part of the rectangle that lies in the frame. */
export function clip({ x, y, width, height }: Rect): Rect {
  const [left, top] = [clamp(x), clamp(y)];
  return { x: left, y: top, width: clamp(x + width) - left, height: clamp(y + height) - top };
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
