import { Fault, type FaultCode } from '../contract/fault.ts';
import { type Clock, systemClock } from './clock.ts';
import type { KeyRing } from './key-ring.ts';
import { startRounds } from './rounds.ts';
import type { Line } from './transport.ts';

const everyMs = 3_600_000;
const patienceMs = 30_000;

/** What asking for keys needs. */
export interface KeyUpdatesOptions {
  readonly ring: KeyRing;
  readonly line: Pick<Line, 'get' | 'onConnected'>;
  readonly clock?: Clock;
  /** The ring may have changed. */
  readonly onChange?: () => void;
}

/** The running questions. */
export interface KeyUpdates {
  /** Why the last document was not taken up; empty after one that was. A central that cannot be reached is no reason. */
  lastFault(): FaultCode | '';
  /** Asks now: a receipt was not believed, perhaps because its key is news. */
  ask(): void;
  stop(): Promise<void>;
}

/**
 * Asks central for its key document with each new connection and every hour, until it is stopped. What is not to be believed
 * shows in `lastFault`; what does not come is asked for again.
 */
export function startKeyUpdates({
  ring,
  line,
  clock = systemClock,
  onChange = () => {},
}: KeyUpdatesOptions): KeyUpdates {
  let asking = false;
  let lastFault: FaultCode | '' = '';
  const nudge = () => {
    // The question itself may have made the connection.
    if (!asking) rounds.now();
  };
  line.onConnected(nudge);

  async function ask(stopped: AbortSignal): Promise<void> {
    asking = true;
    try {
      const signal = AbortSignal.any([stopped, AbortSignal.timeout(patienceMs)]);
      const { status, body } = await line.get('/v1/keys', signal);
      if (status === 200) {
        await ring.offer(body);
        lastFault = '';
      }
    } catch (error) {
      const { code } = Fault.from(error);
      // The uplink says it.
      if (code !== 'uplink.offline') lastFault = code;
    } finally {
      asking = false;
    }
    onChange();
  }

  const rounds = startRounds({ clock, pauseMs: () => everyMs, round: ask });
  return {
    lastFault: () => lastFault,
    ask: nudge,
    stop: () => rounds.stop(),
  };
}
