import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChallengeRun } from '../../main/biometrics/face/challenge-run.ts';
import type { FaceEngine } from '../../main/biometrics/face/face-engine.ts';
import type { ChallengeEvidence, ChallengePrompt } from '../../main/contract/biometrics.ts';
import { Fault } from '../../main/contract/fault.ts';
import type { CameraFrame } from '../../main/contract/image.ts';
import { openFaceStation } from '../../main/crossing/face-station.ts';
import { wipe } from '../../main/crossing/records.ts';
import type { Event } from '../../main/journey/journey.ts';
import { challengeOf, faceOf } from '../journey/events.ts';

const frame: CameraFrame = {
  sequence: 0,
  takenAtMs: 0,
  sourceWidthPx: 16,
  sourceHeightPx: 16,
  widthPx: 16,
  heightPx: 16,
  luma: new Uint8Array(256),
};
const reference = faceOf().template;
const gone = { state: 'away', fault: 'camera.absent' } as const;

/** A station whose engine runs the challenge given, and what it was asked. */
function stationWith(run: ChallengeRun, longestMs = 60_000, faultMs = 60_000) {
  const asked: { signal: AbortSignal; prompts: readonly ChallengePrompt[] }[] = [];
  const engine: Pick<FaceEngine, 'startChallenge'> = {
    startChallenge(options) {
      asked.push(options);
      options.signal.addEventListener('abort', () => {});
      return run;
    },
  };
  const station = openFaceStation({
    engine: engine as FaceEngine,
    threshold: undefined,
    captureMs: 60_000,
    cameraFaultMs: faultMs,
    challenge: { draw: () => ['centre', 'turn-left'], longestMs },
  });
  return { station, asked };
}

test('a challenge that is passed is told with its frames, and the page hears each prompt', async () => {
  const over = Promise.withResolvers<ChallengeEvidence>();
  const answer = { wanted: true, hint: 'hold', box: null, crop: null, progress: 0.5, prompt: 'turn-left' } as const;
  const { station, asked } = stationWith({ offer: async () => answer, result: over.promise, take: () => [] });
  const heard: Event[] = [];
  const ended = station.challenge(reference, new AbortController().signal, (event) => heard.push(event));
  // The answer to the page holds what its contract knows, and nothing besides.
  assert.deepEqual(Object.keys(await station.offer(frame)).toSorted(), ['box', 'crop', 'hint', 'progress', 'wanted']);
  assert.deepEqual(heard, [{ type: 'challenge-hint', prompt: 'turn-left', hint: 'hold', box: null, progress: 0.5 }]);
  over.resolve(challengeOf(true));
  assert.deepEqual(await ended, { type: 'challenge-ended', challenge: challengeOf(true) });
  assert.equal(asked[0]?.signal.aborted, true);
  assert.equal((await station.offer(frame)).wanted, false);
});

test('a challenge that lasts too long, or whose camera has stopped, was not passed; what was done of it is kept', async () => {
  const { steps } = challengeOf(false);
  const never = new Promise<ChallengeEvidence>(() => {});
  const silent: ChallengeRun = { offer: () => new Promise(() => {}), result: never, take: () => steps };
  const { station } = stationWith(silent, 1);
  const heard: Event[] = [];
  const ended = station.challenge(reference, new AbortController().signal, (event) => heard.push(event));
  station.camera(gone);
  assert.deepEqual(await ended, { type: 'challenge-ended', challenge: { passed: false, steps } });
  assert.deepEqual(heard, [{ type: 'challenge-hint', prompt: 'centre', hint: 'wait', box: null, progress: 0 }]);
});

test('a challenge that begins while the camera is still lost tells the traveller to wait, until it is back', async () => {
  const never = new Promise<ChallengeEvidence>(() => {});
  const silent: ChallengeRun = { offer: () => new Promise(() => {}), result: never, take: () => [] };
  const { station } = stationWith(silent, 1);
  const attempt = async (during: () => void) => {
    const hints: string[] = [];
    const hear = (event: Event) => hints.push(event.type === 'challenge-hint' ? event.hint : event.type);
    const ended = station.challenge(reference, new AbortController().signal, hear);
    during();
    await ended;
    return hints;
  };
  assert.deepEqual(await attempt(() => station.camera(gone)), ['wait']);
  const hints = await attempt(() => station.camera({ state: 'running', fault: null }));
  assert.deepEqual(hints, ['wait', 'find']);
});

test('a camera that stays at fault fails what waits for it with its fault; one that may be plugged in yet is waited for', async () => {
  const never = new Promise<ChallengeEvidence>(() => {});
  const silent: ChallengeRun = { offer: () => new Promise(() => {}), result: never, take: () => [] };
  const { station } = stationWith(silent, 60_000, 1);
  const challenge = () => station.challenge(reference, new AbortController().signal, () => {});
  station.camera(gone);
  const waiting = challenge();
  station.camera({ state: 'away', fault: 'camera.frozen' });
  await assert.rejects(waiting, { code: 'camera.frozen' });
  await assert.rejects(challenge(), { code: 'camera.frozen' });
  const patient = stationWith(silent, 20, 1).station;
  patient.camera(gone);
  const ended = await patient.challenge(reference, new AbortController().signal, () => {});
  assert.equal(ended.type, 'challenge-ended');
});

test('a challenge that is cancelled says so', async () => {
  const result = Promise.reject(new Fault('capture.cancelled'));
  result.catch(() => {});
  const { station } = stationWith({ offer: () => new Promise(() => {}), result, take: () => [] });
  await assert.rejects(
    station.challenge(reference, AbortSignal.abort(), () => {}),
    { code: 'capture.cancelled' },
  );
});

test('the frames of a challenge are overwritten with the rest of the evidence', () => {
  const challenge = challengeOf(true);
  wipe({ challenge, reasons: [] });
  assert.ok(challenge.steps.every(({ image }) => image.pixels.every((value) => value === 0)));
});
