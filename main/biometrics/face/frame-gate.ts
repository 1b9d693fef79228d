import type { FrameAnswer } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import { CameraFrame } from '../../contract/image.ts';
import type { FaceShot, FrameReading } from './face-reader.ts';

/** Something that frames are offered to until it has what it wants. */
export interface FrameGate<A extends FrameAnswer, R> {
  /**
   * Reads a frame and says what would help. While one is being read, others get the answer before it. After the end no
   * more is wanted. Faults: `image.malformed`, and those of the worker; it goes on after them.
   */
  offer(frame: CameraFrame): Promise<A>;
  /** Settles with what was wanted, or with `capture.cancelled`. */
  readonly result: Promise<R>;
}

export interface FrameGateOptions<A extends FrameAnswer, R> {
  readonly read: (frame: CameraFrame) => Promise<FrameReading>;
  readonly signal: AbortSignal;
  /** What is answered before anything was read. */
  readonly first: A;
  /**
   * What is made of a reading; a result ends it. `frozen` says that the frame is the one before over again: a camera that
   * stands still gives such, a living face never does.
   */
  readonly hear: (reading: FrameReading, frame: CameraFrame, frozen: boolean) => { answer: A; result?: R };
  /** Overwrites what was kept of the readings, when it is cancelled. */
  readonly forget: () => void;
}

/** Overwrites shots that nobody will look at. */
export function discard(shots: readonly FaceShot[]): void {
  for (const { live, template } of shots) {
    live.pixels.fill(0);
    template.values.fill(0);
  }
}

/** Lets one frame at a time through to the reader. */
export function gateFrames<A extends FrameAnswer, R>(options: FrameGateOptions<A, R>): FrameGate<A, R> {
  const { read, signal, hear, forget } = options;
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  // Whoever offers frames need not wait for the result.
  promise.catch(() => {});
  let ended = false;
  let reading = false;
  let lastLuma: Uint8Array = new Uint8Array();
  let answer = options.first;

  const end = () => {
    ended = true;
    answer = { ...answer, wanted: false, crop: null };
    signal.removeEventListener('abort', cancel);
  };
  const cancel = () => {
    end();
    forget();
    answer = { ...answer, hint: 'wait' };
    reject(new Fault('capture.cancelled'));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  async function offer(frame: CameraFrame): Promise<A> {
    if (ended || reading) return answer;
    if (!CameraFrame.safeParse(frame).success) throw new Fault('image.malformed', 'camera frame');
    reading = true;
    try {
      const heard = await read(frame);
      const frozen = Buffer.compare(frame.luma, lastLuma) === 0;
      lastLuma = frame.luma;
      if (ended) {
        overwrite(heard);
        return answer;
      }
      const told = hear(heard, frame, frozen);
      answer = told.answer;
      if (told.result !== undefined) {
        end();
        resolve(told.result);
      }
    } catch (error) {
      if (!ended) throw Fault.from(error);
    } finally {
      reading = false;
    }
    return answer;
  }

  return { offer, result: promise };
}

/** What a frame held that came too late. */
function overwrite({ closeUp }: FrameReading): void {
  if (closeUp?.shot) discard([closeUp.shot]);
  closeUp?.challenge?.token.pixels.fill(0);
  closeUp?.challenge?.template.values.fill(0);
}
