/** Whole seconds left of a warning that was heard at `heardAtMs` with `secondsLeft`; never below zero. */
export function secondsLeftAt(secondsLeft: number, heardAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil(secondsLeft - Math.max(0, nowMs - heardAtMs) / 1000));
}

/** Whether a second is worth saying aloud: every tenth, and the fifth; a voice that counts down only frightens. */
export function worthSaying(seconds: number): boolean {
  return seconds === 5 || (seconds > 0 && seconds % 10 === 0);
}
