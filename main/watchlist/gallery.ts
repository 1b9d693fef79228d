import { Fault } from '../contract/fault.ts';

interface Template {
  readonly model: string;
  readonly version: string;
}

/** Compares a probe with every template of a gallery: a score each, higher is more alike. May stop when the signal fires. */
export type Matcher<T extends Template> = (
  probe: T,
  gallery: readonly T[],
  signal: AbortSignal,
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** A template of the list whose score reaches the threshold. */
export interface BiometricMatch {
  readonly reference: string;
  readonly score: number;
}

/** What a search of the gallery gave; `incomparable` templates were made by another model, by another version, or are damaged. */
export interface GallerySearch {
  readonly matches: readonly BiometricMatch[];
  readonly incomparable: number;
}

/** The templates of a list for one kind of biometrics, kept apart by the model and version that made them. */
export class Gallery<T extends Template> {
  readonly #groups = new Map<string, { templates: T[]; references: string[] }>();
  #count = 0;

  /** Takes in a template of an alert; one that could not be decoded is counted, and never comparable. */
  add(reference: string, template: T | undefined): void {
    this.#count++;
    if (!template) return;
    const key = keyOf(template);
    const group = this.#groups.get(key) ?? { templates: [], references: [] };
    group.templates.push(template);
    group.references.push(reference);
    this.#groups.set(key, group);
  }

  /** Compares a probe with all it can be compared with. Fault `template.incomparable` when the matcher gives no score for each. */
  async search(probe: T, matcher: Matcher<T>, threshold: number, signal: AbortSignal): Promise<GallerySearch> {
    const { templates, references } = this.#groups.get(keyOf(probe)) ?? { templates: [], references: [] };
    const incomparable = this.#count - templates.length;
    if (templates.length === 0) return { matches: [], incomparable };
    const scores = Array.from(await matcher(probe, templates, signal));
    if (scores.length !== templates.length || !scores.every(Number.isFinite)) {
      throw new Fault('template.incomparable', 'a score is missing');
    }
    const matches = scores.flatMap((score, index) => {
      const reference = references[index];
      return score >= threshold && reference !== undefined ? [{ reference, score }] : [];
    });
    return { matches, incomparable };
  }
}

function keyOf({ model, version }: Template): string {
  return JSON.stringify([model, version]);
}
