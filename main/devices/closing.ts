import type { Fault } from '../contract/fault.ts';

/** The end of a port: happens once, tells everyone why, and whoever asks later too. */
export class Closing {
  why: Fault | undefined;
  readonly #hearers = new Set<(why: Fault) => void>();

  /** False when it was closed already. */
  close(why: Fault): boolean {
    if (this.why) return false;
    this.why = why;
    const hearers = [...this.#hearers];
    this.#hearers.clear();
    for (const hear of hearers) hear(why);
    return true;
  }

  onClosed(hear: (why: Fault) => void): () => void {
    if (this.why) hear(this.why);
    else this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }
}
