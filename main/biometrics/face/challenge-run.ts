import type { ChallengeEvidence, ChallengePrompt, FrameAnswer } from '../../contract/biometrics.ts';
import type { CameraFrame } from '../../contract/image.ts';
import { clip, placeHint, widen } from './face-capture.ts';
import type { ChallengeFrame, ChallengeState } from './face-challenge.ts';
import type { FrameReading } from './face-reader.ts';
import { type FrameGate, gateFrames } from './frame-gate.ts';

/** A challenge under way; an answer's prompt is what the page should show from now on. */
export interface ChallengeRun extends FrameGate<FrameAnswer & { readonly prompt: ChallengePrompt }, ChallengeEvidence> {
  /** Hands over what was done so far: whoever takes it overwrites it. */
  take(): ChallengeEvidence['steps'];
}

/** Joins the frames that `read` reads to a challenge that is followed frame by frame. */
export function runChallenge(
  read: (frame: CameraFrame) => Promise<FrameReading>,
  signal: AbortSignal,
  follow: (frame: ChallengeFrame) => ChallengeState,
): ChallengeRun {
  let steps: ChallengeEvidence['steps'] = [];
  let taken = false;
  const first = { wanted: true, hint: 'find', box: null, crop: null, progress: 0, prompt: 'centre' } as const;
  let answer: FrameAnswer & { readonly prompt: ChallengePrompt } = first;
  const gate = gateFrames<typeof answer, ChallengeEvidence>({
    read,
    signal,
    first,
    hear(reading, { takenAtMs }, frozen) {
      if (frozen) return { answer };
      const state = follow({ reading, takenAtMs });
      const [face, rival] = reading.faces;
      steps = state.steps;
      answer = {
        wanted: true,
        // Where the face is matters more than what it does.
        hint: face ? (placeHint(face, rival) ?? state.hint) : 'find',
        box: face ? clip(face) : null,
        crop: face ? clip(widen(face)) : null,
        progress: state.progress,
        prompt: state.prompt,
      };
      return { answer, ...(state.ended && { result: state.ended }) };
    },
    forget() {
      if (!taken) for (const { image } of steps) image.pixels.fill(0);
    },
  });
  return {
    ...gate,
    take() {
      taken = true;
      return steps;
    },
  };
}
