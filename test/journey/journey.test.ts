import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Effect, type Event, type State, step } from '../../main/journey/journey.ts';
import { viewOf } from '../../main/journey/view.ts';
import { View } from '../../main/contract/traveller.ts';
import { anyEvent, challengeOf, faceOf, limits, smooth, travelDocument, unmatched } from './events.ts';

const walk = (events: readonly Event[], from: State = { stage: 'attract' }) => {
  const effects: Effect[] = [];
  let state = from;
  for (const event of events) {
    const [after, ...more] = step(state, event, limits);
    state = after;
    effects.push(...more);
  }
  return { state, effects };
};

/** Nobody does anything for as long as any crossing can last. */
const silence: readonly Event[] = Array.from({ length: 4 }, () => ({ type: 'elapsed' }));

/** Random runs that often get far: pieces of the smooth way with anything in between. */
const eventRun = fc
  .array(fc.oneof({ weight: 2, arbitrary: fc.constant('smooth' as const) }, { weight: 1, arbitrary: anyEvent }), {
    maxLength: 60,
  })
  .map((run) => {
    let next = 0;
    return run.map((event) => (event === 'smooth' ? smooth[next++ % smooth.length]! : event));
  });

test('an uneventful crossing opens the gate once', () => {
  const { state, effects } = walk(smooth);
  assert.equal(state.stage, 'passed');
  assert.equal(effects.filter((effect) => effect.do === 'open-gate').length, 1);
});

