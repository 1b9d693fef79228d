import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import type { Effect, Event, Span, State } from '../../main/journey/journey.ts';
import { type Perform, runJourney } from '../../main/journey/runner.ts';
import type { Timers } from '../../main/journey/timers.ts';
import { limits, smooth } from './events.ts';

/** A clock that moves when told to. */
function handClock(): Timers & { advance(ms: number): void } {
  let now = 0;
  const waiting = new Set<{ at: number; done: () => void }>();
  return {
    now: () => now,
    set(done, ms) {
      const timer = { at: now + ms, done };
      waiting.add(timer);
      return timer;
    },
    clear: (timer) => void waiting.delete(timer as { at: number; done: () => void }),
    advance(ms) {
      now += ms;
      for (const timer of waiting) if (timer.at <= now && waiting.delete(timer)) timer.done();
    },
  };
}

const spansMs = {
  language: 10,
  document: 100,
  face: 100,
  challenge: 100,
  finger: 100,
  deciding: 100,
  recording: 100,
  passed: 100,
  referred: 100,
};

function journey(perform: Perform = async () => {}) {
  const timers = handClock();
  const states: State['stage'][] = [];
  const warnings: unknown[] = [];
  const started: { effect: Effect; signal: AbortSignal; send: (event: Event) => void }[] = [];
  const run = runJourney({
    limits,
    spansMs: spansMs satisfies Record<Span, number>,
    warnMs: 20,
    slotMs: 0,
    timers,
    perform: (effect, signal, send) => {
      started.push({ effect, signal, send });
      return perform(effect, signal, send);
    },
    onState: (state) => states.push(state.stage),
    onWarning: (warning) => warnings.push(warning),
  });
  return { run, timers, states, warnings, started };
}

test('entering a stage cancels the work of the one before, and what it still says is not heard', () => {
  const { run, started } = journey();
  for (const event of smooth.slice(0, 2)) run.send(event);
  const reading = started.find(({ effect }) => effect.do === 'read-document');
  assert.equal(reading?.signal.aborted, false);
  run.send({ type: 'left' });
  assert.equal(reading?.signal.aborted, true);
  reading?.send(smooth[2]!);
  assert.equal(run.state.stage, 'attract');
});

test('the traveller is warned before the time is up, and asking for more time starts it again', () => {
  const { run, timers, warnings } = journey();
  for (const event of smooth.slice(0, 2)) run.send(event);
  timers.advance(80);
  assert.deepEqual(warnings.at(-1), { secondsLeft: 1 });
  run.send({ type: 'stayed' });
  assert.equal(warnings.at(-1), null);
  timers.advance(80);
  assert.equal(run.state.stage, 'document');
  timers.advance(20);
  assert.equal(run.state.stage, 'attract');
});

test('asking for more time does not disturb the capture under way', () => {
  const { run, started } = journey();
  for (const event of smooth.slice(0, 2)) run.send(event);
  run.send({ type: 'stayed' });
  const readings = started.filter(({ effect }) => effect.do === 'read-document');
  assert.equal(readings.length, 1);
  assert.equal(readings[0]?.signal.aborted, false);
});

test('a hint changes the screen and nothing else', () => {
  const { run, started } = journey();
  for (const event of smooth.slice(0, 2)) run.send(event);
  const before = started.length;
  run.send({ type: 'document-hint', hint: 'hold' });
  assert.equal(started.length, before);
  assert.equal(started.at(-1)?.signal.aborted, false);
});

test('an effect that fails refers the traveller', async () => {
  const { run } = journey(async (effect) => {
    if (effect.do === 'capture-face') throw new Fault('device.broken');
  });
  for (const event of smooth.slice(0, 3)) run.send(event);
  await new Promise(setImmediate);
  assert.equal(run.state.stage, 'recording');
  run.send({ type: 'recorded' });
  assert.equal(run.state.stage, 'referred');
});

test('a closed journey is silent', () => {
  const { run, timers, started } = journey();
  for (const event of smooth.slice(0, 2)) run.send(event);
  run.close();
  assert.equal(started.at(-1)?.signal.aborted, true);
  timers.advance(1000);
  assert.equal(run.state.stage, 'document');
});
