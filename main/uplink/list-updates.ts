import { Fault, type FaultCode } from '../contract/fault.ts';
import { type Clock, systemClock } from './clock.ts';
import { startRounds } from './rounds.ts';

const everyMs = 300_000;

/** What looking for lists needs. */
export interface ListUpdatesOptions {
  /** One visit at central, see visitList; tells each list that is taken up. */
  readonly visit: (signal: AbortSignal, taken: () => void) => Promise<unknown>;
  /** Another list is in use on the disk. Where this throws it is told again. */
  readonly onTaken: () => void;
  /** The fault has changed. */
  readonly onChange?: () => void;
  readonly clock?: Clock;
  /** 0 to 1: kiosks do not all come at once. */
  readonly random?: () => number;
}

/** The running visits. */
export interface ListUpdates {
  /** Why the last visit brought nothing that could be taken up; empty after one that did, or found nothing new. A central that cannot be reached is no reason. */
  lastFault(): FaultCode | '';
  /** Looks now: central may be back. */
  look(): void;
  stop(): Promise<void>;
}

/**
 * Looks for a newer list every few minutes until it is stopped. It never throws once started; what is wrong shows in `lastFault`.
 */
export function startListUpdates(options: ListUpdatesOptions): ListUpdates {
  const { visit, onTaken, onChange = () => {}, clock = systemClock, random = Math.random } = options;
  let lastFault: FaultCode | '' = '';
  let owed = false;

  async function once(stopped: AbortSignal): Promise<void> {
    const before = lastFault;
    try {
      try {
        await visit(stopped, () => (owed = true));
      } finally {
        // What was taken up before something failed is in use all the same.
        if (owed && !stopped.aborted) {
          onTaken();
          owed = false;
        }
      }
      lastFault = '';
    } catch (error) {
      if (stopped.aborted) return;
      const { code } = Fault.from(error);
      // The uplink says it.
      if (code !== 'uplink.offline') lastFault = code;
    }
    if (lastFault !== before) onChange();
  }

  const rounds = startRounds({ clock, pauseMs: () => everyMs * (0.5 + random()), round: once });
  return {
    lastFault: () => lastFault,
    look: () => rounds.now(),
    stop: () => rounds.stop(new Fault('wire.closed', 'the visits were stopped')),
  };
}
