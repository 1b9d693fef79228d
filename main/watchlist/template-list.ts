import type { FingerPosition, FingerTemplate } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { GallerySearch } from './gallery.ts';

/** A finger of the list or of a subject; `unknown` may be any. */
export interface ListedFinger {
  readonly position: FingerPosition;
  readonly template: FingerTemplate;
}

/** Fingers by id, searched one to many; `FingerGallery` of the biometrics room is one. */
export interface FingerSearcher {
  /** Refuses all when one is damaged (`template.malformed`) or not of its model (`template.incomparable`). */
  add(fingers: readonly (ListedFinger & { readonly id: string })[]): Promise<void>;
  search(query: {
    readonly probes: readonly ListedFinger[];
    readonly k: number;
    readonly signal: AbortSignal;
  }): Promise<readonly { readonly id: string; readonly score: number }[]>;
  close(): void;
}

/** More persons than this never reach a threshold together. */
const mostMatches = 100;

/** The fingers of a list, taken into a searcher from the start; those that it refuses are counted as incomparable. */
export class FingerList {
  readonly #searcher: FingerSearcher;
  readonly #taken: Promise<number>;
  readonly #running = new Set<Promise<unknown>>();

  constructor(searcher: FingerSearcher, listed: readonly (ListedFinger & { readonly id: string })[]) {
    this.#searcher = searcher;
    this.#taken = takeIn(searcher, listed);
    this.#taken.catch(() => {}); // a search will tell
  }

  /** Searches all that could be taken in. Fault `template.incomparable` when a score is missing. */
  async search(probe: ListedFinger, threshold: number, signal: AbortSignal): Promise<GallerySearch> {
    const search = this.#searchTaken(probe, threshold, signal);
    this.#running.add(search);
    return search.finally(() => this.#running.delete(search));
  }

  async #searchTaken(probe: ListedFinger, threshold: number, signal: AbortSignal): Promise<GallerySearch> {
    const incomparable = await this.#taken;
    const found = await this.#searcher.search({ probes: [probe], k: mostMatches, signal });
    if (!found.every(({ score }) => Number.isFinite(score))) {
      throw new Fault('template.incomparable', 'a score is missing');
    }
    const matches = found.filter(({ score }) => score >= threshold).map(({ id, score }) => ({ reference: id, score }));
    return { matches, incomparable };
  }

  /** Forgets the fingers, as soon as the searches that run have ended. */
  close(): void {
    void Promise.allSettled([this.#taken, ...this.#running]).then(() => this.#searcher.close());
  }
}

/** Adds what can be added and gives how many were refused: halves what is refused until single ones are left. */
async function takeIn(
  searcher: FingerSearcher,
  fingers: readonly (ListedFinger & { readonly id: string })[],
): Promise<number> {
  if (fingers.length === 0) return 0;
  try {
    await searcher.add(fingers);
    return 0;
  } catch (error) {
    const { code } = Fault.from(error);
    if (code !== 'template.malformed' && code !== 'template.incomparable') throw error;
    if (fingers.length === 1) return 1;
    const middle = fingers.length >> 1;
    return (await takeIn(searcher, fingers.slice(0, middle))) + (await takeIn(searcher, fingers.slice(middle)));
  }
}
