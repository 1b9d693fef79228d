import { native, type NativeFaceGallery } from './native.ts';
import type { FaceTemplate } from '../main/contract/biometrics.ts';
import { Fault } from '../main/contract/fault.ts';
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
export class FaceGallery {
  readonly #native: NativeFaceGallery;
  readonly #of: FaceGalleryModel;
  #closed = false;

  constructor(of: FaceGalleryModel) {
    if (!Number.isInteger(of.values) || of.values < 1 || of.values > 2048) {
      throw new Fault('template.malformed', `templates of ${of.values} values`);
    }
    this.#of = of;
    this.#native = new (native().FaceGallery)(of.values);
  }

  /** How many faces there are. */
  get size(): number {
    return this.#native.size();
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
    this.#mustBeOpen();
    await fromGallery(this.#native.add(faces.map(({ id, template }) => ({ id, values: this.#valuesOf(template) }))));
  }

  /** The faces take the place of all that an id had, in one step. */
  async replace(id: string, templates: readonly FaceTemplate[]): Promise<void> {
    this.#mustBeOpen();
    const faces = templates.map((template) => ({ id, values: this.#valuesOf(template) }));
    await fromGallery(this.#native.replace(id, faces));
  }

  /** Removes all faces of an id; gives how many there were. */
  async remove(id: string): Promise<number> {
    this.#mustBeOpen();
    return fromGallery(this.#native.remove(id));
  }

  /** The ids whose best face is most like a probe, best first. Faults: as above, and `capture.cancelled`. */
  async search({ probes, k, signal }: FaceGalleryQuery): Promise<readonly FaceMatch[]> {
    this.#mustBeOpen();
    if (signal.aborted) throw new Fault('capture.cancelled');
    const searches = probes.map(({ template }) => this.#native.search(this.#valuesOf(template), k));
    const found = await Promise.all(searches.map((search) => searched(search, signal)));
    return found.length === 1 ? (found[0] ?? []) : bestOf(found.flat()).slice(0, k);
  }

  /**
   * The gallery as it is at the first step, as bytes in pieces of two megabytes at most. They hold templates in the clear:
   * the caller encrypts them before they reach a disk, and overwrites each piece.
   */
  async *save(): AsyncGenerator<Uint8Array> {
    this.#mustBeOpen();
    const next = this.#native.save(this.#name());
    for (;;) {
      const piece = await fromGallery(next());
      if (piece.length === 0) return;
      yield piece;
    }
  }

  /**
   * Puts what `save` gave, in pieces of any size, in the place of all that the gallery holds; when that fails it holds what
   * it held. Faults: `template.malformed` when anything is damaged or missing, `template.incomparable` when it is of
   * another model, version or length.
   */
  async load(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    this.#mustBeOpen();
    const take = this.#native.load(this.#name());
    for await (const piece of pieces) await fromGallery(take(piece));
    await fromGallery(take());
  }

  /** Milliseconds that reading every template once takes, on the threads that a search has: what no search can beat. */
  async readLimit(): Promise<number> {
    this.#mustBeOpen();
    return fromGallery(this.#native.readLimit());
  }

  /** Forgets everything; searches that run end as cancelled, and any other use is the fault `internal`. */
  close(): void {
    this.#closed = true;
    this.#native.close();
  }

  #name(): string {
    return `${this.#of.model}/${this.#of.version}`;
  }

  #valuesOf(template: FaceTemplate): Float32Array {
    if (!this.takes(template)) throw new Fault('template.incomparable');
    if (template.values.length !== this.#of.values) throw new Fault('template.malformed', 'lengths differ');
    return template.values;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Fault('internal', 'the gallery is closed');
  }
}

/** Each id once, by its best score; the best first, ids of one score in order. */
function bestOf(matches: readonly FaceMatch[]): FaceMatch[] {
  const best = new Map<string, FaceMatch>();
  for (const match of matches) if (match.score > (best.get(match.id)?.score ?? -Infinity)) best.set(match.id, match);
  return [...best.values()].toSorted((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
}
