import type { Clock } from './clock.ts';

const debounceMs = 150;
const pollMs = 5_000;

/** Tells of devices that came or went: a trigger or a slow poll leads to a debounced look at the list of paths. */
export class BusWatch {
  readonly #clock: Clock;
  readonly #list: () => Promise<readonly { readonly path: string }[]>;
  readonly #trigger: (trigger: () => void) => () => void;
  readonly #hearers = new Set<() => void>();
  #stopTrigger: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #known: string | undefined;
  #looking = false;
  #soon = false;

  constructor(
    clock: Clock,
    list: () => Promise<readonly { readonly path: string }[]>,
    trigger: (trigger: () => void) => () => void,
  ) {
    this.#clock = clock;
    this.#list = list;
    this.#trigger = trigger;
  }

  /** Watches while anybody hears. */
  onChange(hear: () => void): () => void {
    this.#hearers.add(hear);
    if (this.#hearers.size === 1) {
      // The first trigger sets the time: one that never rests must not put the look off for ever.
      this.#stopTrigger = this.#trigger(() => {
        if (!this.#soon) this.#lookIn(debounceMs, true);
      });
      this.#lookIn(0);
    }
    return () => {
      if (!this.#hearers.delete(hear) || this.#hearers.size > 0) return;
      this.#stopTrigger?.();
      this.#cancelTimer?.();
    };
  }

  #lookIn(delayMs: number, soon = false): void {
    this.#soon = soon;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#soon = false;
    if (this.#looking) return this.#lookIn(debounceMs, true);
    this.#looking = true;
    try {
      const paths = (await this.#list()).map((device) => device.path);
      const found = paths.toSorted().join('\n');
      const before = this.#known;
      this.#known = found;
      if (before !== undefined && found !== before) for (const hear of this.#hearers) hear();
    } catch {
      // A list that fails now is asked again at the next poll; the devices in use have their own way to be lost.
    } finally {
      this.#looking = false;
    }
    if (this.#hearers.size > 0 && !this.#soon) this.#lookIn(pollMs);
  }
}
