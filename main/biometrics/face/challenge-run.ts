import type { ChallengeEvidence, ChallengePrompt, FaceHint, FrameAnswer } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import { CameraFrame } from '../../contract/image.ts';
import { clip, placeHint, widen } from './face-capture.ts';
import type { ChallengeFrame, ChallengeState } from './face-challenge.ts';
import type { FrameReading } from './face-reader.ts';

/** A challenge under way. */
export interface ChallengeRun {
  /** As of a capture; the prompt is what the page should show from now on. Faults: `image.malformed`, and those of the worker. */
  offer(frame: CameraFrame): Promise<FrameAnswer & { readonly prompt: ChallengePrompt }>;
  /** Settles with how it went, or with `capture.cancelled`. */
  readonly result: Promise<ChallengeEvidence>;
  /** What was done so far. */
  steps(): ChallengeEvidence['steps'];
}

/** Joins the frames that `read` reads to a challenge that is followed frame by frame. */
export function runChallenge(
  read: (frame: CameraFrame) => Promise<FrameReading>,
  signal: AbortSignal,
  follow: (frame: ChallengeFrame) => ChallengeState,
): ChallengeRun {
  const result = Promise.withResolvers<ChallengeEvidence>();
  // Whoever starts a challenge need not wait for its result.
  result.promise.catch(() => {});
  let ended = false;
  let reading = false;
  let steps: ChallengeEvidence['steps'] = [];
  let lastLuma: Uint8Array = new Uint8Array();
  let answer: FrameAnswer & { prompt: ChallengePrompt } = {
    wanted: true,
    hint: 'find',
    box: null,
    crop: null,
    progress: 0,
    prompt: 'centre',
  };
  const cancel = () => {
    ended = true;
    answer = { ...answer, wanted: false, hint: 'wait', crop: null };
    result.reject(new Fault('capture.cancelled'));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  function hear(heard: FrameReading, takenAtMs: number): typeof answer {
    const state = follow({ reading: heard, takenAtMs });
    const { prompt, hint, progress, ended: evidence } = state;
    steps = state.steps;
    const [face, rival] = heard.faces;
    if (evidence) {
      ended = true;
      signal.removeEventListener('abort', cancel);
      result.resolve(evidence);
    }
    // Where the face is matters more than what it does.
    const shown: FaceHint = face ? (placeHint(face, rival) ?? hint) : 'find';
    const crop = face && !ended ? clip(widen(face)) : null;
    return { wanted: !ended, hint: shown, box: face ? clip(face) : null, crop, progress, prompt };
  }

  async function offer(frame: CameraFrame): Promise<typeof answer> {
    if (ended || reading) return answer;
    if (!CameraFrame.safeParse(frame).success) throw new Fault('image.malformed', 'camera frame');
    reading = true;
    try {
      const heard = await read(frame);
      const frozen = Buffer.compare(frame.luma, lastLuma) === 0;
      lastLuma = frame.luma;
      if (!ended && !frozen) answer = hear(heard, frame.takenAtMs);
    } catch (error) {
      if (!ended) throw Fault.from(error);
    } finally {
      reading = false;
    }
    return answer;
  }

  return { offer, result: result.promise, steps: () => steps };
}
