import type { Devices } from '../devices/registry.ts';
import type { Event } from '../journey/journey.ts';

/** How long a gate may take to answer. */
const answerMs = 5000;

/** Opens the gate and tells when the traveller has passed or the door has closed; the signal ends the watch. */
export async function passGate(devices: Devices, signal: AbortSignal, send: (event: Event) => void): Promise<void> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const gate = await devices.gate(soon);
  const ended = () => send({ type: 'passage-ended' });
  const stops = [gate.onPassage(ended), gate.onChange((state) => state === 'closed' && ended())];
  const stop = () => stops.forEach((end) => end());
  signal.addEventListener('abort', stop, { once: true });
  try {
    await gate.open({ signal: soon });
  } catch (error) {
    stop();
    throw error;
  }
}
