import type { FaceTemplate } from '../main/contract/biometrics.ts';
import { Fault } from '../main/contract/fault.ts';
import { Gallery } from './gallery.ts';
import { native, type NativeFaceGallery } from './native.ts';
import { fromGallery, searched } from './work.ts';

/** What templates a gallery takes: of one model and version, so many values each (1 to 2048). */
export interface FaceGalleryModel {
  readonly model: string;
  readonly version: string;
  readonly values: number;
}

/** What a gallery is searched with. Several probes are shots of one person; an id counts by the one it is most alike. */
export interface FaceGalleryQuery {
  readonly probes: readonly { readonly template: FaceTemplate }[];
  /** How many ids at most; 1000 at the most. */
  readonly k: number;
  readonly signal: AbortSignal;
}

/** An id, and the cosine between a probe and its best template, as far as values in bytes tell it. */
export interface FaceMatch {
  readonly id: string;
  readonly score: number;
}

/**
 * Faces by opaque id (1 to 255 bytes of UTF-8), in memory, each value a byte, to be searched one to many on threads of
 * its own. The search is exact over those bytes: every template is compared, and the same products come out whatever
 * instructions the processor has. A search sees the gallery as it was when it began, whatever is updated meanwhile.
 * Templates of another model or version are refused with `template.incomparable`, what is no direction of so many values
 * with `template.malformed`; a refused call changes nothing.
 */
export class FaceGallery extends Gallery<NativeFaceGallery> {
  readonly #of: FaceGalleryModel;

  constructor(of: FaceGalleryModel) {
    if (!Number.isInteger(of.values) || of.values < 1 || of.values > 2048) {
      throw new Fault('template.malformed', `templates of ${of.values} values`);
    }
    super(new (native().FaceGallery)(of.values), `${of.model}/${of.version}`);
    this.#of = of;
  }

  /** Values, and bytes of memory, of each face. */
  get values(): number {
    return this.#of.values;
  }

  /** Whether templates of this model and version can be added. */
  takes({ model, version }: { readonly model: string; readonly version: string }): boolean {
    return model === this.#of.model && version === this.#of.version;
  }

  /** Adds faces; an id may have many. One call for many faces is much faster than many calls. */
  async add(faces: readonly { readonly id: string; readonly template: FaceTemplate }[]): Promise<void> {
    const gallery = this.open();
    await fromGallery(gallery.add(faces.map(({ id, template }) => ({ id, values: this.#valuesOf(template) }))));
  }

  /** The faces take the place of all that an id had, in one step. */
  async replace(id: string, templates: readonly FaceTemplate[]): Promise<void> {
    const gallery = this.open();
    const faces = templates.map((template) => ({ id, values: this.#valuesOf(template) }));
    await fromGallery(gallery.replace(id, faces));
  }

  /** The ids whose best face is most like a probe, best first. Faults: as above, and `capture.cancelled`. */
  async search({ probes, k, signal }: FaceGalleryQuery): Promise<readonly FaceMatch[]> {
    const gallery = this.open();
    if (signal.aborted) throw new Fault('capture.cancelled');
    const searches = probes.map(({ template }) => gallery.search(this.#valuesOf(template), k));
    const found = await Promise.all(searches.map((search) => searched(search, signal)));
    return found.length === 1 ? (found[0] ?? []) : bestOf(found.flat()).slice(0, k);
  }

  /** Milliseconds that reading every template once takes, on the threads that a search has: what no search can beat. */
  async readLimit(): Promise<number> {
    return fromGallery(this.open().readLimit());
  }

  #valuesOf(template: FaceTemplate): Float32Array {
    if (!this.takes(template)) throw new Fault('template.incomparable');
    if (template.values.length !== this.#of.values) throw new Fault('template.malformed', 'lengths differ');
    return template.values;
  }
}

/** Each id once, by its best score; the best first, ids of one score in order. */
function bestOf(matches: readonly FaceMatch[]): FaceMatch[] {
  const best = new Map<string, FaceMatch>();
  for (const match of matches) if (match.score > (best.get(match.id)?.score ?? -Infinity)) best.set(match.id, match);
  return [...best.values()].toSorted((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
}