test('the gate opens only on a clear decision that has been recorded', () => {
  let opened = 0;
  fc.assert(
    fc.property(eventRun, (events) => {
      let state: State = { stage: 'attract' };
      for (const event of events) {
        const [after, ...effects] = step(state, event, limits);
        if (effects.some((effect) => effect.do === 'open-gate')) {
          opened += 1;
          assert.equal(state.stage, 'recording');
          assert.equal(event.type, 'recorded');
          assert.equal(state.stage === 'recording' && state.decision.outcome, 'clear');
          assert.deepEqual(state.stage === 'recording' && state.crossing.evidence.reasons, []);
        }
        state = after;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(opened > 0, 'the runs must reach the gate, or they prove nothing');
});

test('silence always ends in attract', () => {
  fc.assert(
    fc.property(eventRun, (events) => {
      let { state } = walk(events);
      for (let i = 0; i < 4 && state.stage !== 'unavailable'; i++) state = step(state, { type: 'elapsed' }, limits)[0];
      assert.ok(state.stage === 'attract' || state.stage === 'unavailable');
    }),
    { numRuns: 2000 },
  );
});

test('every crossing that begins ends once: abandoned, or recorded and then passed or referred', () => {
  fc.assert(
    fc.property(eventRun, (events) => {
      const { state, effects } = walk([...events, ...silence]);
      const count = (kind: Effect['do']) => effects.filter((effect) => effect.do === kind).length;
      assert.ok(state.stage === 'attract' || state.stage === 'unavailable');
      assert.equal(count('begin'), count('abandon') + count('record'));
      assert.equal(count('open-gate'), count('close-gate'), 'what is opened is closed');
    }),
    { numRuns: 2000 },
  );
});

test('a traveller who leaves is abandoned with nothing recorded, at every step they can leave', () => {
  for (let length = 1; length <= 5; length++) {
    const { state, effects } = walk([...smooth.slice(0, length), { type: 'left' }]);
    assert.equal(state.stage, 'attract');
    assert.equal(effects.at(-1)?.do, 'abandon');
    assert.ok(!effects.some((effect) => effect.do === 'record'));
  }
});

test('once the decision is being made the traveller can no longer undo it', () => {
  assert.equal(walk([...smooth.slice(0, 6), { type: 'left' }]).state.stage, 'deciding');
});

test('a second person seen at any step refers the traveller, says so once, and refuses nobody', () => {
  const crowded: Event = { type: 'crowded', reason: 'second-person' };
  for (let length = 1; length <= smooth.length; length++) {
    const [before, after] = [smooth.slice(0, length), smooth.slice(length)];
    const { state, effects } = walk([...before, crowded, crowded, ...after]);
    assert.equal(state.stage, 'referred');
    const calls = effects.flatMap((effect) => (effect.do === 'call-guard' ? [effect.decision] : []));
    assert.deepEqual(calls, [{ outcome: 'refer', reasons: [{ code: 'second-person' }] }]);
    const doors = effects.filter((effect) => effect.do === 'open-gate' || effect.do === 'close-gate');
    assert.deepEqual(
      doors.map((effect) => effect.do),
      length === smooth.length ? ['open-gate', 'close-gate'] : [],
    );
  }
});

test('one who follows a cleared traveller closes the gate and calls the guard with a reason of its own', () => {
  const { state, effects } = walk([...smooth, { type: 'crowded', reason: 'tailgating' }]);
  assert.equal(state.stage, 'referred');
  assert.deepEqual(
    effects.slice(-3).map((effect) => effect.do),
    ['close-gate', 'call-guard', 'wait'],
  );
  const call = effects.at(-2);
  assert.deepEqual(call?.do === 'call-guard' && call.decision.reasons, [{ code: 'tailgating' }]);
});

test('a failed store refers even a clear decision and keeps the gate shut', () => {
  const { state, effects } = walk([...smooth.slice(0, 7), { type: 'failed', fault: 'store.failed' }]);
  assert.equal(state.stage, 'referred');
  assert.ok(!effects.some((effect) => effect.do === 'open-gate'));
});

test('a face that does not match is overwritten and tried again, and then goes on to the guard with its evidence', () => {
  const [first, second] = [faceOf(unmatched), faceOf(unmatched)];
  const misses = [first, second].map((face): Event => ({ type: 'face-captured', face }));
  const { state, effects } = walk([...smooth.slice(0, 3), ...misses]);
  const wiped = effects.flatMap((effect) => (effect.do === 'wipe' ? [effect.evidence.face] : []));
  assert.deepEqual(wiped, [first]);
  assert.equal(wiped[0], first);
  assert.equal(state.stage, 'finger');
  assert.equal(state.stage === 'finger' && state.crossing.evidence.face?.comparison?.matched, false);
});

test('a poor finger is asked for again, then with the other hand, then goes on without', () => {
  const poor: Event = { type: 'finger-poor', hint: 'press-harder' };
  const asked = walk([...smooth.slice(0, 5), poor, poor, poor]);
  const positions = asked.effects.flatMap((effect) => (effect.do === 'capture-finger' ? [effect.position] : []));
  assert.deepEqual(positions, limits.fingerPositions);
  assert.equal(asked.state.stage, 'deciding');
});

test('what is new of the traveller is asked about at once, and the crossing goes on meanwhile', () => {
  const asked = smooth.map((event, index) => {
    const [state, ...effects] = step(walk(smooth.slice(0, index)).state, event, limits);
    const asking = effects.flatMap((effect) => (effect.do === 'ask' ? [effect.crossing.evidence] : []));
    return [event.type, state.stage, ...asking.map(({ face, finger }) => [face !== undefined, finger !== undefined])];
  });
  assert.deepEqual(
    asked.filter(([, , evidence]) => evidence),
    [
      ['document-read', 'face', [false, false]],
      ['face-captured', 'challenge', [true, false]],
      ['finger-captured', 'deciding', [true, true]],
    ],
  );
});

test('a document that refers its traveller is asked about all the same, for the guard', () => {
  const expired: Event = { ...smooth[2]!, reasons: [{ code: 'document-expired' }] } as Event;
  const [state, ...effects] = step(walk(smooth.slice(0, 2)).state, expired, limits);
  assert.equal(state.stage, 'deciding');
  assert.deepEqual(
    effects.map((effect) => effect.do),
    ['ask', 'decide', 'wait'],
  );
});

test('a face that was captured is asked to follow prompts, unless the gate asks for none or the guard sees it anyway', () => {
  const [face] = smooth.slice(3, 4) as [Event];
  const before = walk(smooth.slice(0, 3)).state;
  const after = (event: Event, more: Partial<typeof limits> = {}) => step(before, event, { ...limits, ...more });
  const [asked, ...effects] = after(face);
  assert.equal(asked.stage, 'challenge');
  assert.ok(effects.some((effect) => effect.do === 'challenge-face' && effect.reference.model === 'm'));
  assert.equal(after(face, { challengeAttempts: 0 })[0].stage, 'finger');
  assert.equal(after({ type: 'face-captured', face: faceOf(unmatched) }, { faceAttempts: 1 })[0].stage, 'finger');
});

test('a challenge not passed is tried again, and then the traveller goes on to the guard with its frames', () => {
  const failed: Event = { type: 'challenge-ended', challenge: challengeOf(false) };
  const again = walk([...smooth.slice(0, 4), failed]).state;
  assert.ok(again.stage === 'challenge' && again.attempt === 2);
  const { state } = walk(
    [...smooth.slice(5), { type: 'recorded' }],
    walk([...smooth.slice(0, 4), failed, failed]).state,
  );
  assert.equal(state.stage, 'referred');
  const { state: finger } = walk([...smooth.slice(0, 4), failed, failed]);
  assert.ok(finger.stage === 'finger');
  assert.deepEqual(finger.crossing.evidence.reasons, [{ code: 'challenge-not-passed' }]);
  assert.equal(finger.crossing.evidence.challenge?.steps.length, 2);
});

test('where a challenge is asked for, the gate opens to nobody who did not pass it', () => {
  let opened = 0;
  fc.assert(
    fc.property(eventRun, (events) => {
      let state: State = { stage: 'attract' };
      for (const event of events) {
        const before = state;
        const [after, ...effects] = step(before, event, limits);
        if (effects.some((effect) => effect.do === 'open-gate') && 'crossing' in before) {
          opened += 1;
          const { face, challenge } = before.crossing.evidence;
          // The decision refers those without a face or without its match; here only the challenge is looked at.
          assert.ok(challenge?.passed || face === undefined || face.comparison?.matched === false);
        }
        state = after;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(opened > 0, 'the runs must reach the gate, or they prove nothing');
});

test('an expired document is decided upon without taking biometrics', () => {
  const { state, effects } = walk([
    ...smooth.slice(0, 2),
    { type: 'document-read', document: travelDocument, reasons: [{ code: 'document-expired' }] },
  ]);
  assert.equal(state.stage, 'deciding');
  assert.ok(!effects.some((effect) => effect.do === 'capture-face' || effect.do === 'capture-finger'));
});

test('the screen of a referral is the same for every reason', () => {
  const ways: Event[][] = [
    [...smooth.slice(0, 6), { type: 'decided', decision: { outcome: 'refer', reasons: [{ code: 'watchlist-face' }] } }],
    [...smooth.slice(0, 6), { type: 'decided', decision: { outcome: 'refer', reasons: [{ code: 'face-mismatch' }] } }],
    [...smooth.slice(0, 3), { type: 'failed', fault: 'device.broken' }],
    [...smooth.slice(0, 3), { type: 'helped' }],
  ];
  for (const way of ways) {
    const { state } = walk([...way, { type: 'recorded' }]);
    assert.deepEqual(viewOf(state, limits), { stage: 'referred', language: 'fr' });
  }
});

test('every state has a view that keeps the contract and tells nothing of the person', () => {
  fc.assert(
    fc.property(eventRun, (events) => {
      const view = viewOf(walk(events).state, limits);
      View.parse(view);
      assert.ok(!JSON.stringify(view).includes('ERIKSSON'));
    }),
  );
});
