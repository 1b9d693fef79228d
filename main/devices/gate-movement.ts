import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import type { DoorState, Opening } from './gate.ts';
import { TurnQueue } from './turn-queue.ts';
import { cancellable, throwIfCancelled, within } from './wait.ts';

/** The link to a gate's board, as far as movements need it. */
interface GateLine {
  readonly fault: Fault | undefined;
  fail(fault: Fault): Promise<void>;
}

/**
 * What gates have in common, whatever their board: who is told of what, one movement at a time, and that a movement which
 * goes wrong ends with the door shut.
 */
export class GateMovement {
  /** Whether something is being moved. */
  moving = false;
  readonly #link: () => GateLine;
  readonly #clock: Clock;
  readonly #moveMs: number;
  readonly #changed = new Set<(state: DoorState) => void>();
  readonly #passed = new Set<() => void>();
  readonly #followed = new Set<() => void>();
  readonly #looks = new Set<() => void>();
  readonly #turns = new TurnQueue();
  #tellBusy: ((busy: boolean) => void) | undefined;

  /** `moveMs` is how long a door may take. The link may come to be later than this, and hear of its own end before. */
  constructor(link: () => GateLine, clock: Clock, moveMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#moveMs = moveMs;
  }

  onBusy(hear: (busy: boolean) => void): void {
    this.#tellBusy = hear;
  }

  onChange(hear: (state: DoorState) => void): () => void {
    this.#changed.add(hear);
    return () => void this.#changed.delete(hear);
  }

  onPassage(hear: () => void): () => void {
    this.#passed.add(hear);
    return () => void this.#passed.delete(hear);
  }

  onTailgating(hear: () => void): () => void {
    this.#followed.add(hear);
    return () => void this.#followed.delete(hear);
  }

  tellChange(state: DoorState): void {
    for (const hear of this.#changed) hear(state);
  }

  tellPassage(): void {
    for (const hear of this.#passed) hear();
  }

  tellTailgating(): void {
    for (const hear of this.#followed) hear();
  }

  /** Something was seen, or the link has ended: whoever waits for a place looks again. */
  look(): void {
    for (const look of this.#looks) look();
  }

  /** Does a movement when those before it are over. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      this.#tellBusy?.(true);
      this.moving = true;
      try {
        return await work();
      } finally {
        this.moving = false;
        this.#tellBusy?.(false);
      }
    });
  }

  /** Opens; on trouble, when it is no longer wanted, and when a second person comes, the door is shut again. */
  open(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Opening>,
    shut: () => Promise<void>,
  ): Promise<Opening> {
    return this.inTurn(async () => {
      throwIfCancelled(signal);
      const followed = new AbortController();
      const stop = this.onTailgating(() => followed.abort());
      try {
        return await work(AbortSignal.any([signal, followed.signal]));
      } catch (error) {
        // Whatever went wrong, nobody may find the door open.
        await shut().catch((fault: unknown) => this.#link().fail(Fault.from(fault)));
        if (followed.signal.aborted && !this.#link().fault) return 'not-alone';
        throw Fault.from(error);
      } finally {
        stop();
      }
    });
  }

  /** Waits until what was seen says so, which may throw why it never will. `device.timeout` when it takes too long. */
  async until(what: string, there: () => boolean, signal?: AbortSignal): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const look = (): void => {
      const { fault } = this.#link();
      if (fault) return seen.reject(fault);
      try {
        if (there()) seen.resolve();
      } catch (error) {
        seen.reject(error);
      }
    };
    this.#looks.add(look);
    try {
      look();
      await cancellable(within(this.#clock, this.#moveMs, seen.promise, what), signal);
    } finally {
      this.#looks.delete(look);
    }
  }
}
