import type { Warning } from '../contract/traveller.ts';
import { Fault } from '../contract/fault.ts';
import { type Effect, type Event, type Limits, type Span, type State, step } from './journey.ts';

/** Does one effect. The signal fires when its stage is left; events go back through `send`. */
export type Perform = (
  effect: Exclude<Effect, { do: 'wait' }>,
  signal: AbortSignal,
  send: (event: Event) => void,
) => Promise<void>;

/** Timers of the host; a test brings its own. */
export interface Timers {
  set(done: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export interface JourneyOptions {
  readonly limits: Limits;
  /** How long each stage may last, in milliseconds: configuration. */
  readonly spansMs: Readonly<Record<Span, number>>;
  /** How long before the end of a stage the traveller is warned. */
  readonly warnMs: number;
  readonly perform: Perform;
  readonly timers?: Timers;
  onState(state: State): void;
  onWarning(warning: Warning): void;
}

/** A crossing in progress, or the wait for one. */
export interface Journey {
  readonly state: State;
  send(event: Event): void;
  close(): void;
}

const hostTimers: Timers = {
  set: (done, ms) => setTimeout(done, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Stages in which the traveller is waited for, and so is warned before the time is up. */
const warned = new Set<Span>(['language', 'document', 'face', 'challenge', 'finger']);

/** Walks the journey: performs the effects of each step, cancels those of the stage before, and keeps the time. */
export function runJourney(options: JourneyOptions): Journey {
  const { limits, spansMs, warnMs, perform, timers = hostTimers } = options;
  let state: State = { stage: 'attract' };
  let work = new AbortController();
  let running: unknown[] = [];

  const stopClock = () => {
    for (const timer of running) timers.clear(timer);
    running = [];
    options.onWarning(null);
  };
  const startClock = (span: Span) => {
    stopClock();
    const allMs = spansMs[span];
    running.push(timers.set(() => send({ type: 'elapsed' }), allMs));
    if (warned.has(span) && allMs > warnMs) {
      const secondsLeft = Math.ceil(warnMs / 1000);
      running.push(timers.set(() => options.onWarning({ secondsLeft }), allMs - warnMs));
    }
  };

  const start = (effect: Effect) => {
    if (effect.do === 'wait') return startClock(effect.span);
    const { signal } = work;
    const sendWhileCurrent = (event: Event) => {
      if (!signal.aborted) send(event);
    };
    perform(effect, signal, sendWhileCurrent).catch((error: unknown) =>
      sendWhileCurrent({ type: 'failed', fault: Fault.from(error).code }),
    );
  };

  function send(event: Event): void {
    const before = state;
    const [after, ...effects] = step(before, event, limits);
    if (after === before && effects.length === 0) return;
    state = after;
    if (entryOf(after) !== entryOf(before)) {
      work.abort(new Fault('capture.cancelled'));
      work = new AbortController();
      stopClock();
    }
    options.onState(after);
    for (const effect of effects) start(effect);
  }

  return {
    get state() {
      return state;
    },
    send,
    close() {
      work.abort(new Fault('capture.cancelled'));
      stopClock();
    },
  };
}

/** Two states of one entry share their work and their clock; a new attempt is a new entry. */
const entryOf = (state: State) => `${state.stage} ${'attempt' in state ? state.attempt : ''}`;
