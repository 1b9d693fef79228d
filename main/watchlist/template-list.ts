import type { FaceTemplate, FingerPosition, FingerTemplate } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';

/** A finger of the list or of a subject; `unknown` may be any. */
export interface ListedFinger {
  readonly position: FingerPosition;
  readonly template: FingerTemplate;
}

/** A face of the list or of a subject. */
export interface ListedFace {
  readonly template: FaceTemplate;
}

/** Templates by id, searched one to many; the galleries of the biometrics room are such. */
export interface Searcher<Entry> {
  /** Whether templates of this model and version can be added at all. */
  takes(made: { readonly model: string; readonly version: string }): boolean;
  /** Refuses all when one is damaged (`template.malformed`). */
  add(entries: readonly (Entry & { readonly id: string })[]): Promise<void>;
  search(query: {
    readonly probes: readonly Entry[];
    readonly k: number;
    readonly signal: AbortSignal;
  }): Promise<readonly { readonly id: string; readonly score: number }[]>;
  close(): void;
}

/** An alert whose template reaches the threshold. */
export interface BiometricMatch {
  readonly reference: string;
  readonly score: number;
}

/** What a search of templates gave; `incomparable` ones were made by another model, by another version, or are damaged. */
export interface TemplateSearch {
  readonly matches: readonly BiometricMatch[];
  readonly incomparable: number;
}

/** More persons than this never reach a threshold together. */
const mostMatches = 100;

type Listed<Entry> = Entry & { readonly id: string };

/** The templates of a list for one kind of biometrics, taken into a searcher from the start; those that it refuses are counted. */
export class TemplateList<Entry extends { readonly template: { readonly model: string; readonly version: string } }> {
  readonly #searcher: Searcher<Entry>;
  readonly #incomparable: Promise<number>;
  readonly #running = new Set<Promise<unknown>>();

  /** An entry that is undefined could not be decoded: it is counted, and never comparable. */
  constructor(searcher: Searcher<Entry>, listed: readonly (Listed<Entry> | undefined)[]) {
    this.#searcher = searcher;
    const fit = listed.filter((entry) => entry !== undefined && searcher.takes(entry.template)) as Listed<Entry>[];
    this.#incomparable = takeIn(searcher, fit).then((refused) => refused + listed.length - fit.length);
    this.#incomparable.catch(() => {}); // a search will tell
  }

  /** Settled when all that could be taken in was. */
  get ready(): Promise<void> {
    return this.#incomparable.then(
      () => {},
      () => {},
    );
  }

  /** Searches all that could be taken in. Fault `template.incomparable` when a score is missing. */
  async search(probe: Entry, threshold: number, signal: AbortSignal): Promise<TemplateSearch> {
    const search = this.#searchTaken(probe, threshold, signal);
    this.#running.add(search);
    return search.finally(() => this.#running.delete(search));
  }

  async #searchTaken(probe: Entry, threshold: number, signal: AbortSignal): Promise<TemplateSearch> {
    const incomparable = await this.#incomparable;
    const found = await this.#searcher.search({ probes: [probe], k: mostMatches, signal });
    if (!found.every(({ score }) => Number.isFinite(score))) {
      throw new Fault('template.incomparable', 'a score is missing');
    }
    const matches = found.filter(({ score }) => score >= threshold).map(({ id, score }) => ({ reference: id, score }));
    return { matches, incomparable };
  }

  /** Forgets the templates, as soon as the searches that run have ended. */
  close(): void {
    void Promise.allSettled([this.#incomparable, ...this.#running]).then(() => this.#searcher.close());
  }
}

/** Adds what can be added and gives how many were refused: halves what is refused until single ones are left. */
async function takeIn<Entry>(searcher: Searcher<Entry>, entries: readonly Listed<Entry>[]): Promise<number> {
  if (entries.length === 0) return 0;
  try {
    await searcher.add(entries);
    return 0;
  } catch (error) {
    if (Fault.from(error).code !== 'template.malformed') throw error;
    if (entries.length === 1) return 1;
    const middle = entries.length >> 1;
    return (await takeIn(searcher, entries.slice(0, middle))) + (await takeIn(searcher, entries.slice(middle)));
  }
}
