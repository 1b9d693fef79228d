import type { Devices } from '../devices/registry.ts';

/** How long a gate may take to answer. */
const answerMs = 5000;

/**
 * Opens the gate and resolves when the traveller has passed, the door has closed, or the signal fires; the caller
 * closes it. Faults of the gate itself (`device.absent`, `device.timeout`, ...) are thrown.
 */
export async function openForPassage(devices: Devices, signal: AbortSignal): Promise<void> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const gate = await devices.gate(soon);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const stops = [gate.onPassage(end), gate.onChange((state) => state === 'closed' && end())];
  signal.addEventListener('abort', () => end(), { once: true });
  try {
    await gate.open({ signal: soon });
    await ended;
  } finally {
    for (const stop of stops) stop();
  }
}

/** Closes the gate. */
export async function closeGate(devices: Devices): Promise<void> {
  await (await devices.gate(AbortSignal.timeout(answerMs))).close();
}

/** Opens the gate for one passage and closes it again, at the latest after `longestMs`. */
export async function letThrough(devices: Devices, longestMs: number): Promise<void> {
  try {
    await openForPassage(devices, AbortSignal.timeout(longestMs));
  } finally {
    await closeGate(devices);
  }
}
