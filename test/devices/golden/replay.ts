import { VirtualClock } from '../../sim/devices/virtual-clock.ts';
import { TranscriptPort } from '../transcript-replay.ts';
import type { Step } from '../transcript.ts';
import type { Session } from './sessions.ts';

const nobody = async (): Promise<void> => {};

/** Puts a session's driver through a transcript of it, in no time; fails with what the transcript has against it. */
export async function replay(session: Session<TranscriptPort>, steps: readonly Step[]): Promise<void> {
  const port = new TranscriptPort(steps);
  const clock = new VirtualClock();
  await clock.run(session.run(port, clock, nobody)).catch((error: unknown) => {
    // This says more than what became of it in the driver.
    port.finish();
    throw error;
  });
  port.finish();
}
