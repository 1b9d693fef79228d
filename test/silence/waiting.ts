import type { Decision } from '../../main/contract/crossing.ts';
import type { TravelDocument } from '../../main/contract/document.ts';
import { runJourney } from '../../main/journey/runner.ts';
import type { Timers } from '../../main/journey/timers.ts';
import { faceOf, finger, limits, matched } from '../journey/events.ts';

const longMs = 60_000;
const spansMs = {
  language: longMs,
  document: longMs,
  face: longMs,
  challenge: longMs,
  finger: longMs,
  deciding: longMs,
  recording: longMs,
  passed: longMs,
  referred: longMs,
};

/** What a kiosk does while the traveller waits. */
export interface Work {
  decide(document: TravelDocument): Promise<Decision>;
  record(document: TravelDocument, decision: Decision): Promise<void>;
}

/**
 * Walks a traveller through the journey as the kiosk runs it, and gives how long the view "one moment" stayed, in milliseconds of the
 * timers: from the last capture to the moment at which the next view is shown and the door opens.
 */
export function waitOf(document: TravelDocument, work: Work, slotMs: number, timers: Timers): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let startedMs = 0;
  const journey = runJourney({
    limits: { ...limits, challengeAttempts: 0 },
    spansMs,
    warnMs: 1000,
    slotMs,
    timers,
    async perform(effect, _, send) {
      if (effect.do === 'decide') send({ type: 'decided', decision: await work.decide(document).catch(failed) });
      if (effect.do === 'record') {
        await work.record(document, effect.decision).catch(failed);
        send({ type: 'recorded' });
      }
    },
    onState({ stage }) {
      if (stage === 'deciding') startedMs = timers.now();
      if (stage === 'referred') reject(new Error('was referred'));
      if (stage !== 'passed') return;
      resolve(timers.now() - startedMs);
    },
    onWarning: () => {},
  });
  const failed = (error: unknown): never => {
    reject(error instanceof Error ? error : new Error('failed'));
    throw error;
  };
  journey.send({ type: 'begun', crossingId: '0197e0a0-0000-7000-8000-000000000000' });
  journey.send({ type: 'chose', language: 'en' });
  journey.send({ type: 'document-read', document, reasons: [] });
  journey.send({ type: 'face-captured', face: faceOf(matched) });
  journey.send({ type: 'finger-captured', finger });
  return promise.finally(() => journey.close());
}
