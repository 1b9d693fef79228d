import type { Warning } from '../contract/traveller.ts';
import { Fault } from '../contract/fault.ts';
import { type Effect, type Event, type Limits, type Span, type State, step } from './journey.ts';
import { type Slots, startSlots } from './slots.ts';
import { hostTimers, type Timers } from './timers.ts';

/** Does one effect. The signal fires when its stage is left; events go back through `send`. */
export type Perform = (
  effect: Exclude<Effect, { do: 'wait' }>,
  signal: AbortSignal,
  send: (event: Event) => void,
) => Promise<void>;

export interface JourneyOptions {
  readonly limits: Limits;
  /** How long each stage may last, in milliseconds: configuration. */
  readonly spansMs: Readonly<Record<Span, number>>;
  /** How long before the end of a stage the traveller is warned. */
  readonly warnMs: number;
  /** While the traveller is told to wait, what was found goes on at multiples of this, whatever it was (R18); 0: at once. */
  readonly slotMs: number;
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

/** Stages in which the traveller is waited for, and so is warned before the time is up. */
const warned = new Set<Span>(['language', 'document', 'face', 'challenge', 'finger']);

/** Stages whose length could tell what is found: the traveller sees one view, and waits. */
const slotted = new Set<State['stage']>(['deciding', 'recording']);

/** Walks the journey: performs the effects of each step, cancels those of the stage before, and keeps the time. */
export function runJourney(options: JourneyOptions): Journey {
  const { limits, spansMs, warnMs, slotMs, perform, timers = hostTimers } = options;
  let state: State = { stage: 'attract' };
  let work = new AbortController();
  let running: unknown[] = [];
  let slots: Slots | undefined;

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

  const keepSlots = ({ stage }: State) => {
    if (slotted.has(stage)) return (slots ??= startSlots(slotMs, timers));
    slots?.close();
    slots = undefined;
  };

  const start = (effect: Effect) => {
    if (effect.do === 'wait') return startClock(effect.span);
    const { signal } = work;
    const sendWhileCurrent = (event: Event) => {
      const goOn = () => {
        if (!signal.aborted) send(event);
      };
      if (slots) slots.hold(goOn);
      else goOn();
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
      keepSlots(after);
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
      slots?.close();
    },
  };
}

/** Two states of one entry share their work and their clock; a new attempt is a new entry. */
const entryOf = (state: State) => `${state.stage} ${'attempt' in state ? state.attempt : ''}`;
