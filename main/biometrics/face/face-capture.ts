import type { FaceHint, FrameAnswer } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import { CameraFrame, type Rect } from '../../contract/image.ts';
import { meanDirection } from './embedder.ts';
import { compareFaces } from './face-comparison.ts';
import type { FaceDefect } from './face-quality.ts';
import type { FaceShot, FrameReading } from './face-reader.ts';

/** One attempt to capture the live face. */
export interface FaceCapture {
  /**
   * Reads a frame and says what would help. While one is being read, others get the answer before it. Once the capture
   * has ended, no more is wanted. Faults: `image.malformed`, and those of the worker; the capture goes on after them.
   */
  offer(frame: CameraFrame): Promise<FrameAnswer>;
  /** Settles with the best of several good frames of one person, or with `capture.cancelled`. */
  readonly result: Promise<FaceShot>;
}

/** Where a face may be, as fractions of the frame. Fits a booth camera at arm's length and a person of any height. */
const place = { minHeight: 0.16, maxHeight: 0.75, maxOffCentre: 0.25, maxOffMiddle: 0.3 } as const;
/** A second face at least this wide beside the first is another traveller; a smaller one is somebody behind. */
const rivalWidth = 0.65;
/** Eyes may be narrow by nature: after so many frames that lack nothing else, they are taken as they are. */
const narrowFrames = 12;
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
};

/** Captures a face from frames that `read` reads. The template is the mean direction of those of `wantedShots` good frames. */
export function captureFace(
  read: (frame: CameraFrame) => Promise<FrameReading>,
  signal: AbortSignal,
  wantedShots: number,
): FaceCapture {
  const result = Promise.withResolvers<FaceShot>();
  // Whoever starts a capture need not wait for its result.
  result.promise.catch(() => {});
  let ended = false;
  let narrow = 0;
  let reading = false;
  let shots: FaceShot[] = [];
  let lastLuma: Uint8Array = new Uint8Array();
  let answer: FrameAnswer = { wanted: true, hint: 'find', box: null, crop: null, progress: 0 };

  const cancel = () => {
    ended = true;
    answer = { ...answer, wanted: false, hint: 'wait', crop: null };
    result.reject(new Fault('capture.cancelled'));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  function collect(shot: FaceShot): void {
    const [first] = shots;
    // Somebody else has stepped in: begin again with them.
    if (first && !compareFaces(shot.template, first.template).matched) shots = [];
    shots = [...shots, shot];
    if (shots.length < wantedShots) return;
    ended = true;
    signal.removeEventListener('abort', cancel);
    result.resolve(bestShot(shots));
  }

  function hear(reading: FrameReading, frozen: boolean): FrameAnswer {
    const [face, rival] = reading.faces;
    const box = face ? clip(face) : null;
    const hint = face ? placeHint(face, rival) : 'find';
    if (hint !== null || !face) return { wanted: true, hint: hint ?? 'find', box, crop: null, progress: progress() };
    const [defect] = reading.closeUp?.defects ?? [];
    const shot = reading.closeUp?.shot;
    if (shot && !frozen && (!defect || ++narrow > narrowFrames)) collect(shot);
    const crop = ended ? null : clip(widen(face));
    return { wanted: !ended, hint: defect ? hintOf[defect] : 'hold', box, crop, progress: progress() };
  }

  const progress = () => shots.length / wantedShots;

  async function offer(frame: CameraFrame): Promise<FrameAnswer> {
    if (ended || reading) return answer;
    if (!CameraFrame.safeParse(frame).success) throw new Fault('image.malformed', 'camera frame');
    reading = true;
    try {
      const heard = await read(frame);
      // A camera that stands still delivers one picture again and again; a living face never does.
      const frozen = Buffer.compare(frame.luma, lastLuma) === 0;
      lastLuma = frame.luma;
      if (!ended) answer = hear(heard, frozen);
    } catch (error) {
      if (!ended) throw Fault.from(error);
    } finally {
      reading = false;
    }
    return answer;
  }

  return { offer, result: result.promise };
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
