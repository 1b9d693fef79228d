import type { Buzz } from '../devices/gate.ts';
import type { Devices } from '../devices/registry.ts';

/** How long a gate may take to answer. */
const answerMs = 5000;

/** How a passage ended: `not-alone` when the gate stayed or was shut because of more people than one. */
export type Passage = 'ended' | 'not-alone';

/**
 * Opens the gate and resolves when the traveller has passed, the door has closed, or the signal fires; the caller
 * closes it. A gate that sees who follows is closed behind the traveller and watched until it is shut. Faults of the gate
 * itself (`device.absent`, `device.timeout`, ...) are thrown.
 */
export async function openForPassage(devices: Devices, signal: AbortSignal): Promise<Passage> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const gate = await devices.gate(soon);
  const { promise: ended, resolve: end } = Promise.withResolvers<Passage>();
  // What else there is to say of a gate that fails to close is said by whoever closes it next.
  const closeBehind = () =>
    gate.close().then(
      () => end('ended'),
      () => end('ended'),
    );
  const stops = [
    gate.onPassage(() => (gate.seesTailgating ? void closeBehind() : end('ended'))),
    gate.onTailgating(() => end('not-alone')),
  ];
  signal.addEventListener('abort', () => end('ended'), { once: true });
  /** A sound is no reason to fail. */
  const buzz = (pattern: Buzz) => void gate.buzz(pattern).catch(() => {});
  try {
    if ((await gate.open({ signal: soon })) === 'not-alone') end('not-alone');
    else {
      buzz('once');
      stops.push(gate.onChange((state) => state === 'closed' && end('ended')));
      if (gate.state === 'closed') end('ended');
    }
    const passage = await ended;
    if (passage === 'not-alone') buzz('alarm');
    return passage;
  } finally {
    for (const stop of stops) stop();
  }
}

/** Closes the gate. */
export async function closeGate(devices: Devices): Promise<void> {
  await (await devices.gate(AbortSignal.timeout(answerMs))).close();
}

/** Opens the gate for one passage and closes it again, at the latest after `longestMs`. */
export async function letThrough(devices: Devices, longestMs: number): Promise<Passage> {
  try {
    return await openForPassage(devices, AbortSignal.timeout(longestMs));
  } finally {
    await closeGate(devices);
  }
}
