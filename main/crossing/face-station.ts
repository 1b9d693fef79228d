import { compareFaces } from '../biometrics/face/face-comparison.ts';
import type { FaceCapture } from '../biometrics/face/face-capture.ts';
import type { FaceEngine } from '../biometrics/face/face-engine.ts';
import type { FaceEvidence, FrameAnswer } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { CameraFrame } from '../contract/image.ts';
import type { Event } from '../journey/journey.ts';

export interface FaceStation {
  /** Captures the live face, with hints on the way, and compares it with the portrait. Gives `face-captured` or `face-missed`. */
  capture(portrait: Uint8Array | undefined, signal: AbortSignal, send: (event: Event) => void): Promise<Event>;
  /** Takes a frame of the page's camera; not wanted unless a capture is under way. */
  offer(frame: CameraFrame): Promise<FrameAnswer>;
  /** The page's camera went away, or came back. */
  cameraPresent(present: boolean): void;
}

export interface FaceStationOptions {
  readonly engine: FaceEngine;
  readonly threshold: number | undefined;
  /** A face seen but never good for so long is given up: the guard decides. */
  readonly captureMs: number;
}

const unwanted: FrameAnswer = { wanted: false, hint: 'wait', box: null, crop: null, progress: 0 };

/** Joins the frames of the page's camera to the capture under way. */
export function openFaceStation({ engine, threshold, captureMs }: FaceStationOptions): FaceStation {
  let current: { capture: FaceCapture; send: (event: Event) => void; seen(): void } | undefined;

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
      current = { capture, send, seen: () => (due ??= setTimeout(() => miss('missed'), captureMs)) };
      try {
        const live = await Promise.race([capture.result, missed]);
        if (live === 'missed') return { type: 'face-missed' };
        return { type: 'face-captured', face: await compared(live, reference) };
      } finally {
        clearTimeout(due);
        ended.abort(new Fault('capture.cancelled'));
        if (current?.capture === capture) current = undefined;
      }
    },
    async offer(frame) {
      const taking = current;
      if (!taking) return unwanted;
      const answer = await taking.capture.offer(frame);
      if (taking !== current) return unwanted;
      if (answer.box) taking.seen();
      const { hint, box, progress } = answer;
      taking.send({ type: 'face-hint', hint, box, progress });
      return answer;
    },
    cameraPresent(present) {
      current?.send({ type: 'face-hint', hint: present ? 'find' : 'wait', box: null, progress: 0 });
    },
  };
}
