import { compareFaces } from '../biometrics/face/face-comparison.ts';
import type { FaceEngine } from '../biometrics/face/face-engine.ts';
import type {
  ChallengeEvidence,
  ChallengePrompt,
  FaceEvidence,
  FaceTemplate,
  FrameAnswer,
} from '../contract/biometrics.ts';
import type { CameraReport } from '../contract/camera.ts';
import { Fault } from '../contract/fault.ts';
import type { CameraFrame } from '../contract/image.ts';
import type { Event } from '../journey/journey.ts';
import { watchCamera } from './camera-watch.ts';

export interface FaceStation {
  /** Captures the live face, with hints on the way, and compares it with the portrait. Gives `face-captured` or `face-missed`. */
  capture(portrait: Uint8Array | undefined, signal: AbortSignal, send: (event: Event) => void): Promise<Event>;
  /**
   * Asks the one whose face was captured to follow prompts, with hints on the way. Gives `challenge-ended`, as not passed
   * too when its time is over.
   */
  challenge(reference: FaceTemplate, signal: AbortSignal, send: (event: Event) => void): Promise<Event>;
  /** Takes a frame of the page's camera; not wanted unless a capture is under way. */
  offer(frame: CameraFrame): Promise<FrameAnswer>;
  /** The page's camera went away, or came back. One that stays at fault fails what waits for it. */
  camera(report: Pick<CameraReport, 'state' | 'fault'>): void;
}

export interface FaceStationOptions {
  readonly engine: FaceEngine;
  readonly threshold: number | undefined;
  /** A face seen but never good for so long is given up: the guard decides. */
  readonly captureMs: number;
  /** A camera that gives no true pictures for so long is given up: the traveller is referred. */
  readonly cameraFaultMs: number;
  readonly challenge: {
    /** Prompts that nobody can foresee. */
    readonly draw: () => readonly ChallengePrompt[];
    readonly longestMs: number;
  };
}

const unwanted: FrameAnswer = { wanted: false, hint: 'wait', box: null, crop: null, progress: 0 };

/** Joins the frames of the page's camera to the capture under way. */
export function openFaceStation(options: FaceStationOptions): FaceStation {
  const { engine, threshold, captureMs, challenge } = options;
  type Taking = { take(frame: CameraFrame): Promise<FrameAnswer>; tell(answer: FrameAnswer): void };
  let current: Taking | undefined;
  const watch = watchCamera(options.cameraFaultMs);

  const begin = (taking: Taking) => {
    current = taking;
    // Whatever begins while the camera is away has to wait for it.
    if (watch.away) taking.tell({ ...unwanted, wanted: true });
  };

  /** The comparison with a portrait that was worked on while the traveller was being captured. */
  const compared = async (
    live: Omit<FaceEvidence, 'comparison'>,
    reference: ReturnType<FaceEngine['readPortrait']> | undefined,
  ) => {
    try {
      const template = (await reference)?.template;
      return template ? { ...live, comparison: compareFaces(live.template, template, threshold) } : live;
    } catch (error) {
      if (Fault.from(error).code === 'image.malformed') return live;
      throw error;
    }
  };

  return {
    async capture(portrait, signal, send) {
      const ended = new AbortController();
      const until = AbortSignal.any([signal, ended.signal]);
      const reference = portrait && engine.readPortrait(portrait, until);
      reference?.catch(() => {});
      const capture = engine.startCapture({ signal: until });
      const { promise: missed, resolve: miss } = Promise.withResolvers<'missed'>();
      let due: NodeJS.Timeout | undefined;
      const taking: Taking = {
        take: (frame) => capture.offer(frame),
        tell({ hint, box, progress }) {
          if (box) due ??= setTimeout(() => miss('missed'), captureMs);
          send({ type: 'face-hint', hint, box, progress });
        },
      };
      begin(taking);
      try {
        const live = await Promise.race([capture.result, missed, watch.broken(until)]);
        if (live === 'missed') return { type: 'face-missed' };
        return { type: 'face-captured', face: await compared(live, reference) };
      } finally {
        clearTimeout(due);
        ended.abort(new Fault('capture.cancelled'));
        if (current === taking) current = undefined;
      }
    },
    async challenge(reference, signal, send) {
      const ended = new AbortController();
      const prompts = challenge.draw();
      const until = AbortSignal.any([signal, ended.signal]);
      const run = engine.startChallenge({ signal: until, prompts, reference });
      let prompt = prompts[0] ?? 'centre';
      const taking: Taking = {
        async take(frame) {
          const answer = await run.offer(frame);
          prompt = answer.prompt;
          return {
            wanted: answer.wanted,
            hint: answer.hint,
            box: answer.box,
            crop: answer.crop,
            progress: answer.progress,
          };
        },
        tell: ({ hint, box, progress }) => send({ type: 'challenge-hint', prompt, hint, box, progress }),
      };
      begin(taking);
      const { promise: late, resolve: over } = Promise.withResolvers<ChallengeEvidence>();
      const due = setTimeout(() => over({ passed: false, steps: run.take() }), challenge.longestMs);
      try {
        return { type: 'challenge-ended', challenge: await Promise.race([run.result, late, watch.broken(until)]) };
      } finally {
        clearTimeout(due);
        ended.abort(new Fault('capture.cancelled'));
        if (current === taking) current = undefined;
      }
    },
    async offer(frame) {
      const taking = current;
      if (!taking) return unwanted;
      const answer = await taking.take(frame);
      if (taking !== current) return unwanted;
      taking.tell(answer);
      return answer;
    },
    camera(report) {
      const before = watch.away;
      watch.set(report);
      if (!before && !watch.away) return;
      current?.tell({ wanted: true, hint: watch.away ? 'wait' : 'find', box: null, crop: null, progress: 0 });
    },
  };
}
