import type { Timers } from './timers.ts';

/** What is held goes on at the end of the slot in which it came. */
export interface Slots {
  hold(goOn: () => void): void;
  /** What is still held never goes on. */
  close(): void;
}

/**
 * Starts slots of equal length, in milliseconds; 0: nothing is held. Their ends are fixed now, so that when something goes on says
 * in which slot it came and nothing else: a timer set when it came would tell, by its rounding, when that was.
 */
export function startSlots(slotMs: number, timers: Timers): Slots {
  if (slotMs === 0) return { hold: (goOn) => goOn(), close: () => {} };
  const startedMs = timers.now();
  let held: (() => void)[] = [];
  let timer: unknown;
  let ended = 0;
  const wait = () => {
    // Ends that have gone by while the machine was held up are left out, and nothing is made up for.
    ended = Math.max(ended, Math.floor((timers.now() - startedMs) / slotMs)) + 1;
    timer = timers.set(end, startedMs + ended * slotMs - timers.now());
  };
  const end = () => {
    const due = held;
    held = [];
    wait();
    for (const goOn of due) goOn();
  };
  wait();
  return {
    hold: (goOn) => void held.push(goOn),
    close() {
      held = [];
      timers.clear(timer);
    },
  };
}
