import { Fault } from '../main/contract/fault.ts';
import type { NativeGallery } from './native.ts';
import { fromGallery } from './work.ts';

/** What galleries have in common, whatever templates they hold: removing, snapshots, and an end. */
export abstract class Gallery<Native extends NativeGallery> {
  /** The addon's gallery, open or not. */
  protected readonly native: Native;
  readonly #made: string;
  #closed = false;

  /** `made` names the model and version of the templates, in snapshots. */
  protected constructor(native: Native, made: string) {
    this.native = native;
    this.#made = made;
  }

  /** How many templates there are. */
  get size(): number {
    return this.native.size();
  }

  /** Removes all templates of an id; gives how many there were. */
  async remove(id: string): Promise<number> {
    return fromGallery(this.open().remove(id));
  }

  /**
   * The gallery as it is at the first step, as bytes in pieces of two megabytes at most. They hold templates in the clear:
   * the caller encrypts them before they reach a disk, and overwrites each piece.
   */
  async *save(): AsyncGenerator<Uint8Array> {
    const next = this.open().save(this.#made);
    for (;;) {
      const piece = await fromGallery(next());
      if (piece.length === 0) return;
      yield piece;
    }
  }

  /**
   * Puts what `save` gave, in pieces of any size, in the place of all that the gallery holds; when that fails it holds what
   * it held. Faults: `template.malformed` when anything is damaged or missing, `template.incomparable` when it is of
   * another model or version.
   */
  async load(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const take = this.open().load(this.#made);
    for await (const piece of pieces) await fromGallery(take(piece));
    await fromGallery(take());
  }

  /** Forgets everything; searches that run end as cancelled, and any other use is the fault `internal`. */
  close(): void {
    this.#closed = true;
    this.native.close();
  }

  /** The addon's gallery, for what only an open one does. */
  protected open(): Native {
    if (this.#closed) throw new Fault('internal', 'the gallery is closed');
    return this.native;
  }
}
